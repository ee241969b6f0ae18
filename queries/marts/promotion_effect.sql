-- purpose: what each promotion added to sales, how sure that is, and what it cost
-- grain: promotion
-- decisions: sales of the scope during against before, over the same for outlets of the same channels outside it
--   (difference in differences of ratios). What cannot be measured is NULL, and the reason says why
select
    w.as_of,
    p.promotion_id,
    coalesce(p.promotion_name, p.promotion_id) as promotion_name,
    p.starts_on,
    p.ends_on,
    p.dealer_id,
    p.region,
    p.territory,
    p.channel,
    p.category,
    p.product_id,
    r.state,
    r.is_running,
    cast(r.measured_days as bigint) as measured_days,
    r.before_starts_on,
    cast(r.before_days as bigint) as before_days,
    r.scope_pairs,
    r.control_pairs,
    r.sales,
    r.sales_before,
    r.control_sales,
    r.control_sales_before,
    cast(r.control_growth as double) as control_growth,
    r.expected_sales,
    cast(r.effect as double) as effect,
    cast(r.low_effect as double) as low_effect,
    cast(r.high_effect as double) as high_effect,
    r.extra_sales,
    r.low_extra_sales,
    r.high_extra_sales,
    p.cost,
    case
        when r.extra_sales > 0 and not r.is_running then cast(p.cost as double) / cast(r.extra_sales as double)
    end as cost_per_extra_sales,
    r.overlapping_promotions > 0 as is_overlapping,
    r.overlapping_promotions,
    t.reason
from promotions as p
cross join analysis_window as w
inner join promotion_rows as r on r.promotion_id = p.promotion_id
inner join promotion_reasons as t on t.promotion_id = p.promotion_id
