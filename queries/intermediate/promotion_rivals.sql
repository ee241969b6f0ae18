-- purpose: other promotions that disturb the comparison: they reach into its days, may move the same products, and
--   changed in between
-- grain: promotion x other promotion
-- decisions: one that ran on all days compared, before and during, moved both alike and disturbs nothing
select
    w.promotion_id,
    r.promotion_id as rival_id
from promotion_windows as w
inner join promotion_windows as r
    on r.promotion_id <> w.promotion_id
    and r.starts_on <= w.measured_to
    and r.ends_on >= w.before_starts_on
    and (r.starts_on > w.before_starts_on or r.ends_on < w.measured_to)
    and (r.category is null or w.category is null or r.category = w.category)
    and (r.product_id is null or w.product_id is null or r.product_id = w.product_id)
where w.is_measured
