-- purpose: promotions as accepted, the first row of each id
-- grain: promotion
select
    s.export_key,
    s.export_line,
    s.promotion_id,
    s.promotion_name,
    s.starts_on,
    s.ends_on,
    s.dealer_id,
    s.region,
    s.territory,
    s.channel,
    s.category,
    s.product_id,
    s.cost
from staged_promotions as s
left anti join rejected_promotions as r on r.export_key = s.export_key and r.export_line = s.export_line
