-- purpose: what the visits of a dealer reached, what followed them, and what followed beyond chance
-- grain: dealer x visit_type ('*' = all types)
-- decisions: a row '*' for every dealer with a covered outlet or a visit, if there is a visits source at all. The 80 %
--   interval of the surplus takes two outlets. Its variance is that of a ratio of sums over outlets (delta method), or
--   that of chance if that is more: few visits that nothing followed seem to vary less than they do
with all_rows as (
    select s.dealer_id, coalesce(v.visit_type, '*') as visit_type, s.covered_outlets, s.active_outlets
    from dealer_sums as s
    left join visit_sums as v on v.dealer_id = s.dealer_id
    where
        s.snapshot = 0
        and (select is_present from sources where source = 'visits')
        and (v.dealer_id is not null or s.covered_outlets > 0)
),

rated as (
    select
        a.dealer_id, a.visit_type, a.covered_outlets, a.active_outlets, d.weeks,
        coalesce(v.visits, 0) as visits,
        coalesce(v.dealer_visits, 0) as dealer_visits,
        coalesce(v.visited_outlets, 0) as visited_outlets,
        coalesce(v.visited_covered_outlets, 0) as visited_covered_outlets,
        coalesce(v.visited_active_outlets, 0) as visited_active_outlets,
        coalesce(v.judged_visits, 0) as judged_visits,
        coalesce(v.judged_outlets, 0) as judged_outlets,
        coalesce(v.followed_visits, 0) as followed_visits,
        v.cost,
        coalesce(v.visits_with_cost, 0) as visits_with_cost,
        v.judged_weeks_with_order,
        cast(v.surplus as double) / nullif(cast(v.judged_visits as double) * d.weeks, 0) as strike_surplus,
        cast(v.surplus as double) / nullif(v.judged_visits, 0) as slope,
        v.squared_surplus, v.crossed, v.squared_visits, v.chance_variance
    from all_rows as a
    inner join visit_days as d on d.dealer_id = a.dealer_id
    left join visit_sums as v on v.dealer_id = a.dealer_id and v.visit_type = a.visit_type
)

select
    dealer_id, visit_type, covered_outlets, active_outlets, visits, dealer_visits, visited_outlets,
    visited_covered_outlets, visited_active_outlets, judged_visits, judged_outlets, followed_visits, cost,
    visits_with_cost,
    cast(cast(followed_visits as double) / nullif(judged_visits, 0) as decimal(9, 6)) as strike_rate,
    cast(
        cast(judged_weeks_with_order as double) / nullif(cast(judged_visits as double) * weeks, 0) as decimal(9, 6)
    ) as base_rate,
    cast(strike_surplus as decimal(9, 6)) as strike_surplus,
    case when judged_outlets > 1
        then cast(
            1.281552 * (1 + 0.6606 / (judged_outlets - 1)) * sqrt(
                greatest(
                    (squared_surplus - 2 * slope * crossed + slope * slope * squared_visits)
                    * judged_outlets / (judged_outlets - 1),
                    cast(chance_variance as double)
                )
            ) / (cast(judged_visits as double) * weeks) as decimal(9, 6)
        )
    end as half_width
from rated
