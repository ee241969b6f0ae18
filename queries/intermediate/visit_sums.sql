-- purpose: visits of each dealer by type, with what their noise is made of
-- grain: dealer x visit_type ('*' = all types)
select
    dealer_id,
    visit_type,
    sum(visits) as visits,
    sum(case when outlet_id is null then visits else 0 end) as dealer_visits,
    count(outlet_id) as visited_outlets,
    sum(case when is_covered then 1 else 0 end) as visited_covered_outlets,
    sum(case when is_active then 1 else 0 end) as visited_active_outlets,
    sum(cost) as cost,
    sum(visits_with_cost) as visits_with_cost,
    sum(judged_visits) as judged_visits,
    sum(followed_visits) as followed_visits,
    sum(case when judged_visits > 0 then 1 else 0 end) as judged_outlets,
    sum(judged_weeks_with_order) as judged_weeks_with_order,
    sum(surplus) as surplus,
    sum(chance_variance) as chance_variance,
    sum(surplus * surplus) as squared_surplus,
    sum(surplus * judged_visits) as crossed,
    sum(judged_visits * judged_visits) as squared_visits
from visit_outlets
group by dealer_id, visit_type
