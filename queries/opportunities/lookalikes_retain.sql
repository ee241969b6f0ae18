-- purpose: active pairs, each with its kind, for learning how many stopped
-- grain: pair x origin; pairs with orders and positive sales in the window
-- stored: no
-- decisions: the kind is the silence at the origin in mean gaps of the pair, and its orders in the window. The
--   outcome is what was lost: the sales of the window if no order came in the next 12 weeks
with rhythm as (
    select
        pair_number, channel, origin, behaviour, sales, orders, next_orders,
        days_since_order / nullif(mean_gap_days, 0) as silence
    from pair_origins
    where orders > 0 and sales > 0
)

select
    r.pair_number,
    r.channel,
    r.origin,
    'retain' as opportunity_type,
    case
        when r.silence is null then 'first order'
        when r.silence <= 0.5 then 'silent 0-0.5 gaps'
        when r.silence <= 1 then 'silent 0.5-1 gaps'
        when r.silence <= 1.5 then 'silent 1-1.5 gaps'
        when r.silence <= 2 then 'silent 1.5-2 gaps'
        when r.silence <= 3 then 'silent 2-3 gaps'
        else 'silent 3+ gaps'
    end || case when r.orders = 1 then ', 1 order' when r.orders <= 3 then ', 2-3 orders' else ', 4+ orders' end as kind,
    case
        when r.silence is null then 'any first order'
        when r.silence <= 2 then 'any silent 0-2 gaps'
        else 'any silent 2+ gaps'
    end as wide_kind,
    cast(r.sales as double) as scale,
    case when o.is_known then case when r.next_orders = 0 then cast(r.sales as double) else 0 end end as outcome,
    case when o.is_known then r.next_orders = 0 end as is_hit,
    r.behaviour = 'at_risk' as is_candidate,
    cast(null as double) as growth_probability
from rhythm as r
inner join origins as o on o.origin = r.origin
