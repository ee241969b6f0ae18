-- purpose: what a pair bought on a day, up to as_of
-- grain: dealer x outlet x day
-- parameters: $as_of
-- stored: no
with days as (
    select dealer_id, outlet_id, sold_on, orders, order_value, sales, squared_order_value
    from export_pair_days
    union all
    select dealer_id, outlet_id, sold_on, orders, order_value, sales, squared_order_value
    from shared_pair_days
)

select
    dealer_id,
    outlet_id,
    sold_on,
    cast(cast($as_of as int) - cast(sold_on as int) as bigint) / 28 as period,
    orders,
    order_value,
    sales,
    coalesce(squared_order_value, sales * sales) as squared_order_value
from days
where sold_on <= $as_of
