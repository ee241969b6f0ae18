-- purpose: the sales lines that count, each with its outlet
-- grain: export line
-- stored: no
-- decisions: a sale without an outlet belongs to the dealer's own direct outlet of that channel
select
    export_key,
    sold_on,
    dealer_id,
    coalesce(outlet_id, dealer_id || '#' || coalesce(channel, 'unknown')) as outlet_id,
    outlet_id is null as is_direct,
    channel,
    order_id,
    order_key,
    product_id,
    quantity,
    amount
from accepted_sales
