-- purpose: what each dealer is held against on each axis: its peers' median, or the fixed number of the job file
-- grain: dealer x snapshot
-- parameters: $coverage_threshold, $performance_threshold; NULL means peers
-- decisions: peers are the rated dealers of the same tier if there are at least 8, else all rated dealers.
--   New dealers are nobody's peers, and dealers that are not reported have no value to be one
with rated as (
    select snapshot, tier, coverage_value, performance_value
    from axis_values
    where not is_new
),

tier_medians as (
    select
        snapshot,
        tier,
        count(coverage_value) as coverage_peers,
        median(coverage_value) as coverage_median,
        count(performance_value) as performance_peers,
        median(performance_value) as performance_median
    from rated
    where tier is not null
    group by snapshot, tier
),

all_medians as (
    select
        snapshot,
        count(coverage_value) as coverage_peers,
        median(coverage_value) as coverage_median,
        count(performance_value) as performance_peers,
        median(performance_value) as performance_median
    from rated
    group by snapshot
)

select
    v.dealer_id,
    v.snapshot,
    case
        when $coverage_threshold is not null then 'fixed'
        when t.coverage_peers >= 8 then 'tier'
        else 'all'
    end as coverage_benchmark_level,
    case when t.coverage_peers >= 8 then t.coverage_peers else a.coverage_peers end as coverage_peers,
    case
        when $coverage_threshold is not null then $coverage_threshold
        when t.coverage_peers >= 8 then t.coverage_median
        else a.coverage_median
    end as coverage_threshold,
    case
        when $performance_threshold is not null then 'fixed'
        when t.performance_peers >= 8 then 'tier'
        else 'all'
    end as performance_benchmark_level,
    case when t.performance_peers >= 8 then t.performance_peers else a.performance_peers end as performance_peers,
    case
        when $performance_threshold is not null then $performance_threshold
        when t.performance_peers >= 8 then t.performance_median
        else a.performance_median
    end as performance_threshold
from axis_values as v
left join tier_medians as t on t.snapshot = v.snapshot and t.tier = v.tier
left join all_medians as a on a.snapshot = v.snapshot
