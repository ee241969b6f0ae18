-- purpose: each axis replayed over the snapshots: it turns up at P >= 0.8, down at P <= 0.2, and keeps what it was between
-- grain: dealer x snapshot
-- decisions: the first rated snapshot decides at 0.5. Nothing against a threshold of nothing tells nothing: an axis keeps
--   what it was, and is down if it has not been anything yet. The replay needs no stored state: a rerun gives the same classes
with judged as (
    select
        dealer_id,
        snapshot,
        is_new,
        coverage_probability,
        performance_probability,
        not is_new and (coverage_threshold > 0 or coverage_value > 0) as tells_coverage,
        not is_new and (performance_threshold > 0 or performance_value > 0) as tells_performance
    from dealer_axes
),

first_rated as (
    select
        dealer_id,
        max(case when coverage_probability is not null and tells_coverage then snapshot end) as coverage_snapshot,
        max(case when performance_probability is not null and tells_performance then snapshot end)
            as performance_snapshot
    from judged
    group by dealer_id
),

decisions as (
    select
        a.dealer_id,
        a.snapshot,
        a.is_new,
        a.coverage_probability,
        a.performance_probability,
        case
            when not a.tells_coverage then null
            when a.coverage_probability >= 0.8 then true
            when a.coverage_probability <= 0.2 then false
            when a.snapshot = f.coverage_snapshot then a.coverage_probability >= 0.5
        end as turns_strong,
        case
            when not a.tells_performance then null
            when a.performance_probability >= 0.8 then true
            when a.performance_probability <= 0.2 then false
            when a.snapshot = f.performance_snapshot then a.performance_probability >= 0.5
        end as turns_high
    from judged as a
    inner join first_rated as f on f.dealer_id = a.dealer_id
)

select
    dealer_id,
    snapshot,
    coalesce(
        last_value(turns_strong) ignore nulls over passed,
        case when not is_new and coverage_probability <= 0.2 then false end
    ) as is_strong,
    coalesce(
        last_value(turns_high) ignore nulls over passed,
        case when not is_new and performance_probability <= 0.2 then false end
    ) as is_high
from decisions
window passed as (
    partition by dealer_id
    order by snapshot desc
    rows between unbounded preceding and current row
)
