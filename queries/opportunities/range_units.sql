-- purpose: the categories that peers buy and the pair has not bought in 52 weeks, and whether it bought them afterwards
-- grain: pair x category x snapshot
-- decisions: adopted = bought in the 12 weeks after the snapshot; false where they are not over. What pairs have bought
--   stands on the left of the join, which is held in memory: the pairs with all that peers buy are far more. Gaps are found
--   by their keys alone, and what is known of the pair is joined to those that are left
-- joins: as written
with asked as (
    select r.pair_number, b.category, r.snapshot
    from range_benchmarks as b
    inner join range_pairs as r on r.snapshot = b.snapshot and r.channel = b.channel and r.region = b.region
),

gaps as (
    select
        a.pair_number, a.category, a.snapshot,
        a.snapshot >= 3 and coalesce((c.bought_periods >> greatest(a.snapshot - 3, 0)) & 7, 0) <> 0 as is_adopted
    from pair_categories as c
    right join asked as a on a.pair_number = c.pair_number and a.category = c.category
    where coalesce((c.bought_periods >> a.snapshot) & 8191, 0) = 0
)

select g.pair_number, g.category, g.snapshot, r.channel, r.orders_band, r.order_size, g.is_adopted
from gaps as g
inner join range_pairs as r on r.pair_number = g.pair_number and r.snapshot = g.snapshot
