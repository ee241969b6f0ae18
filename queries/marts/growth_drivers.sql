-- purpose: why sales changed against the base window, split without a residual
-- grain: dealer x channel; no rows when the run has no comparison base
-- decisions: entered = nothing covered in the base, exited = nothing covered now; the rest splits by Shapley values.
--   What rounding leaves (below a cent) is in ticket_effect, so that the parts add up to the change exactly
with now as (
    select dealer_id, channel, covered_outlets, order_value, sales, returns
    from leaf_snapshots
    where snapshot = 0
),

base as (
    select l.dealer_id, l.channel, l.covered_outlets, l.order_value, l.sales, l.returns
    from leaf_snapshots as l
    inner join analysis_window as w on w.base_snapshot = l.snapshot
),

changes as (
    select
        coalesce(n.dealer_id, b.dealer_id) as dealer_id,
        coalesce(n.channel, b.channel) as channel,
        coalesce(n.covered_outlets, 0) > 0 as is_covered_now,
        coalesce(b.covered_outlets, 0) > 0 as was_covered,
        cast(coalesce(n.sales, 0) as decimal(18, 4)) as sales_12w,
        cast(coalesce(b.sales, 0) as decimal(18, 4)) as sales_base,
        cast(coalesce(n.order_value, 0) as decimal(18, 4)) as value_now,
        cast(coalesce(b.order_value, 0) as decimal(18, 4)) as value_base,
        cast(coalesce(n.returns, 0) as decimal(18, 4)) as returns_now,
        cast(coalesce(b.returns, 0) as decimal(18, 4)) as returns_base
    from now as n
    full join base as b on b.dealer_id = n.dealer_id and b.channel = n.channel
)

select
    w.as_of,
    c.dealer_id,
    d.dealer_name,
    d.region,
    c.channel,
    w.comparison_base,
    c.sales_12w,
    c.sales_base,
    c.sales_12w - c.sales_base as sales_change,
    case when c.was_covered then 0 else c.value_now end as entered,
    case when c.is_covered_now or not c.was_covered then 0 else -c.value_base end as exited,
    coalesce(e.coverage_effect, 0) as coverage_effect,
    coalesce(e.activity_effect, 0) as activity_effect,
    coalesce(e.frequency_effect, 0) as frequency_effect,
    case
        when e.dealer_id is null then 0
        else c.value_now - c.value_base - e.coverage_effect - e.activity_effect - e.frequency_effect
    end as ticket_effect,
    c.returns_now - c.returns_base as returns_effect
from changes as c
inner join analysis_window as w on w.base_snapshot is not null
inner join dealers as d on d.dealer_id = c.dealer_id
left join driver_effects as e on e.dealer_id = c.dealer_id and e.channel = c.channel
