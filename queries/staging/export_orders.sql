-- purpose: the orders of each export by number, and whether one of them may state a line twice
-- grain: export x order_key
-- computed: by export
-- decisions: different order ids nearly always have different numbers; where two share one, both are looked at more
--   closely than need be, and nothing else comes of it
with numbered as (
    select export_key, order_key, try_cast(line_no as bigint) as number
    from staged_sales
    where order_key is not null and line_no is not null
),

-- A number is a bit, and a sum of bits is their union unless one comes twice. The first bit is for all other numbers
marked as (
    select export_key, order_key, case when number between 1 and 40 then 1 << number else 1 end as mark
    from numbered
)

select
    export_key,
    order_key,
    sum(mark) <> bit_or(mark) or bit_or(mark) % 2 = 1 as may_repeat
from marked
group by export_key, order_key
