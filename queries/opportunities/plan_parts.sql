-- purpose: each part of a channel's plan by period, in units of 0.0001
-- grain: dealer x scenario x channel x part x period
-- decisions: each part of each channel adds up by itself: shares rounded down, units left to the largest remainders,
--   earlier periods first. A negative part is split like its amount
with parts as (
    select dealer_id, scenario, channel, 'current' as part, current_units as units
    from plan_channels
    union all
    select dealer_id, scenario, channel, 'vertical' as part, vertical_units as units
    from plan_channels
    union all
    select dealer_id, scenario, channel, 'horizontal' as part, horizontal_units as units
    from plan_channels
    union all
    select dealer_id, scenario, channel, 'remaining' as part, remaining_units as units
    from plan_channels
),

products as (
    select
        p.dealer_id, p.scenario, p.channel, p.part, s.period, p.units, s.total_weight,
        cast(abs(p.units) as decimal(19, 0)) * cast(s.weight as decimal(18, 0)) as product
    from parts as p
    inner join dealers as d on d.dealer_id = p.dealer_id
    inner join plan_seasons as s on s.region = d.region and s.channel = p.channel
),

floors as (
    select
        dealer_id, scenario, channel, part, period, units,
        product % total_weight as remainder,
        cast((product - product % total_weight) / total_weight as decimal(19, 0)) as part_units
    from products
),

rounded as (
    select
        dealer_id, scenario, channel, part, period, units,
        part_units + case
            when row_number() over (partition by dealer_id, scenario, channel, part order by remainder desc, period)
                <= abs(units) - sum(part_units) over (partition by dealer_id, scenario, channel, part)
                then 1
            else 0
        end as part_units
    from floors
)

select
    dealer_id,
    scenario,
    channel,
    part,
    period,
    cast(case when units < 0 then -part_units else part_units end as decimal(19, 0)) as units
from rounded
