-- purpose: what a pair bought on a day
-- grain: dealer x outlet x day
-- parameters: $as_of
-- decisions: an order of positive value is an order, the rest are returns; squares are kept for the noise of sales
select
    dealer_id,
    outlet_id,
    sold_on,
    ($as_of - sold_on) / 28 as period,
    sum(case when order_value > 0 then 1 else 0 end) as orders,
    sum(case when order_value > 0 then order_value else 0 end) as order_value,
    sum(order_value) as sales,
    sum(cast(order_value as decimal(18, 4)) * cast(order_value as decimal(18, 4))) as squared_order_value
from orders
group by dealer_id, outlet_id, sold_on
