-- purpose: goals, gaps, what is found and the factors recompute from their own columns and the tables of opportunities
-- decisions: money exactly; products of rates within a rounded average order value. A goal counts only where sales are
--   known and above zero
with vertical as (
    select
        dealer_id,
        sum(expected_value) as expected,
        sum(case when lever = 'activate' then cast(probability as decimal(18, 9)) else 0 end) as activated_outlets
    from vertical_opportunities
    where is_growth
    group by dealer_id
),

horizontal as (
    select dealer_id, sum(expected_value) as expected, sum(cast(expected_outlets as decimal(18, 9))) as new_outlets
    from horizontal_opportunities
    where is_lead
    group by dealer_id
),

joined as (
    select
        g.dealer_id, g.scenario, g.goal_factor, g.goal_sales, g.gap, g.vertical_expected, g.horizontal_expected,
        g.expected_total, g.stretch_total, g.remaining, g.usual_sales, g.reachability, g.active_rate_needed,
        g.common_factor, g.covered_outlets_needed, g.active_rate_expected,
        s.sales_12w, s.orders_12w, s.order_value_12w, s.active_rate, s.covered_outlets,
        s.active_outlets_12w,
        s.sales_12w > 0 and not s.is_not_reported as has_goal,
        g.sales_12w as goal_base,
        coalesce(v.expected, 0) as vertical_listed,
        coalesce(h.expected, 0) as horizontal_listed,
        g.covered_outlets_expected,
        cast(coalesce(h.new_outlets, 0) as double) as new_outlets,
        cast(coalesce(v.activated_outlets, 0) as double) as activated_outlets,
        g.covered_outlets_expected * g.active_rate_expected * g.orders_per_active_outlet_expected as orders_expected,
        cast(g.average_order_value_expected as double) as value_expected,
        cast(g.sales_12w as double) / cast(s.order_value_12w as double) as kept
    from growth_goals as g
    inner join dealer_scorecard as s on s.dealer_id = g.dealer_id
    left join vertical as v on v.dealer_id = g.dealer_id
    left join horizontal as h on h.dealer_id = g.dealer_id
)

select dealer_id, scenario, goal_sales, gap, remaining, reachability
from joined
where
    has_goal <> (goal_sales is not null)
    or has_goal and (
        goal_base <> sales_12w
        or goal_sales <> cast(sales_12w * cast(goal_factor as decimal(18, 6)) as decimal(18, 4))
        or gap <> goal_sales - sales_12w
        or vertical_expected <> vertical_listed
        or horizontal_expected <> horizontal_listed
        or expected_total <> vertical_expected + horizontal_expected
        or remaining <> gap - expected_total
        or stretch_total < expected_total
        or (reachability = 'reachable') <> (coalesce(usual_sales, sales_12w) >= goal_sales)
        or (reachability = 'out_of_reach') <> (
            coalesce(usual_sales, sales_12w) < goal_sales
            and coalesce(usual_sales, sales_12w) + stretch_total < goal_sales
        )
        or abs(orders_expected * value_expected * kept - cast(sales_12w + expected_total as double))
        > 0.0001 * orders_expected + 0.000000001 * cast(sales_12w + expected_total as double)
        or abs(covered_outlets_expected - covered_outlets - new_outlets) > 0.000001
        or abs(covered_outlets_expected * active_rate_expected - active_outlets_12w - new_outlets - activated_outlets)
        > 0.000001
        or active_rate_expected not between 0 and 1.000000001
        or abs(active_rate_needed - active_rate * goal_factor) > 0.000000001
        or abs(power(common_factor, 4) - goal_factor) > 0.000000001
        or covered_outlets_needed not between covered_outlets * goal_factor - 0.000001
        and covered_outlets * goal_factor + 1
    )
