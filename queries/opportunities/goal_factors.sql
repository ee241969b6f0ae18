-- purpose: the four factors of sales now, with the found opportunities, and what each alone would have to be
-- grain: dealer x scenario
-- decisions: sales = covered outlets x active rate x orders per active outlet x average order value, times what returns
--   leave of it; that share is taken to stay, so that each factor alone has to rise by the goal's. With the found
--   opportunities new outlets are covered, they and activated ones active; all but the ticket lever comes as orders of
--   today's value, so that the product is sales + expected_total. An active rate cannot pass 1
with factors as (
    select
        g.dealer_id,
        g.scenario,
        g.goal_factor,
        cast(g.goal_factor as double) as goal,
        n.covered_outlets,
        n.active_outlets,
        n.orders,
        cast(n.order_value as double) as order_value,
        cast(n.covered_outlets as double) + cast(g.new_outlets as double) as covered_expected,
        cast(n.active_outlets as double) + cast(g.new_outlets + g.activated_outlets as double) as active_expected,
        cast(g.sales + g.expected_total - g.ticket_expected as double) / cast(g.sales as double) as orders_growth,
        cast(g.sales + g.expected_total as double)
            / cast(g.sales + g.expected_total - g.ticket_expected as double) as ticket_growth,
        u.universe_outlets
    from dealer_goals as g
    inner join dealer_sums as n on n.dealer_id = g.dealer_id and n.snapshot = 0
    left join dealer_distribution as u on u.dealer_id = g.dealer_id and u.snapshot = 0
)

select
    dealer_id,
    scenario,
    cast(covered_outlets as bigint) as covered_outlets,
    cast(active_outlets as double) / covered_outlets as active_rate,
    cast(orders as double) / active_outlets as orders_per_active_outlet,
    cast(round(order_value / orders, 4) as decimal(18, 4)) as average_order_value,
    covered_expected as covered_outlets_expected,
    active_expected / covered_expected as active_rate_expected,
    orders * orders_growth / active_expected as orders_per_active_outlet_expected,
    cast(round(order_value / orders * ticket_growth, 4) as decimal(18, 4)) as average_order_value_expected,
    cast(ceil(cast(covered_outlets * goal_factor as double)) as bigint) as covered_outlets_needed,
    case when active_outlets * goal_factor <= covered_outlets then active_outlets * goal / covered_outlets end
        as active_rate_needed,
    orders * goal / active_outlets as orders_per_active_outlet_needed,
    cast(round(order_value / orders * goal, 4) as decimal(18, 4)) as average_order_value_needed,
    case when active_outlets * power(goal, 0.25) <= covered_outlets then power(goal, 0.25) end as common_factor,
    power(goal, 1.0 / 3) as common_factor_of_three,
    active_outlets * goal / covered_outlets as rate_needed,
    case when ceil(cast(covered_outlets * goal_factor as double)) > universe_outlets then universe_outlets end
        as universe_passed
from factors
