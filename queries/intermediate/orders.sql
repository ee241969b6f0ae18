-- purpose: orders: the lines of one order id within a pair and day
-- grain: dealer x outlet x day x order
-- parameters: $as_of
-- stored: no
-- decisions: without an order id, one order a pair and day. The period follows from the day, and
--   is no key: each key costs on every line
select
    dealer_id,
    outlet_id,
    sold_on,
    ($as_of - sold_on) / 28 as period,
    order_id,
    sum(amount) as order_value
from sales
group by dealer_id, outlet_id, sold_on, order_id
