-- purpose: trend charts
-- grain: month x dealer x channel x category
-- decisions: a combination has a row for every month from its first sale on, zero where nothing was sold: a month
--   without sales is zero, not missing. The month of as_of is flagged while it is not complete
with month_numbers as (
    select distinct
        date_part('year', w.history_starts_on) * 12 + date_part('month', w.history_starts_on) - 1 + n.value
            as month_number
    from analysis_window as w
    inner join generate_series(0, 1200) as n
        on n.value <= date_part('year', w.as_of) * 12 + date_part('month', w.as_of)
            - date_part('year', w.history_starts_on) * 12 - date_part('month', w.history_starts_on)
),

combinations as (
    select dealer_id, channel, category, min(month_number) as first_month_number
    from monthly_sales
    group by dealer_id, channel, category
),

filled as (
    select
        m.month_number,
        make_date(cast(m.month_number / 12 as int), cast(m.month_number % 12 + 1 as int), 1) as month,
        c.dealer_id,
        c.channel,
        c.category
    from combinations as c
    inner join month_numbers as m on m.month_number >= c.first_month_number
)

select
    w.as_of,
    f.month,
    f.dealer_id,
    d.region,
    f.channel,
    f.category,
    coalesce(s.sales, 0) as sales,
    coalesce(s.returns, 0) as returns,
    coalesce(s.quantity, 0) as quantity,
    coalesce(s.order_lines, 0) as order_lines,
    date_trunc('month', w.as_of) = f.month
        and date_part('month', w.as_of) = date_part('month', w.as_of + interval '1 day') as is_partial_month
from filled as f
cross join analysis_window as w
inner join dealers as d on d.dealer_id = f.dealer_id
left join monthly_sales as s
    on s.month_number = f.month_number
    and s.dealer_id = f.dealer_id
    and s.channel = f.channel
    and s.category = f.category
