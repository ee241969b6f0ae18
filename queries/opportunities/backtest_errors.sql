-- purpose: how far chance may move the ratio of what was realised to what was predicted
-- grain: opportunity_type x scope x origin (-1 = all together) x decile, as in backtest_sums; dealerlens only
-- decisions: delta method for a ratio of sums over clusters (Cochran, Sampling Techniques, 1977, 6.3 and 9A): with R the
--   ratio, error^2 = C / (C - 1) x sum (y - R x)^2 / (sum x)^2, y what a cluster realised and x what was predicted for it.
--   Clusters are dealers, of new outlets cells; over origins together they are one, since windows overlap. Predictions
--   count as given. With two clusters or more
with scoped as (
    select opportunity_type, 'decile' as scope, origin, decile, cluster_id, predicted, realised
    from backtest_deciles
    union all
    select opportunity_type, 'all', origin, 0, cluster_id, predicted, realised
    from backtest_deciles
    union all
    select opportunity_type, 'listed', origin, 0, cluster_id, predicted, realised
    from backtest_deciles
    where is_listed
    union all
    select opportunity_type, 'dealer', origin, 0, dealer_id, predicted, realised
    from listed_sums
    where origin > 0
),

clustered as (
    select
        opportunity_type, scope, origin, decile, cluster_id,
        cast(sum(predicted) as decimal(18, 4)) as predicted, cast(sum(realised) as decimal(18, 4)) as realised
    from scoped
    group by opportunity_type, scope, origin, decile, cluster_id
    union all
    select
        opportunity_type, scope, -1, decile, cluster_id,
        cast(sum(predicted) as decimal(18, 4)) as predicted, cast(sum(realised) as decimal(18, 4)) as realised
    from scoped
    group by opportunity_type, scope, decile, cluster_id
),

sums as (
    select
        opportunity_type, scope, origin, decile,
        cast(count(*) as double) as clusters,
        cast(nullif(sum(predicted), 0) as double) as predicted,
        cast(sum(realised) as double) as realised,
        cast(sum(predicted * predicted) as double) as predicted_squared,
        cast(sum(predicted * realised) as double) as product,
        cast(sum(realised * realised) as double) as realised_squared
    from clustered
    group by opportunity_type, scope, origin, decile
)

select
    opportunity_type, scope, origin, decile,
    case
        when clusters > 1
            then sqrt(
                clusters / (clusters - 1) * greatest(
                    0,
                    realised_squared - 2 * realised / predicted * product
                    + power(realised / predicted, 2) * predicted_squared
                )
            ) / abs(predicted)
    end as ratio_error
from sums
