-- purpose: both sides of each promotion in one row, with the growth of each and its noise
-- grain: promotion that is measured
-- decisions: the noise of a ratio of sums by the delta method: residual = sales - growth x sales before. Outlets of a dealer
--   move together, so what the residuals of the control's dealers vary beyond that of their outlets (dealer_variance,
--   of the growth) is added on both sides by the weight of each dealer. It takes three dealers in the control
with sides as (
    select
        promotion_id,
        is_in_scope,
        dealers,
        pairs,
        cast(sales_before as decimal(18, 4)) as sales_before,
        cast(sales as decimal(18, 4)) as sales,
        cast(sales_before as double) as x,
        cast(sales as double) as y,
        cast(squared_before as double) as xx,
        cast(crossed as double) as xy,
        cast(squared as double) as yy,
        cast(squared_before_of_dealers as double) as dealers_xx,
        cast(crossed_of_dealers as double) as dealers_xy,
        cast(squared_of_dealers as double) as dealers_yy
    from promotion_sums
),

scattered as (
    select
        promotion_id, is_in_scope, dealers, pairs, sales_before, sales, x, y, xx,
        dealers_xx / (x * x) as concentration,
        case when pairs > 1 and x > 0 and y > 0
            then greatest(yy / (y * y) - 2 * xy / (x * y) + xx / (x * x), 0) * pairs / (pairs - 1)
        end as pair_variance,
        case when dealers > 2 and x > 0 and y > 0
            then greatest(dealers_yy / (y * y) - 2 * dealers_xy / (x * y) + dealers_xx / (x * x), 0)
                * dealers / (dealers - 1)
        end as all_variance
    from sides
),

spread as (
    select
        promotion_id, is_in_scope, dealers, pairs, sales_before, sales, concentration, pair_variance,
        coalesce(greatest(all_variance - pair_variance, 0) / concentration, 0) as dealer_variance
    from scattered
)

select
    w.promotion_id,
    coalesce(s.pairs, 0) as scope_pairs,
    coalesce(c.pairs, 0) as control_pairs,
    s.sales_before,
    s.sales,
    c.sales_before as control_sales_before,
    c.sales as control_sales,
    s.pair_variance + c.pair_variance + c.dealer_variance * (s.concentration + c.concentration) as variance
from promotion_windows as w
left join spread as s on s.promotion_id = w.promotion_id and s.is_in_scope
left join spread as c on c.promotion_id = w.promotion_id and not c.is_in_scope
where w.is_measured
