-- purpose: the probability that a dealer's true value lies above its threshold, and what it takes to cross it
-- grain: dealer x snapshot
-- decisions: 1e-9 less before rounding up keeps 0.28 x 25 at 7
--   numeric distribution: Beta(covered + 1, universe - covered + 1), the posterior under a uniform prior
--   active outlets:       Gamma(active + 1/2), the posterior of a Poisson count under Jeffreys' prior
--   numeric distribution: a threshold of 1 is reached by covering all, since no rate lies above it
--   a threshold of 0:     half of the peers have nothing. Whoever has something lies above it, and nobody else
--   performance:          normal, its variance the sum of squared order values; without any order there is no noise. On
--                         the threshold it is a half: products of rates would lie beside it by their last digit
--   sales to the threshold are NULL past what money can hold, as where a target is a placeholder
with held as (
    select
        v.dealer_id,
        v.snapshot,
        v.ends_on,
        v.is_new,
        v.is_window_seen,
        v.coverage_metric,
        v.coverage_value,
        t.coverage_threshold,
        t.coverage_benchmark_level,
        t.coverage_peers,
        v.performance_metric,
        v.performance_value,
        t.performance_threshold,
        t.performance_benchmark_level,
        t.performance_peers,
        v.active_outlets,
        v.universe_outlets,
        least(v.covered_in_universe, v.universe_outlets) as covered_in_universe,
        cast(v.sales as double) as sales,
        v.sales_variance,
        t.performance_threshold * v.performance_base as sales_at_threshold
    from axis_values as v
    inner join axis_thresholds as t on t.dealer_id = v.dealer_id and t.snapshot = v.snapshot
)

select
    dealer_id,
    snapshot,
    ends_on,
    is_new,
    is_window_seen,
    universe_outlets,
    coverage_metric,
    coverage_value,
    coverage_threshold,
    coverage_benchmark_level,
    coverage_peers,
    case
        when coverage_value is null then null
        when coverage_threshold <= 0 then case when coverage_value > 0 then 1.0 else 0.0 end
        when coverage_metric = 'active_outlets' then gamma_survival(active_outlets + 0.5, coverage_threshold)
        when coverage_threshold >= 1 then case when covered_in_universe >= universe_outlets then 1.0 else 0.0 end
        else beta_survival(
            covered_in_universe + 1, universe_outlets - covered_in_universe + 1, coverage_threshold
        )
    end as coverage_probability,
    cast(
        case
            when coverage_value is null or coverage_threshold is null then null
            when coverage_threshold <= 0 then case when coverage_value > 0 then 0 else 1 end
            when coverage_metric = 'active_outlets' then greatest(0, ceil(coverage_threshold - 1e-9) - active_outlets)
            else greatest(0, ceil(coverage_threshold * universe_outlets - 1e-9) - covered_in_universe)
        end as bigint
    ) as outlets_to_threshold,
    performance_metric,
    performance_value,
    performance_threshold,
    performance_benchmark_level,
    performance_peers,
    case
        when performance_value is null or performance_threshold is null then null
        when performance_threshold <= 0 and sales <= 0 then 0.0
        when performance_value = performance_threshold then 0.5
        when sales_variance > 0 then normal_cdf((sales - sales_at_threshold) / sqrt(sales_variance))
        when sales > sales_at_threshold then 1.0
        when sales < sales_at_threshold then 0.0
        else 0.5
    end as performance_probability,
    cast(
        case
            when performance_value is not null and sales_at_threshold - sales < 1e13
                then greatest(0, sales_at_threshold - sales)
        end as decimal(18, 4)
    ) as sales_to_threshold
from held
