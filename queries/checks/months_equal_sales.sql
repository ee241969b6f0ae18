-- purpose: the months add up to all sales up to as_of
-- parameters: $as_of
with months as (
    select coalesce(sum(sales), 0) as sales, coalesce(sum(order_lines), 0) as order_lines
    from sales_by_month
),

lines as (
    select coalesce(sum(sales), 0) as sales, coalesce(sum(order_lines), 0) as order_lines
    from accepted_days
    where sold_on <= $as_of
)

select m.sales, l.sales as sales_of_lines, m.order_lines, l.order_lines as lines
from months as m
cross join lines as l
where m.sales <> l.sales or m.order_lines <> l.order_lines
