-- purpose: how much of a dealer hangs on few outlets: Herfindahl-Hirschman index of its outlets' 52-week sales
-- grain: dealer
-- decisions: only outlets with positive sales; sum of squares over square of sum, both exact decimals
with positive as (
    select dealer_id, cast(sales_52w as decimal(18, 4)) as sales_52w
    from pair_snapshots
    where snapshot = 0 and sales_52w > 0
)

select
    dealer_id,
    cast(sum(sales_52w * sales_52w) as double)
        / (cast(sum(sales_52w) as double) * cast(sum(sales_52w) as double)) as hhi
from positive
group by dealer_id
