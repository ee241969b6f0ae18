-- purpose: effects of promotions recompute from their own columns, inside their intervals, and every promotion is there
select
    promotion_id,
    state,
    sales,
    expected_sales,
    extra_sales,
    effect
from promotion_effect
where
    (state = 'measured') <> (expected_sales is not null)
    or expected_sales <> cast(sales_before * cast(control_growth as decimal(18, 6)) as decimal(18, 4))
    or extra_sales <> sales - expected_sales
    or not (coalesce(effect, 0) between coalesce(low_effect, effect, 0) and coalesce(high_effect, effect, 0))
    or low_extra_sales > extra_sales
    or high_extra_sales < extra_sales
    or (cost_per_extra_sales is not null and (extra_sales <= 0 or is_running or cost is null))
    or (overlapping_promotions > 0) <> is_overlapping
union all
select
    p.promotion_id,
    'missing' as state,
    null as sales,
    null as expected_sales,
    null as extra_sales,
    null as effect
from promotions as p
left anti join promotion_effect as e on e.promotion_id = p.promotion_id
