-- purpose: what was known of a pair's orders, from one period with orders to the next
-- grain: dealer x outlet x period with orders; the state holds at the origins after until_origin up to period
-- decisions: sums run over the whole history of the pair; at origin k everything since then is unknown, so the state
--   of an origin is that of the last period with orders before it
select
    dealer_id,
    outlet_id,
    period as last_period,
    coalesce(lead(period) over later, -1) as until_origin,
    last_order_on,
    row_number() over later as bought_periods,
    sum(sales) over so_far as bought_sales,
    sum(orders) over so_far as orders_total,
    sum(order_days) over so_far as order_days
from pair_periods
where orders > 0
window
    later as (partition by dealer_id, outlet_id order by period desc),
    so_far as (
        partition by dealer_id, outlet_id order by period desc rows between unbounded preceding and current row
    )
