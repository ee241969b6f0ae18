-- purpose: covered pairs without an order in the window, each with its kind, for learning how many came back
-- grain: pair x origin
-- stored: no
-- decisions: the kind is how long the pair has been silent, and how many orders it had in the 52 weeks to the origin: an
--   outlet that ordered every second month pauses for 12 weeks now and then and comes back; one that ordered once seldom
--   does, nor does one that ordered monthly and stopped. A churned pair had no order in them; of it the kind tells in how
--   many periods it ever bought. The scale is what it used to sell in a period with orders, so that the value follows the
--   outlet's size; 1 for a prospect, which has no size yet. A prospect whose opening is not dated teaches nothing: it
--   may be in the master only because it became a customer later
with silent as (
    select
        pair_number, channel, origin, behaviour, silent_periods, own_period_sales, orders_52w, bought_periods,
        behaviour = 'prospect' and not is_opening_dated as is_undated,
        next_orders, next_sales
    from pair_origins
    where behaviour in ('prospect', 'lapsed', 'churned')
)

select
    s.pair_number,
    s.channel,
    s.origin,
    'activate' as opportunity_type,
    case s.behaviour
        when 'prospect' then 'prospect'
        when 'churned' then 'silent 52+ weeks' || case
            when s.bought_periods <= 1 then ', bought in 1 period'
            when s.bought_periods <= 3 then ', bought in 2-3 periods'
            else ', bought in 4+ periods'
        end
        else case
            when s.silent_periods <= 3 then 'silent 12-16 weeks'
            when s.silent_periods <= 4 then 'silent 16-20 weeks'
            when s.silent_periods <= 7 then 'silent 20-32 weeks'
            else 'silent 32-52 weeks'
        end || case
            when s.orders_52w <= 1 then ', 1 order in 52 weeks'
            when s.orders_52w <= 3 then ', 2-3 orders in 52 weeks'
            when s.orders_52w <= 6 then ', 4-6 orders in 52 weeks'
            when s.orders_52w <= 12 then ', 7-12 orders in 52 weeks'
            else ', 13+ orders in 52 weeks'
        end
    end as kind,
    case
        when s.behaviour <> 'lapsed' then 'any ' || s.behaviour
        when s.silent_periods <= 4 then 'any silent 12-20 weeks'
        else 'any silent 20-52 weeks'
    end as wide_kind,
    case when s.behaviour = 'prospect' then 1.0 else s.own_period_sales end as scale,
    case when o.is_known and not s.is_undated then cast(s.next_sales as double) end as outcome,
    case when o.is_known and not s.is_undated then s.next_orders > 0 end as is_hit,
    true as is_candidate,
    cast(null as double) as growth_probability
from silent as s
inner join origins as o on o.origin = s.origin
