-- purpose: the metric of each class axis, one choice a run
-- grain: one row
-- parameters: $performance, `auto` or the name of a metric
-- decisions: numeric distribution needs a universe, and attainment targets that fill the current window, for at least
--   half of the dealers that sold in it. Market data of other territories, or targets that ended months ago, would leave
--   every dealer unrated
with selling as (
    select
        count(*) as dealers,
        coalesce(sum(case when u.universe_outlets > 0 then 1 else 0 end), 0) as dealers_with_universe,
        coalesce(sum(case when t.target > 0 then 1 else 0 end), 0) as dealers_with_target
    from dealer_sums as s
    left join dealer_distribution as u on u.dealer_id = s.dealer_id and u.snapshot = s.snapshot
    left join dealer_targets as t on t.dealer_id = s.dealer_id and t.snapshot = s.snapshot
    where s.snapshot = 0 and s.orders > 0
)

select
    case
        when dealers_with_universe > 0 and dealers_with_universe * 2 >= dealers then 'numeric_distribution'
        else 'active_outlets'
    end as coverage_metric,
    case
        when $performance <> 'auto' then $performance
        when dealers_with_target > 0 and dealers_with_target * 2 >= dealers then 'attainment'
        else 'sales_per_outlet'
    end as performance_metric,
    dealers,
    dealers_with_universe,
    dealers_with_target
from selling
