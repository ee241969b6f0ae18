-- purpose: what a pair bought in a period of 28 days
-- grain: pair x period
-- decisions: sorted, because aggregates and joins over it are twice as fast where the periods of a pair lie together. A
--   relation of its own, because a sort of sums that are not stored yet counts their memory many times over and spills
select
    n.pair_number,
    s.period,
    s.orders,
    s.order_value,
    s.sales,
    s.squared_order_value,
    s.order_days,
    s.first_order_on,
    s.last_order_on
from pair_numbers as n
inner join period_sums as s on s.dealer_id = n.dealer_id and s.outlet_id = n.outlet_id
order by n.pair_number, s.period desc
