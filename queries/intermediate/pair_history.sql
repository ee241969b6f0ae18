-- purpose: when a pair ordered, over the whole history; returns do not count
-- grain: dealer x outlet
select
    dealer_id,
    outlet_id,
    min(sold_on) as first_order_on,
    max(sold_on) as last_order_on,
    sum(orders) as orders,
    count(*) as order_days
from pair_days
where orders > 0
group by dealer_id, outlet_id
