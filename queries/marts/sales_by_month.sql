-- purpose: trend charts
-- grain: month x dealer x channel x category
-- decisions: a combination has a row for every month from its first sale on, zero where nothing was sold: a month
--   without sales is zero, not missing. The month of as_of is flagged while it is not complete
with monthly as (
    select
        date_part('year', s.sold_on) * 12 + date_part('month', s.sold_on) - 1 as month_number,
        s.dealer_id,
        o.channel,
        coalesce(p.category, 'unknown') as category,
        count(*) as order_lines,
        sum(s.amount) as sales,
        sum(case when s.amount < 0 then s.amount else 0 end) as returns,
        sum(s.quantity) as quantity
    from sales as s
    inner join outlets as o on o.outlet_id = s.outlet_id
    left join products as p on p.product_id = s.product_id
    group by 1, 2, 3, 4
),

month_numbers as (
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
    from monthly
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
left join monthly as s
    on s.month_number = f.month_number
    and s.dealer_id = f.dealer_id
    and s.channel = f.channel
    and s.category = f.category
