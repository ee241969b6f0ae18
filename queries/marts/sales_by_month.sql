-- purpose: trend charts
-- grain: month x dealer x channel x category
-- decisions: dates have years from 1800 to 9999, hence 98400 months. A combination has a row for every month from its first sale on, zero where nothing was sold: a month
--   without sales is zero, not missing. The month of as_of is flagged while it is not complete
with month_numbers as (
    select
        w.as_of,
        date_part('year', w.history_starts_on) * 12 + date_part('month', w.history_starts_on) - 1 + n.value
            as month_number
    from analysis_window as w
    inner join generate_series(0, 98400) as n
        on n.value <= date_part('year', w.as_of) * 12 + date_part('month', w.as_of)
            - date_part('year', w.history_starts_on) * 12 - date_part('month', w.history_starts_on)
),

months as (
    select
        as_of,
        month_number,
        make_date(cast(month_number / 12 as int), cast(month_number % 12 + 1 as int), 1) as month,
        month_number = date_part('year', as_of) * 12 + date_part('month', as_of) - 1
            and date_part('month', as_of) = date_part('month', as_of + interval '1 day') as is_partial_month
    from month_numbers
),

combinations as (
    select m.dealer_id, d.region, m.channel, m.category, min(m.month_number) as first_month_number
    from monthly_sales as m
    inner join dealers as d on d.dealer_id = m.dealer_id
    group by m.dealer_id, d.region, m.channel, m.category
)

select
    m.as_of,
    m.month,
    c.dealer_id,
    c.region,
    c.channel,
    c.category,
    coalesce(s.sales, 0) as sales,
    coalesce(s.returns, 0) as returns,
    coalesce(s.quantity, 0) as quantity,
    coalesce(s.order_lines, 0) as order_lines,
    m.is_partial_month
from combinations as c
inner join months as m on m.month_number >= c.first_month_number
left join monthly_sales as s
    on s.month_number = m.month_number
    and s.dealer_id = c.dealer_id
    and s.channel = c.channel
    and s.category = c.category
