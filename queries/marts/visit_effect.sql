-- purpose: whether visits reach the outlets, whether orders follow them, and what they cost
-- grain: dealer x visit_type; '*' is all types together
-- decisions: an order after a visit proves little by itself, so the rate stands beside that of any 7 days of the same
--   outlets, weighted by their visits
select
    w.as_of,
    r.dealer_id,
    d.dealer_name,
    d.region,
    r.visit_type,
    r.visits as visits_12w,
    r.dealer_visits as dealer_visits_12w,
    r.visited_outlets as visited_outlets_12w,
    r.visited_covered_outlets as visited_covered_outlets_12w,
    r.covered_outlets,
    cast(r.visited_covered_outlets as double) / nullif(r.covered_outlets, 0) as visit_coverage,
    r.judged_visits,
    r.judged_outlets,
    r.followed_visits,
    cast(r.strike_rate as double) as strike_rate,
    cast(r.base_rate as double) as base_rate,
    cast(r.strike_surplus as double) as strike_surplus,
    case when r.half_width is not null
        then cast(greatest(r.strike_surplus - r.half_width, -1) as double)
    end as low_strike_surplus,
    case when r.half_width is not null
        then cast(least(r.strike_surplus + r.half_width, 1) as double)
    end as high_strike_surplus,
    r.cost as cost_12w,
    r.visits_with_cost as visits_with_cost_12w,
    cast(cast(r.cost as double) / nullif(r.visits_with_cost, 0) as decimal(18, 4)) as cost_per_visit,
    r.active_outlets as active_outlets_12w,
    r.visited_active_outlets as visited_active_outlets_12w,
    cast(cast(r.cost as double) / nullif(r.active_outlets, 0) as decimal(18, 4)) as cost_per_active_outlet,
    t.reason
from visit_rows as r
cross join analysis_window as w
inner join dealers as d on d.dealer_id = r.dealer_id
inner join visit_reasons as t on t.dealer_id = r.dealer_id and t.visit_type = r.visit_type
