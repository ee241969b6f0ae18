-- purpose: the metric of each class axis, one choice a run
-- grain: one row
-- parameters: $performance, `auto` or the name of a metric
with present as (
    select
        bool_or(source = 'market' and is_present) as has_market,
        bool_or(source = 'targets' and is_present) as has_targets
    from sources
)

select
    case when has_market then 'numeric_distribution' else 'active_outlets' end as coverage_metric,
    case
        when $performance <> 'auto' then $performance
        when has_targets then 'attainment'
        else 'sales_per_outlet'
    end as performance_metric
from present
