-- purpose: mean and variance of what an active pair sold and ordered a period, before the window of the origin
-- grain: pair x origin; pairs with orders in the window
-- decisions: sample variance from exact sums; NULL without a whole period since the first order
with exact as (
    select
        pair_number,
        region,
        channel,
        origin,
        learned_periods,
        is_full_year,
        orders,
        sales,
        next_sales,
        cast(learned_sales as double) as sales_sum,
        cast(learned_sales_squared as double) as sales_squares,
        cast(learned_orders as double) as orders_sum,
        cast(learned_orders_squared as double) as orders_squares
    from pair_origins
    where orders > 0
)

select
    pair_number,
    region,
    channel,
    origin,
    learned_periods,
    is_full_year,
    orders,
    sales,
    next_sales,
    case when learned_periods > 0 then sales_sum / learned_periods end as sales_mean,
    case when learned_periods > 0 then orders_sum / learned_periods end as orders_mean,
    case
        when learned_periods > 1
            then greatest(0, sales_squares - sales_sum * sales_sum / learned_periods) / (learned_periods - 1)
        when learned_periods = 1 then 0
    end as sales_variance,
    case
        when learned_periods > 1
            then greatest(0, orders_squares - orders_sum * orders_sum / learned_periods) / (learned_periods - 1)
        when learned_periods = 1 then 0
    end as orders_variance
from exact
