-- purpose: order lines that a later statement of the same line replaces, each with the line that won
-- grain: export line
-- decisions: the key is (order_id, line_no) as the exports give it; the later export wins, then the later line.
--   A replacement by another dealer is suspicious (two dealers may number alike) and is flagged
with valid as (
    select c.export_key, c.export_line, c.order_id, c.line_no, c.dealer_id, c.sold_on, c.amount
    from contested_lines as c
    left anti join rejected_sales as r on r.export_key = c.export_key and r.export_line = c.export_line
),

ranked as (
    select
        v.export_key,
        v.export_line,
        v.dealer_id,
        v.sold_on,
        v.amount,
        row_number() over recent as recency,
        first_value(v.export_key) over recent as winning_export_key,
        first_value(v.export_line) over recent as winning_export_line,
        first_value(v.dealer_id) over recent as winning_dealer_id,
        first_value(v.sold_on) over recent as winning_sold_on
    from valid as v
    inner join exports as e on e.export_key = v.export_key
    window recent as (partition by v.order_id, v.line_no order by e.export_rank desc, v.export_line desc)
)

select
    export_key,
    export_line,
    dealer_id,
    sold_on,
    amount,
    winning_export_key,
    winning_export_line,
    winning_dealer_id,
    winning_sold_on,
    dealer_id <> winning_dealer_id as is_across_dealers
from ranked
where recency > 1
