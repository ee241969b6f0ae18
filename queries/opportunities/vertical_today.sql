-- purpose: what is expected of each pair from today, with what it is measured by
-- grain: dealer x outlet x opportunity_type; every covered pair, listed or not
-- decisions: the factor of the calibration scales the expected value only. Low, high and stretch are quantiles as
--   observed, and the backtest shows how often they hold; a factor on them would undo that
with today as (
    select pair_number, behaviour, orders, sales, own_period_sales, silent_periods
    from pair_origins
    where origin = 0
),

kinds as (
    select pair_number, opportunity_type, channel, kind
    from lookalikes
    where origin = 0
),

normals as (
    select
        pair_number, learned_periods, sales_mean, peer_sales_mean, peer_level, pairs, credibility,
        sales_season, drop_probability, normal_orders,
        cast(round(normal_sales, 4) as decimal(18, 4)) as normal_sales
    from pair_normals
    where origin = 0
)

select
    o.dealer_id, o.outlet_id, o.region, o.channel, p.opportunity_type, k.kind, p.is_listed,
    t.behaviour, t.orders, t.sales, t.own_period_sales,
    n.learned_periods, n.sales_mean, n.peer_sales_mean, n.credibility, n.sales_season,
    n.normal_sales, n.normal_orders, n.drop_probability,
    case when p.opportunity_type = 'grow' then greatest(0, n.normal_sales - t.sales) end as shortfall,
    p.probability, r.hit_ratio, p.scale, coalesce(r.lookalikes, 0) as lookalikes, r.learned_level,
    n.peer_level, n.pairs,
    c.calibration_factor,
    cast(round(cast(p.expected_value as double) * c.calibration_factor, 4) as decimal(18, 4)) as expected_value,
    p.low_value,
    greatest(
        p.high_value, cast(round(cast(p.expected_value as double) * c.calibration_factor, 4) as decimal(18, 4))
    ) as high_value,
    p.stretch_value
from vertical_predictions as p
inner join origin_pairs as o on o.pair_number = p.pair_number
inner join today as t on t.pair_number = p.pair_number
inner join kinds as k on k.pair_number = p.pair_number and k.opportunity_type = p.opportunity_type
left join learned_ratios as r
    on r.origin = 0 and r.opportunity_type = k.opportunity_type and r.channel = k.channel and r.kind = k.kind
inner join vertical_calibration as c on c.origin = 0 and c.opportunity_type = p.opportunity_type
left join normals as n
    on n.pair_number = p.pair_number and p.opportunity_type = 'grow'
where p.origin = 0
