-- purpose: what each export has of sales by month, up to as_of
-- grain: export x month x dealer x channel x category
-- computed: by export
select
    p.export_key,
    date_part('year', p.sold_on) * 12 + date_part('month', p.sold_on) - 1 as month_number,
    p.dealer_id,
    o.channel,
    coalesce(c.category, 'unknown') as category,
    count(*) as order_lines,
    sum(p.amount) as sales,
    sum(case when p.amount < 0 then p.amount else 0 end) as returns,
    sum(p.quantity) as quantity
from placed_sales as p
inner join export_cuts as u on u.export_key = p.export_key and p.sold_on <= u.counted_to
inner join export_channels as o on o.export_key = p.export_key and o.outlet_id = p.outlet_id
left join product_categories as c on c.product_id = p.product_id
group by
    p.export_key,
    date_part('year', p.sold_on) * 12 + date_part('month', p.sold_on) - 1,
    p.dealer_id,
    o.channel,
    coalesce(c.category, 'unknown')
