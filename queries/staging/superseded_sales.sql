-- purpose: order lines that a later statement of the same line replaces, each with the line that won
-- grain: export line
-- decisions: the key is (order_id, line_no) as the exports give it; the later export wins, then the later line.
--   A replacement by another dealer is suspicious (two dealers may number alike) and is flagged
with numbered as (
    select order_id, try_cast(line_no as bigint) as number
    from staged_sales
    where order_id is not null and line_no is not null
),

-- A number is a bit, and a sum of bits is their union unless one comes twice. The first bit is for all other numbers
marked as (
    select order_id, case when number between 1 and 40 then 1 << number else 1 end as mark
    from numbered
),

doubtful as (
    select order_id
    from marked
    group by order_id
    having sum(mark) <> bit_or(mark) or bit_or(mark) % 2 = 1
),

valid as (
    select s.export_key, s.export_line, s.order_id, s.line_no, s.dealer_id, s.sold_on, s.amount
    from doubtful as d
    inner join staged_sales as s on s.order_id = d.order_id
    left anti join rejected_sales as r on r.export_key = s.export_key and r.export_line = s.export_line
    where s.line_no is not null
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
