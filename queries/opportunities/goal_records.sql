-- purpose: how often goals with a label were reached at earlier origins: what the labels of today are worth
-- grain: scenario x reachability
select
    scenario,
    reachability,
    count(*) as trials,
    sum(case when is_reached then 1 else 0 end) as reached
from goal_trials
group by scenario, reachability
