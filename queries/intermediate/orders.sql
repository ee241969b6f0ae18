-- purpose: orders: the lines of one order id within a pair and day
-- grain: dealer x outlet x day x order
-- stored: no
-- decisions: without an order id, one order a pair and day
select
    dealer_id,
    outlet_id,
    sold_on,
    period,
    order_id,
    sum(amount) as order_value
from sales
group by dealer_id, outlet_id, sold_on, period, order_id
