-- purpose: the categories that peers buy and the pair has not bought in 52 weeks, and whether it bought them afterwards
-- grain: dealer x outlet x category x snapshot
-- decisions: adopted = bought in the 12 weeks after the snapshot; false where they are not over
select
    r.dealer_id, r.outlet_id, b.category, r.snapshot, r.region, r.channel, r.orders_52w, r.orders_band, r.sales_12w,
    r.sales_per_order, r.channel_sales_per_order, r.order_size, b.benchmark_level, b.peer_count, b.buyers,
    r.snapshot >= 3 and coalesce((c.bought_periods >> greatest(r.snapshot - 3, 0)) & 7, 0) <> 0 as is_adopted
from range_pairs as r
inner join range_benchmarks as b on b.snapshot = r.snapshot and b.channel = r.channel and b.region = r.region
left join pair_categories as c
    on c.dealer_id = r.dealer_id and c.outlet_id = r.outlet_id and c.category = b.category
where coalesce((c.bought_periods >> r.snapshot) & 8191, 0) = 0
