-- purpose: what a pair bought in a period of 28 days
-- grain: dealer x outlet x period
-- decisions: sorted, because aggregates and joins over it are twice as fast where the periods of a pair lie together. A
--   relation of its own, because a sort of sums that are not stored yet counts their memory many times over and spills
select
    dealer_id,
    outlet_id,
    period,
    orders,
    order_value,
    sales,
    squared_order_value,
    order_days,
    last_order_on
from period_sums
order by dealer_id, outlet_id, period desc
