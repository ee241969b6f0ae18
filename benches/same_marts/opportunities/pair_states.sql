-- purpose: what is known of a pair's orders today, which is the only origin
-- grain: dealer x outlet
select
    dealer_id,
    outlet_id,
    min(period) as last_period,
    cast(-1 as bigint) as until_origin,
    max(last_order_on) as last_order_on,
    count(*) as bought_periods,
    sum(sales) as bought_sales,
    sum(orders) as orders_total,
    sum(order_days) as order_days
from pair_periods
where orders > 0
group by dealer_id, outlet_id
