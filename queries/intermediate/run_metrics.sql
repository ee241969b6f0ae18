-- purpose: the metric of each class axis, one choice a run
-- grain: one row
-- parameters: $performance, `auto` or the name of a metric
-- decisions: attainment needs targets that fill the current window for at least half of the dealers that sold in it;
--   targets that ended months ago would leave every dealer unrated
with present as (
    select bool_or(source = 'market' and is_present) as has_market
    from sources
),

selling as (
    select
        count(*) as dealers,
        coalesce(sum(case when t.target > 0 then 1 else 0 end), 0) as dealers_with_target
    from dealer_sums as s
    left join dealer_targets as t on t.dealer_id = s.dealer_id and t.snapshot = s.snapshot
    where s.snapshot = 0 and s.orders > 0
)

select
    case when p.has_market then 'numeric_distribution' else 'active_outlets' end as coverage_metric,
    case
        when $performance <> 'auto' then $performance
        when s.dealers_with_target > 0 and s.dealers_with_target * 2 >= s.dealers then 'attainment'
        else 'sales_per_outlet'
    end as performance_metric,
    s.dealers,
    s.dealers_with_target
from present as p
cross join selling as s
