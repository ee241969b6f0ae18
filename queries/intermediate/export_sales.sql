-- purpose: what each export has of sales by month, up to as_of
-- grain: export x month x dealer x channel x category
-- computed: by export
with counted as (
    select p.export_key, p.sold_on, p.dealer_id, p.outlet_id, p.product_id, p.amount, p.quantity
    from placed_sales as p
    left anti join late_days as l on l.export_key = p.export_key and l.sold_on = p.sold_on
),

named as (
    select
        s.export_key,
        date_part('year', s.sold_on) * 12 + date_part('month', s.sold_on) - 1 as month_number,
        s.dealer_id,
        o.channel,
        coalesce(c.category, 'unknown') as category,
        s.amount,
        s.quantity
    from counted as s
    inner join export_channels as o on o.export_key = s.export_key and o.outlet_id = s.outlet_id
    left join product_categories as c on c.product_id = s.product_id
)

select
    export_key,
    month_number,
    dealer_id,
    channel,
    category,
    count(*) as order_lines,
    cast(sum(amount) as decimal(18, 4)) as sales,
    cast(sum(case when amount < 0 then amount else 0 end) as decimal(18, 4)) as returns,
    cast(sum(quantity) as decimal(18, 4)) as quantity
from named
group by export_key, month_number, dealer_id, channel, category
