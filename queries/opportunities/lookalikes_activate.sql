-- purpose: covered pairs without an order in the window, each with its kind, for learning how many came back
-- grain: pair x origin
-- stored: no
-- decisions: the kind is how long the pair has been silent and in how many periods it used to buy: of two lapsed
--   outlets the one that left 12 weeks ago and bought monthly comes back far more often. The scale is what it used to
--   sell in a period with orders, so that the value follows the outlet's size; 1 for a prospect, which has no size
--   yet. A prospect whose opening is not dated teaches nothing: it may be in the master only because it became a
--   customer later
with silent as (
    select
        pair_number, channel, origin, behaviour, silent_periods, own_period_sales,
        case when behaviour = 'churned' then bought_periods else periods_with_orders end as rhythm,
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
    case
        when s.behaviour = 'prospect' then 'prospect'
        else case
            when s.silent_periods <= 4 then 'silent 12-20 weeks'
            when s.silent_periods <= 7 then 'silent 20-32 weeks'
            when s.silent_periods <= 12 then 'silent 32-52 weeks'
            else 'silent 52+ weeks'
        end || case when s.rhythm <= 1 then ', bought once' when s.rhythm <= 3 then ', seldom' else ', often' end
    end as kind,
    'any ' || s.behaviour as wide_kind,
    case when s.behaviour = 'prospect' then 1.0 else s.own_period_sales end as scale,
    case when o.is_known and not s.is_undated then cast(s.next_sales as double) end as outcome,
    case when o.is_known and not s.is_undated then s.next_orders > 0 end as is_hit,
    true as is_candidate,
    cast(null as double) as growth_probability
from silent as s
inner join origins as o on o.origin = s.origin
