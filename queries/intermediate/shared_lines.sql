-- purpose: the sales lines of days of a dealer that several exports have sales of
-- grain: export line
-- computed: by export
-- wants: few lines
select p.export_key, p.dealer_id, p.outlet_id, p.is_direct, p.sold_on, p.order_key, p.amount
from shared_days as s
inner join placed_sales as p on p.export_key = s.export_key and p.dealer_id = s.dealer_id and p.sold_on = s.sold_on
