-- purpose: what each export said in the last run and says now about the days that the last run had seen
-- grain: export x dealer x month; only what changed
-- parameters: $previous_as_of, the day of the last run's picture; NULL without one
-- decisions: sales after $previous_as_of are news and not compared. Whether there was an earlier run is asked by a count:
--   the engine would compare each row of the one with each of the other to find out whether any exists
with before as (
    select month, export, dealer_id, order_lines, sales, replaced_lines, replacing_lines
    from previous_sales_by_export
    where as_of = $previous_as_of
),

now as (
    select
        m.month,
        e.export,
        m.dealer_id,
        m.order_lines_to_previous as order_lines,
        m.sales_to_previous as sales,
        m.replaced_lines_to_previous as replaced_lines,
        m.replacing_lines_to_previous as replacing_lines
    from export_months as m
    inner join exports as e on e.export_key = m.export_key
    where (select count(*) from before) > 0
),

compared as (
    select
        coalesce(n.export, b.export) as export,
        coalesce(n.dealer_id, b.dealer_id) as dealer_id,
        coalesce(n.month, b.month) as month,
        coalesce(b.order_lines, 0) as lines_before,
        coalesce(n.order_lines, 0) as lines_now,
        coalesce(b.sales, 0) as sales_before,
        coalesce(n.sales, 0) as sales_now,
        coalesce(n.replaced_lines, 0) - coalesce(b.replaced_lines, 0) as replaced_change,
        coalesce(n.replacing_lines, 0) - coalesce(b.replacing_lines, 0) as replacing_change
    from now as n
    full join before as b on b.export = n.export and b.dealer_id = n.dealer_id and b.month = n.month
)

select
    export,
    dealer_id,
    month,
    lines_before,
    lines_now,
    lines_now - lines_before as lines_change,
    sales_before,
    sales_now,
    sales_now - sales_before as sales_change,
    replaced_change,
    replacing_change,
    sum(lines_now - lines_before) over (partition by dealer_id, month) as lines_change_of_month,
    sum(sales_now - sales_before) over (partition by dealer_id, month) as sales_change_of_month
from compared
where lines_now <> lines_before or sales_now <> sales_before
