-- purpose: both class metrics of each dealer at each snapshot, with what their noise is computed from
-- grain: dealer x snapshot; snapshots before the dealer's start are left out
-- decisions: a metric that cannot be computed is NULL with its reason; zero covered outlets have no sales per outlet.
--   What is counted over a window that ends before the history begins is NULL: those zeros were never seen. So are
--   both metrics of a dealer that is not reported: it is nobody's peer
with measured as (
    select
        s.dealer_id,
        s.snapshot,
        s.ends_on,
        d.tier,
        coalesce(
            b.is_start_known and s.ends_on - b.started_on < 84,
            false
        ) as is_new,
        w.history_starts_on <= s.ends_on as is_window_seen,
        f.is_not_reported,
        m.coverage_metric,
        m.performance_metric,
        s.covered_outlets,
        s.active_outlets,
        s.sales,
        cast(s.squared_order_value as double) as sales_variance,
        t.target,
        u.universe_outlets,
        u.covered_in_universe,
        u.numeric_distribution
    from dealer_sums as s
    cross join run_metrics as m
    cross join analysis_window as w
    inner join dealers as d on d.dealer_id = s.dealer_id
    inner join dealer_starts as b on b.dealer_id = s.dealer_id
    inner join dealer_reports as f on f.dealer_id = s.dealer_id and f.snapshot = s.snapshot
    left join dealer_targets as t on t.dealer_id = s.dealer_id and t.snapshot = s.snapshot
    left join dealer_distribution as u on u.dealer_id = s.dealer_id and u.snapshot = s.snapshot
    where s.snapshot <= 12 and (b.started_on is null or b.started_on <= s.ends_on)
)

select
    dealer_id,
    snapshot,
    ends_on,
    tier,
    is_new,
    is_window_seen,
    covered_outlets,
    active_outlets,
    sales,
    sales_variance,
    coverage_metric,
    universe_outlets,
    covered_in_universe,
    case
        when is_not_reported then null
        when coverage_metric = 'numeric_distribution' then numeric_distribution
        when is_window_seen then cast(active_outlets as double)
    end as coverage_value,
    performance_metric,
    case performance_metric
        when 'attainment' then cast(target as double)
        else cast(covered_outlets as double)
    end as performance_base,
    case
        when is_not_reported or not is_window_seen then null
        when performance_metric <> 'attainment'
            then case when covered_outlets > 0 then cast(sales as double) / covered_outlets end
        when target > 0 then cast(sales as double) / cast(target as double)
    end as performance_value
from measured
