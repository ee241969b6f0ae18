-- purpose: what a pair bought in a period of 28 days, in the order in which it was added up
-- grain: dealer x outlet x period
select
    dealer_id,
    outlet_id,
    period,
    sum(orders) as orders,
    sum(order_value) as order_value,
    sum(sales) as sales,
    sum(squared_order_value) as squared_order_value,
    sum(case when orders > 0 then 1 else 0 end) as order_days,
    min(case when orders > 0 then sold_on end) as first_order_on,
    max(case when orders > 0 then sold_on end) as last_order_on
from pair_days
group by dealer_id, outlet_id, period
