-- purpose: visits to each outlet by type, what followed them, and what would have by chance
-- grain: dealer x visit_type ('*' = all types) x outlet (NULL: visits to the dealer itself)
-- decisions: surplus = followed visits x weeks - judged visits x weeks with an order, in whole numbers; divided by
--   weeks it is the number of orders beyond chance. chance_variance is the variance of the surplus if orders did not
--   care for visits: n p (1 - p) x weeks squared, p = weeks with an order / weeks
with typed as (
    select dealer_id, visit_type, outlet_id, cost, is_judged, is_followed
    from window_visits
    union all
    select dealer_id, '*' as visit_type, outlet_id, cost, is_judged, is_followed
    from window_visits
),

counted as (
    select
        dealer_id,
        visit_type,
        outlet_id,
        count(*) as visits,
        sum(cost) as cost,
        count(cost) as visits_with_cost,
        sum(case when is_judged then 1 else 0 end) as judged_visits,
        sum(case when is_judged and is_followed then 1 else 0 end) as followed_visits
    from typed
    group by dealer_id, visit_type, outlet_id
)

select
    c.dealer_id,
    c.visit_type,
    c.outlet_id,
    c.visits,
    c.cost,
    c.visits_with_cost,
    c.judged_visits,
    c.followed_visits,
    c.judged_visits * coalesce(w.weeks_with_order, 0) as judged_weeks_with_order,
    c.followed_visits * d.weeks - c.judged_visits * coalesce(w.weeks_with_order, 0) as surplus,
    c.judged_visits * coalesce(w.weeks_with_order * (d.weeks - w.weeks_with_order), 0) as chance_variance,
    coalesce(s.is_covered, false) as is_covered,
    coalesce(s.orders > 0, false) as is_active
from counted as c
inner join visit_days as d on d.dealer_id = c.dealer_id
left join visited_outlet_weeks as w on w.dealer_id = c.dealer_id and w.outlet_id = c.outlet_id
left join pair_snapshots as s on s.dealer_id = c.dealer_id and s.outlet_id = c.outlet_id and s.snapshot = 0
