-- purpose: when a pair ordered, over the whole history; returns do not count
-- grain: pair that ordered
select
    pair_number,
    min(first_order_on) as first_order_on,
    max(last_order_on) as last_order_on,
    sum(orders) as orders,
    sum(order_days) as order_days
from pair_periods
where order_days > 0
group by pair_number
