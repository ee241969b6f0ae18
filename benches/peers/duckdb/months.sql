-- A combination has a row for every month from its first sale on.
create table sales_by_month as
with sold as (
    select
        date_trunc('month', s.sold_on)::date as month,
        s.dealer_id,
        o.channel,
        coalesce(p.category, 'unknown') as category,
        count(*) as order_lines,
        sum(s.amount) as sales,
        coalesce(sum(s.amount) filter (where s.amount < 0), 0) as returns,
        sum(s.quantity) as quantity
    from sales as s
    inner join outlets as o on o.outlet_id = s.outlet_id
    left join products as p on p.product_id = s.product_id
    group by all
),
filled as (
    select
        unnest(generate_series(min(month), date_trunc('month', getvariable('as_of'))::date, interval 1 month))::date as month,
        dealer_id,
        channel,
        category
    from sold
    group by dealer_id, channel, category
)
select
    getvariable('as_of') as as_of,
    month,
    dealer_id,
    d.region,
    channel,
    category,
    coalesce(s.sales, 0)::decimal(18, 4) as sales,
    coalesce(s.returns, 0)::decimal(18, 4) as returns,
    coalesce(s.quantity, 0)::decimal(18, 4) as quantity,
    coalesce(s.order_lines, 0) as order_lines
from filled as f
inner join dealers as d using (dealer_id)
left join sold as s using (month, dealer_id, channel, category);
