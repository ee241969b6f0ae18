-- purpose: the sales lines that count
-- grain: export line
-- stored: no
with valid as (
    select
        s.export_key,
        s.export_line,
        s.sold_on,
        s.dealer_id,
        s.outlet_id,
        s.channel,
        s.order_id,
        s.product_id,
        s.quantity,
        s.amount
    from staged_sales as s
    left anti join rejected_sales as r on r.export_key = s.export_key and r.export_line = s.export_line
)

select
    v.export_key,
    v.export_line,
    v.sold_on,
    v.dealer_id,
    v.outlet_id,
    v.channel,
    v.order_id,
    v.product_id,
    v.quantity,
    v.amount
from valid as v
left anti join superseded_sales as u on u.export_key = v.export_key and u.export_line = v.export_line
