-- purpose: the lines of contested orders
-- grain: export line
-- computed: by export
-- wants: few lines
select
    s.export_key,
    s.export_line,
    s.order_id,
    s.line_no,
    s.dealer_id,
    s.sold_on,
    s.amount
from contested_orders as c
inner join staged_sales as s on s.export_key = c.export_key and s.order_key = c.order_key
where s.line_no is not null
