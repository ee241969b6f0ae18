-- purpose: what was known of a pair's orders, from one period with orders to the next
-- grain: dealer x outlet x period with orders; the state holds at the origins after until_origin up to period
-- decisions: sums run over the whole history of the pair; at origin k everything since then is unknown, so the state
--   of an origin is that of the last period with orders before it
select
    dealer_id,
    outlet_id,
    period as last_period,
    coalesce(lead(period) over (partition by dealer_id, outlet_id order by period desc), -1) as until_origin,
    first_value(period) over (partition by dealer_id, outlet_id order by period desc) as first_period,
    last_order_on,
    row_number() over (partition by dealer_id, outlet_id order by period desc) as bought_periods,
    sum(sales) over (partition by dealer_id, outlet_id order by period desc) as bought_sales,
    sum(orders) over (partition by dealer_id, outlet_id order by period desc) as orders_total,
    sum(order_days) over (partition by dealer_id, outlet_id order by period desc) as order_days
from pair_periods
where orders > 0
