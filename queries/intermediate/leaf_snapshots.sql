-- purpose: the leaves that every total is a sum of
-- grain: dealer x channel x snapshot
select
    dealer_id,
    channel,
    snapshot,
    sum(case when is_covered then 1 else 0 end) as covered_outlets,
    sum(case when orders > 0 then 1 else 0 end) as active_outlets,
    sum(orders) as orders,
    sum(order_value) as order_value,
    sum(sales) as sales,
    sum(sales - order_value) as returns,
    sum(squared_order_value) as squared_order_value,
    sum(sales_52w) as sales_52w
from pair_snapshots
group by dealer_id, channel, snapshot
