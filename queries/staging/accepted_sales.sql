-- purpose: the sales lines that count
-- grain: export line
-- stored: no
-- boundary: of the settled picture
select
    s.export_key,
    s.export_line,
    s.sold_on,
    s.dealer_id,
    s.outlet_id,
    s.channel,
    s.order_id,
    s.order_key,
    s.product_id,
    s.quantity,
    s.amount
from staged_sales as s
left anti join left_out_lines as l on l.export_key = s.export_key and l.export_line = s.export_line
