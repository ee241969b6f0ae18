-- purpose: a dealer's plan by channel, in units of 0.0001
-- grain: dealer x scenario x channel; channels with sales or with a listed opportunity
-- decisions: what remains follows current sales. It is negative where more is found than the goal asks for: then all of
--   the plan is lowered in proportion, so that no channel falls below zero. Largest remainder, as in plan_currents
with weights as (
    select
        dealer_id, scenario, channel, sales, current_units, vertical_units, horizontal_units, remaining_units,
        cast(
            case
                when remaining_units >= 0 then sales_weight
                else current_units + vertical_units + horizontal_units
            end as decimal(19, 0)
        ) as weight
    from plan_currents
),

products as (
    select
        dealer_id, scenario, channel, sales, current_units, vertical_units, horizontal_units, remaining_units,
        cast(abs(remaining_units) as decimal(19, 0)) * weight as product,
        sum(weight) over (partition by dealer_id, scenario) as total_weight
    from weights
),

floors as (
    select
        dealer_id, scenario, channel, sales, current_units, vertical_units, horizontal_units, remaining_units,
        product % total_weight as remainder,
        cast((product - product % total_weight) / total_weight as decimal(19, 0)) as units
    from products
),

rounded as (
    select
        dealer_id, scenario, channel, sales, current_units, vertical_units, horizontal_units, remaining_units,
        units + case
            when row_number() over (partition by dealer_id, scenario order by remainder desc, channel)
                <= abs(remaining_units) - sum(units) over (partition by dealer_id, scenario)
                then 1
            else 0
        end as units
    from floors
)

select
    dealer_id,
    scenario,
    channel,
    sales,
    cast(current_units as decimal(19, 0)) as current_units,
    vertical_units,
    horizontal_units,
    cast(case when remaining_units < 0 then -units else units end as decimal(19, 0)) as remaining_units
from rounded
