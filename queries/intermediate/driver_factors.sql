-- purpose: the four factors of each leaf, now and in the base window
-- grain: dealer x channel
-- decisions: an undefined rate (0 / 0) takes the other window's value, so that its change is zero; undefined in both
--   windows it is 0 and nothing hangs on it
with counts as (
    select
        coalesce(n.dealer_id, b.dealer_id) as dealer_id,
        coalesce(n.channel, b.channel) as channel,
        cast(coalesce(n.covered_outlets, 0) as double) as covered_now,
        cast(coalesce(b.covered_outlets, 0) as double) as covered_base,
        cast(coalesce(n.active_outlets, 0) as double) as active_now,
        cast(coalesce(b.active_outlets, 0) as double) as active_base,
        cast(coalesce(n.orders, 0) as double) as orders_now,
        cast(coalesce(b.orders, 0) as double) as orders_base,
        cast(coalesce(n.order_value, 0) as double) as value_now,
        cast(coalesce(b.order_value, 0) as double) as value_base
    from (
        select dealer_id, channel, covered_outlets, active_outlets, orders, order_value
        from leaf_snapshots
        where snapshot = 0
    ) as n
    full join (
        select l.dealer_id, l.channel, l.covered_outlets, l.active_outlets, l.orders, l.order_value
        from leaf_snapshots as l
        inner join analysis_window as w on w.base_snapshot = l.snapshot
    ) as b on b.dealer_id = n.dealer_id and b.channel = n.channel
),

rates as (
    select
        dealer_id,
        channel,
        covered_now,
        covered_base,
        active_now / nullif(covered_now, 0) as activity_now,
        active_base / nullif(covered_base, 0) as activity_base,
        orders_now / nullif(active_now, 0) as frequency_now,
        orders_base / nullif(active_base, 0) as frequency_base,
        value_now / nullif(orders_now, 0) as ticket_now,
        value_base / nullif(orders_base, 0) as ticket_base
    from counts
)

select
    dealer_id,
    channel,
    covered_now as c1,
    covered_base as c0,
    coalesce(activity_now, activity_base, 0) as a1,
    coalesce(activity_base, activity_now, 0) as a0,
    coalesce(frequency_now, frequency_base, 0) as f1,
    coalesce(frequency_base, frequency_now, 0) as f0,
    coalesce(ticket_now, ticket_base, 0) as t1,
    coalesce(ticket_base, ticket_now, 0) as t0
from rates
