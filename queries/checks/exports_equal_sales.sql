-- purpose: the exports add up to all sales up to as_of, in money and lines
-- parameters: $as_of
with by_export as (
    select coalesce(sum(sales), 0) as sales, coalesce(sum(order_lines), 0) as order_lines
    from sales_by_export
),

lines as (
    select coalesce(sum(sales), 0) as sales, coalesce(sum(order_lines), 0) as order_lines
    from accepted_days
    where sold_on <= $as_of
)

select e.sales, l.sales as sales_of_lines, e.order_lines, l.order_lines as lines
from by_export as e
cross join lines as l
where e.sales <> l.sales or e.order_lines <> l.order_lines
