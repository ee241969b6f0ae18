-- purpose: each dealer at each snapshot, zero where nothing was covered or sold
-- grain: dealer x snapshot
select
    d.dealer_id,
    s.snapshot,
    s.ends_on,
    coalesce(sum(l.covered_outlets), 0) as covered_outlets,
    coalesce(sum(l.active_outlets), 0) as active_outlets,
    coalesce(sum(l.orders), 0) as orders,
    coalesce(sum(l.order_value), 0) as order_value,
    coalesce(sum(l.sales), 0) as sales,
    coalesce(sum(l.returns), 0) as returns,
    coalesce(sum(l.squared_order_value), 0) as squared_order_value,
    coalesce(sum(l.sales_52w), 0) as sales_52w
from dealers as d
cross join snapshots as s
left join leaf_snapshots as l on l.dealer_id = d.dealer_id and l.snapshot = s.snapshot
group by d.dealer_id, s.snapshot, s.ends_on
