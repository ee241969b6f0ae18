-- purpose: the class of each dealer at each snapshot, and what it was 28 days before
-- grain: dealer x snapshot
-- decisions: a dealer that is not reported is unrated, whatever it was; a new one stays new
with classed as (
    select
        a.dealer_id,
        a.snapshot,
        case when a.is_new or a.coverage_probability is null then null else s.is_strong end as is_strong,
        case when a.is_new or a.performance_probability is null then null else s.is_high end as is_high,
        case
            when a.is_new then 'new'
            when a.coverage_probability is null or a.performance_probability is null then 'unrated'
            when s.is_strong and s.is_high then 'star'
            when s.is_high then 'expand'
            when s.is_strong then 'deepen'
            else 'fix'
        end as dealer_class,
        case
            when r.is_not_reported then 'not_reported'
            when a.is_new then null
            when a.coverage_probability is null and a.universe_outlets = 0 then 'no_universe'
            when a.coverage_probability is null and a.coverage_metric = 'numeric_distribution' then 'no_market'
            when not a.is_window_seen then 'no_history'
            when a.coverage_probability is null then 'no_peer'
            when a.performance_probability is null and a.performance_metric = 'attainment' then 'no_target'
            when a.performance_probability is null then 'no_outlet'
        end as unrated_code,
        a.coverage_value,
        a.coverage_threshold,
        a.performance_value,
        a.performance_threshold
    from dealer_axes as a
    inner join axis_states as s on s.dealer_id = a.dealer_id and s.snapshot = a.snapshot
    inner join dealer_reports as r on r.dealer_id = a.dealer_id and r.snapshot = a.snapshot
)

select
    dealer_id,
    snapshot,
    is_strong,
    is_high,
    dealer_class,
    unrated_code,
    lag(dealer_class) over earlier as previous_class,
    lag(is_strong) over earlier as was_strong,
    lag(is_high) over earlier as was_high,
    coverage_value - lag(coverage_value) over earlier as coverage_value_change,
    coverage_threshold - lag(coverage_threshold) over earlier as coverage_threshold_change,
    performance_value - lag(performance_value) over earlier as performance_value_change,
    performance_threshold - lag(performance_threshold) over earlier as performance_threshold_change
from classed
window earlier as (partition by dealer_id order by snapshot desc)
