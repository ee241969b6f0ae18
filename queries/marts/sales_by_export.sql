-- purpose: which export each sale comes from; the next run compares itself with it
-- grain: month x export x dealer
-- parameters: $as_of
-- decisions: a month of an export whose lines were all replaced by other exports stays, with no line of its own
select
    cast($as_of as date) as as_of,
    m.month,
    e.export,
    m.dealer_id,
    m.last_sold_on,
    m.order_lines,
    m.sales,
    m.replaced_lines,
    m.replacing_lines
from export_months as m
inner join exports as e on e.export_key = m.export_key
where m.order_lines > 0 or m.replaced_lines > 0
