-- purpose: how well each score separates the outlets that a type is about from the others
-- grain: opportunity_type x method x origin
-- decisions: area under the curve: the chance that a hit scores above a miss, ties half. Baselines: the plain recency
--   rule (days since the last order: the longest silent are lost, the shortest silent come back), and for retain the
--   at_risk flag, whose area is its balanced accuracy. NULL where there are only hits or only misses
with scored as (
    select opportunity_type, 'dealerlens' as method, origin, score, is_hit
    from backtest_vertical_rows
    where opportunity_type in ('activate', 'retain')
    union all
    select
        b.opportunity_type, 'recency_rule', b.origin,
        cast(
            case when b.opportunity_type = 'retain' then 1 else -1 end * coalesce(o.days_since_order, 99999)
            as decimal(18, 9)
        ),
        b.is_hit
    from backtest_vertical_rows as b
    inner join pair_origins as o on o.pair_number = b.pair_number and o.origin = b.origin
    where b.opportunity_type in ('activate', 'retain')
    union all
    select
        opportunity_type, 'at_risk_rule', origin,
        cast(case when is_listed then 1 else 0 end as decimal(18, 9)), is_hit
    from backtest_vertical_rows
    where opportunity_type = 'retain'
),

by_score as (
    select
        opportunity_type, method, origin, score,
        sum(case when is_hit then 1 else 0 end) as hits,
        sum(case when is_hit then 0 else 1 end) as misses
    from scored
    group by opportunity_type, method, origin, score
),

pairs_won as (
    select
        opportunity_type, method, origin, hits, misses,
        hits * (
            2 * sum(misses) over (partition by opportunity_type, method, origin order by score) - misses
        ) as half_wins
    from by_score
)

select
    opportunity_type,
    method,
    origin,
    cast(sum(hits + misses) as bigint) as predictions,
    cast(sum(hits) as bigint) as hits,
    cast(sum(half_wins) as double) / cast(nullif(2 * sum(hits) * sum(misses), 0) as double) as area_under_curve
from pairs_won
group by opportunity_type, method, origin
