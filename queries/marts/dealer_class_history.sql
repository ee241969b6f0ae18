-- purpose: both axes and the class of each dealer over a year, and why a class changed
-- grain: dealer x snapshot
-- parameters: $lang
-- decisions: an axis turned because the dealer moved, or because its peers did; the larger movement is named
with caused as (
    select
        dealer_id,
        snapshot,
        case
            when previous_class is null or previous_class = dealer_class then null
            when previous_class = 'new' then 'no longer new'
            when dealer_class = 'unrated' then 'unrated'
            when previous_class = 'unrated' then 'rated again'
            when is_strong <> was_strong and abs(coverage_value_change) >= abs(coverage_threshold_change)
                then 'own coverage'
            when is_strong <> was_strong then 'coverage of peers'
            when abs(performance_value_change) >= abs(performance_threshold_change) then 'own performance'
            else 'performance of peers'
        end as cause
    from dealer_classes
)

select
    w.as_of,
    a.dealer_id,
    d.dealer_name,
    d.region,
    a.snapshot,
    a.ends_on as snapshot_on,
    c.dealer_class,
    c.previous_class,
    coalesce(c.previous_class <> c.dealer_class, false) as is_changed,
    case
        when x.cause = 'unrated' then u.unrated_reason
        when $lang <> 'zh' then x.cause
        else case x.cause
            when 'no longer new' then '已过新开业期'
            when 'rated again' then '恢复评级'
            when 'own coverage' then '自身覆盖变化'
            when 'coverage of peers' then '同组覆盖变化'
            when 'own performance' then '自身业绩变化'
            when 'performance of peers' then '同组业绩变化'
        end
    end as change_cause,
    a.coverage_metric,
    a.coverage_value,
    a.coverage_threshold,
    a.coverage_probability,
    c.is_strong as is_coverage_strong,
    a.performance_metric,
    a.performance_value,
    a.performance_threshold,
    a.performance_probability,
    c.is_high as is_performance_high,
    r.reason
from dealer_axes as a
cross join analysis_window as w
inner join dealers as d on d.dealer_id = a.dealer_id
inner join dealer_classes as c on c.dealer_id = a.dealer_id and c.snapshot = a.snapshot
inner join caused as x on x.dealer_id = a.dealer_id and x.snapshot = a.snapshot
left join unrated_reasons as u on u.dealer_id = a.dealer_id and u.snapshot = a.snapshot
inner join class_reasons as r on r.dealer_id = a.dealer_id and r.snapshot = a.snapshot
