-- purpose: what each promotion added: the growth of its scope against the growth of its control
-- grain: promotion
-- parameters: $as_of
-- decisions: the effect is a ratio of ratios less 1. Its 80 % interval is that of the logarithm, +- 1.2816 standard
--   deviations, widened for few pairs (n on the smaller side) by 1 + 0.6606 / (n - 1), the first term of Student's t; none
--   beyond a factor of 100. Less than a thousandth of the other days' sales counts as nothing: returns happened to leave it
with valued as (
    select
        p.promotion_id,
        coalesce(w.ends_on > $as_of, false) as is_running,
        w.measured_days,
        w.before_starts_on,
        w.before_days,
        case
            when w.starts_on is null then 'not_started'
            when w.is_history_short then 'short_history'
            when not w.is_measured then 'contradictory_scope'
            when coalesce(n.sales_before, 0) <= 0 or n.sales_before * 1000 < abs(n.sales) then 'nothing_sold_before'
            when n.control_pairs = 0 then 'no_control'
            when
                n.control_sales_before <= 0
                or n.control_sales <= 0
                or n.control_sales_before * 1000 < n.control_sales
                or n.control_sales * 1000 < n.control_sales_before
                then 'no_control_sales'
            else 'measured'
        end as state,
        n.scope_pairs,
        n.control_pairs,
        n.sales_before,
        n.sales,
        n.control_sales_before,
        n.control_sales,
        1.281552 * (1 + 0.6606 / (least(n.scope_pairs, n.control_pairs) - 1)) * sqrt(n.variance) as half_width,
        coalesce(o.overlapping_promotions, 0) as overlapping_promotions
    from promotions as p
    left join promotion_windows as w on w.promotion_id = p.promotion_id
    left join promotion_noise as n on n.promotion_id = p.promotion_id
    left join promotion_overlaps as o on o.promotion_id = p.promotion_id
),

controlled as (
    select
        promotion_id,
        sales_before,
        case when state = 'measured'
            then cast(cast(control_sales as double) / cast(control_sales_before as double) as decimal(18, 6))
        end as control_growth
    from valued
),

expected as (
    select promotion_id, control_growth, cast(sales_before * control_growth as decimal(18, 4)) as expected_sales
    from controlled
),

effects as (
    select
        v.promotion_id, v.is_running, v.measured_days, v.before_starts_on, v.before_days, v.state, v.scope_pairs,
        v.control_pairs, v.sales_before, v.sales, v.control_sales_before, v.control_sales,
        v.overlapping_promotions, e.control_growth, e.expected_sales,
        v.sales - e.expected_sales as extra_sales,
        case when v.half_width < ln(100) then v.half_width end as half_width,
        cast(v.sales as double) / nullif(cast(e.expected_sales as double), 0) as ratio
    from valued as v
    left join expected as e on e.promotion_id = v.promotion_id
)

select
    promotion_id, is_running, measured_days, before_starts_on, before_days, state, scope_pairs, control_pairs,
    sales_before, sales, control_sales_before, control_sales, control_growth, expected_sales, extra_sales,
    overlapping_promotions,
    cast(ratio - 1 as decimal(18, 6)) as effect,
    cast(ratio * exp(-half_width) - 1 as decimal(18, 6)) as low_effect,
    cast(ratio * exp(half_width) - 1 as decimal(18, 6)) as high_effect,
    try_cast(cast(sales as double) * (1 - exp(half_width) / ratio) as decimal(18, 4)) as low_extra_sales,
    try_cast(cast(sales as double) * (1 - exp(-half_width) / ratio) as decimal(18, 4)) as high_extra_sales
from effects
