-- purpose: the sales that the analysis sees: accepted, up to as_of, each with its outlet and its period
-- grain: export line
-- parameters: $as_of, the day the picture is taken
-- stored: no
select
    sold_on,
    ($as_of - sold_on) / 28 as period,
    dealer_id,
    outlet_id,
    is_direct,
    coalesce(channel, 'unknown') as sale_channel,
    order_id,
    product_id,
    quantity,
    amount
from placed_sales
where sold_on <= $as_of
