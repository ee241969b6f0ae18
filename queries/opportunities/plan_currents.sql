-- purpose: what a plan by channel starts from: current sales, and the opportunities where they are
-- grain: dealer x scenario x channel; channels with sales or with a listed opportunity
-- decisions: amounts are counted in units of 0.0001, so that parts add up exactly: every channel gets its share rounded
--   down, the units left go to the largest remainders. A channel whose returns exceed its orders is planned at zero,
--   and the others bear that in proportion; without such a channel current_units are the channel's own sales
with cells as (
    select
        coalesce(n.dealer_id, f.dealer_id) as dealer_id,
        coalesce(n.channel, f.channel) as channel,
        coalesce(n.sales, 0) as sales,
        cast(greatest(0, coalesce(n.sales, 0)) * 10000 as decimal(19, 0)) as sales_weight,
        cast(coalesce(f.vertical_expected, 0) * 10000 as decimal(19, 0)) as vertical_units,
        cast(coalesce(f.horizontal_expected, 0) * 10000 as decimal(19, 0)) as horizontal_units
    from (select dealer_id, channel, sales from leaf_snapshots where snapshot = 0 and sales <> 0) as n
    full join plan_opportunities as f on f.dealer_id = n.dealer_id and f.channel = n.channel
),

products as (
    select
        g.dealer_id, g.scenario, c.channel, c.sales, c.sales_weight, c.vertical_units, c.horizontal_units,
        cast(g.sales * 10000 as decimal(19, 0)) as sales_units,
        cast(g.remaining * 10000 as decimal(19, 0)) as remaining_units,
        cast(g.sales * 10000 as decimal(19, 0)) * c.sales_weight as product,
        sum(c.sales_weight) over (partition by g.dealer_id, g.scenario) as weight
    from cells as c
    inner join dealer_goals as g on g.dealer_id = c.dealer_id
),

floors as (
    select
        dealer_id, scenario, channel, sales, sales_weight, vertical_units, horizontal_units, sales_units,
        remaining_units, product % weight as remainder,
        cast((product - product % weight) / weight as decimal(19, 0)) as units
    from products
)

select
    dealer_id,
    scenario,
    channel,
    sales,
    sales_weight,
    vertical_units,
    horizontal_units,
    remaining_units,
    units + case
        when row_number() over (partition by dealer_id, scenario order by remainder desc, channel)
            <= sales_units - sum(units) over (partition by dealer_id, scenario)
            then 1
        else 0
    end as current_units
from floors
