-- purpose: what the last run saw, plus the restatements, is what the same days hold now, in money and lines
-- parameters: $previous_as_of
with before as (
    select count(*) as rows, coalesce(sum(sales), 0) as sales, coalesce(sum(order_lines), 0) as order_lines
    from previous_sales_by_export
    where as_of = $previous_as_of
),

changes as (
    select coalesce(sum(sales_change), 0) as sales, coalesce(sum(lines_change), 0) as order_lines
    from restatements
),

now as (
    select coalesce(sum(sales), 0) as sales, coalesce(sum(order_lines), 0) as order_lines
    from accepted_days
    where sold_on <= $previous_as_of
)

select b.sales + c.sales as sales_by_changes, n.sales, b.order_lines + c.order_lines as lines_by_changes, n.order_lines
from before as b
cross join changes as c
cross join now as n
where b.rows > 0 and (b.sales + c.sales <> n.sales or b.order_lines + c.order_lines <> n.order_lines)
