-- purpose: sales by month where something was sold
-- grain: month x dealer x channel x category
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
group by
    date_part('year', s.sold_on) * 12 + date_part('month', s.sold_on) - 1,
    s.dealer_id,
    o.channel,
    coalesce(p.category, 'unknown')
