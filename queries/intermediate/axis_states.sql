-- purpose: each axis replayed over the snapshots: it turns up at P >= 0.8, down at P <= 0.2, and keeps what it was between
-- grain: dealer x snapshot
-- decisions: the first rated snapshot decides at 0.5. The replay needs no stored state: a rerun gives the same classes
with first_rated as (
    select
        dealer_id,
        max(case when coverage_probability is not null and not is_new then snapshot end) as coverage_snapshot,
        max(case when performance_probability is not null and not is_new then snapshot end) as performance_snapshot
    from dealer_axes
    group by dealer_id
),

decisions as (
    select
        a.dealer_id,
        a.snapshot,
        case
            when a.is_new then null
            when a.coverage_probability >= 0.8 then true
            when a.coverage_probability <= 0.2 then false
            when a.snapshot = f.coverage_snapshot then a.coverage_probability >= 0.5
        end as turns_strong,
        case
            when a.is_new then null
            when a.performance_probability >= 0.8 then true
            when a.performance_probability <= 0.2 then false
            when a.snapshot = f.performance_snapshot then a.performance_probability >= 0.5
        end as turns_high
    from dealer_axes as a
    inner join first_rated as f on f.dealer_id = a.dealer_id
)

select
    dealer_id,
    snapshot,
    last_value(turns_strong) ignore nulls over passed as is_strong,
    last_value(turns_high) ignore nulls over passed as is_high
from decisions
window passed as (
    partition by dealer_id
    order by snapshot desc
    rows between unbounded preceding and current row
)
