-- purpose: what each pair bought around each origin: ever before, in the year before its window, in it, and in the 12 weeks
--   after
-- grain: pair x origin, where the pair traded before or in the 12 weeks after
-- decisions: age is in periods before the origin. next_ is the outcome, unknown at the origin. learned_ are the sums behind a
--   mean and a variance over periods: the 13 before the window, from the first order of the pair on, and only whole ones.
--   last_, bought_ and _total are of all periods with orders that were known; NULL or 0 if none was. Pairs with returns only
--   are there as well
with traded as (
    select
        p.pair_number,
        p.period,
        coalesce(p.period <= ($as_of - h.first_order_on) / 28, false) as is_since_first_order,
        p.orders,
        cast(p.order_value as decimal(18, 4)) as order_value,
        cast(p.sales as decimal(18, 4)) as sales,
        cast(p.sales as decimal(18, 4)) * cast(p.sales as decimal(18, 4)) as sales_squared,
        p.orders * p.orders as orders_squared,
        case when p.orders > 0 then p.period end as order_period,
        p.order_days,
        p.last_order_on
    from pair_periods as p
    left join pair_history as h on h.pair_number = p.pair_number
),

around as (
    select
        t.pair_number,
        o.origin,
        t.period - o.origin as age,
        t.period - o.origin between 3 and 15 and t.period < o.whole_periods and t.is_since_first_order as is_learned,
        t.orders,
        t.order_value,
        t.sales,
        t.sales_squared,
        t.orders_squared,
        t.order_period,
        t.order_days,
        t.last_order_on
    from traded as t
    inner join origins as o on o.origin <= t.period + 3
)

select
    pair_number,
    origin,
    min(order_period) filter (where age >= 0) as last_period,
    max(last_order_on) filter (where age >= 0) as last_order_on,
    coalesce(sum(order_days) filter (where age >= 0), 0) as order_days_total,
    coalesce(sum(orders) filter (where age >= 0), 0) as orders_total,
    count(order_period) filter (where age >= 0) as bought_periods,
    coalesce(sum(sales) filter (where age >= 0 and orders > 0), 0) as bought_sales,
    coalesce(sum(orders) filter (where age between 0 and 2), 0) as orders,
    coalesce(sum(order_value) filter (where age between 0 and 2), 0) as order_value,
    coalesce(sum(sales) filter (where age between 0 and 2), 0) as sales,
    coalesce(sum(sales) filter (where age between 0 and 12), 0) as sales_52w,
    coalesce(sum(orders) filter (where age between 0 and 12), 0) as orders_52w,
    coalesce(sum(orders) filter (where is_learned), 0) as learned_orders,
    coalesce(sum(orders_squared) filter (where is_learned), 0) as learned_orders_squared,
    coalesce(sum(sales) filter (where is_learned), 0) as learned_sales,
    coalesce(sum(sales_squared) filter (where is_learned), 0) as learned_sales_squared,
    coalesce(sum(orders) filter (where age < 0), 0) as next_orders,
    coalesce(sum(sales) filter (where age < 0), 0) as next_sales
from around
group by pair_number, origin
