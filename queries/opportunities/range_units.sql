-- purpose: the categories that peers buy and the pair has not bought in 52 weeks, and whether it bought them afterwards
-- grain: dealer x outlet x category x snapshot
-- decisions: adopted = bought in the 12 weeks after the snapshot; false where they are not over. What pairs have bought
--   stands on the left of the join, which is held in memory: the pairs with all that peers buy are far more
with judged as (
    select
        r.dealer_id, r.outlet_id, b.category, r.snapshot, r.region, r.channel, r.orders_52w, r.orders_band, r.sales_12w,
        r.sales_per_order, r.channel_sales_per_order, r.order_size, b.benchmark_level, b.peer_count, b.buyers
    from range_benchmarks as b
    inner join range_pairs as r on r.snapshot = b.snapshot and r.channel = b.channel and r.region = b.region
)

select
    j.dealer_id, j.outlet_id, j.category, j.snapshot, j.region, j.channel, j.orders_52w, j.orders_band, j.sales_12w,
    j.sales_per_order, j.channel_sales_per_order, j.order_size, j.benchmark_level, j.peer_count, j.buyers,
    j.snapshot >= 3 and coalesce((c.bought_periods >> greatest(j.snapshot - 3, 0)) & 7, 0) <> 0 as is_adopted
from pair_categories as c
right join judged as j on j.dealer_id = c.dealer_id and j.outlet_id = c.outlet_id and j.category = c.category
where coalesce((c.bought_periods >> j.snapshot) & 8191, 0) = 0
