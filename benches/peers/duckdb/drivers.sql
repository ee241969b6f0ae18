-- Shapley values of c * a * f * t: each change times the weighted mean of the other three over all orders of switching.
create macro shapley(x0, x1, a0, a1, b0, b1, c0, c1) as (
    (x1 - x0) * (
        (a0 * b0 * c0 + a1 * b1 * c1) / 4
        + (a1 * b0 * c0 + a0 * b1 * c0 + a0 * b0 * c1 + a1 * b1 * c0 + a1 * b0 * c1 + a0 * b1 * c1) / 12
    )
)::decimal(18, 4);

create table growth_drivers as
with now as (from leaf_snapshots where snapshot = 0),
base as (select l.* from leaf_snapshots as l inner join analysis_window as w on w.base_snapshot = l.snapshot),
changes as (
    select
        dealer_id,
        channel,
        coalesce(n.covered_outlets, 0)::double as c1,
        coalesce(b.covered_outlets, 0)::double as c0,
        n.active_outlets::double / nullif(n.covered_outlets, 0) as activity_now,
        b.active_outlets::double / nullif(b.covered_outlets, 0) as activity_base,
        n.orders::double / nullif(n.active_outlets, 0) as frequency_now,
        b.orders::double / nullif(b.active_outlets, 0) as frequency_base,
        n.order_value::double / nullif(n.orders, 0) as ticket_now,
        b.order_value::double / nullif(b.orders, 0) as ticket_base,
        coalesce(n.sales, 0)::decimal(18, 4) as sales_12w,
        coalesce(b.sales, 0)::decimal(18, 4) as sales_base,
        coalesce(n.order_value, 0)::decimal(18, 4) as value_now,
        coalesce(b.order_value, 0)::decimal(18, 4) as value_base,
        coalesce(n.returns, 0)::decimal(18, 4) as returns_now,
        coalesce(b.returns, 0)::decimal(18, 4) as returns_base
    from now as n
    full join base as b using (dealer_id, channel)
),
factors as (
    select
        *,
        coalesce(activity_now, activity_base, 0) as a1,
        coalesce(activity_base, activity_now, 0) as a0,
        coalesce(frequency_now, frequency_base, 0) as f1,
        coalesce(frequency_base, frequency_now, 0) as f0,
        coalesce(ticket_now, ticket_base, 0) as t1,
        coalesce(ticket_base, ticket_now, 0) as t0
    from changes
),
effects as (
    select
        *,
        c0 > 0 and c1 > 0 as is_split,
        if(is_split, shapley(c0, c1, a0, a1, f0, f1, t0, t1), 0) as coverage_effect,
        if(is_split, shapley(a0, a1, c0, c1, f0, f1, t0, t1), 0) as activity_effect,
        if(is_split, shapley(f0, f1, c0, c1, a0, a1, t0, t1), 0) as frequency_effect
    from factors
)
select
    w.as_of,
    e.dealer_id,
    d.region,
    e.channel,
    w.comparison_base,
    e.sales_12w,
    e.sales_base,
    e.sales_12w - e.sales_base as sales_change,
    if(c0 > 0, 0, value_now) as entered,
    if(c1 > 0 or c0 = 0, 0, -value_base) as exited,
    coverage_effect,
    activity_effect,
    frequency_effect,
    if(is_split, value_now - value_base - coverage_effect - activity_effect - frequency_effect, 0) as ticket_effect,
    returns_now - returns_base as returns_effect
from effects as e
cross join analysis_window as w
inner join dealers as d using (dealer_id);
