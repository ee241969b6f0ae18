-- purpose: naive forecasts of the growth of active pairs, for the pairs that were predicted
-- grain: method x origin x dealer x outlet
-- stored: no
-- decisions: last_window: next as now; it ranks nobody. own_52w_rate: 3 of 13 periods of the last 52 weeks. p75_gap: up to
--   the 75 % quantile of the channel, what others sell as opportunity. normal_gap: up to the normal, without learning what
--   comes of it. The score is the forecast over the sales now
with quartiles as (
    select origin, channel, percentile_cont(0.75) within group (order by scale) as p75
    from vertical_predictions
    where opportunity_type = 'grow'
    group by origin, channel
),

measured as (
    select
        p.origin,
        p.dealer_id,
        p.outlet_id,
        p.base_value,
        p.scale,
        p.realised_value,
        p.is_hit,
        3 * cast(o.sales_52w as double) / 13 as rate,
        greatest(p.scale, q.p75) as p75,
        greatest(p.scale, n.normal_sales) as normal
    from vertical_predictions as p
    inner join pair_origins as o on o.dealer_id = p.dealer_id and o.outlet_id = p.outlet_id and o.origin = p.origin
    inner join quartiles as q on q.origin = p.origin and q.channel = p.channel
    left join pair_normals as n on n.dealer_id = p.dealer_id and n.outlet_id = p.outlet_id and n.origin = p.origin
    where
        p.opportunity_type = 'grow'
        and p.origin > 0
        and p.expected_value is not null
        and p.realised_value is not null
),

forecasts as (
    select
        m.origin, m.dealer_id, m.outlet_id, m.base_value, m.scale, m.realised_value, m.is_hit, n.column1 as method,
        case n.column1
            when 'own_52w_rate' then m.rate
            when 'p75_gap' then m.p75
            when 'normal_gap' then coalesce(m.normal, m.scale)
        end as forecast
    from measured as m
    cross join (values ('last_window'), ('own_52w_rate'), ('p75_gap'), ('normal_gap')) as n
)

select
    'grow' as opportunity_type,
    method,
    origin,
    dealer_id,
    outlet_id,
    '' as item,
    base_value,
    cast(round(coalesce(forecast - scale, 0), 4) as decimal(18, 4)) as predicted,
    realised_value as realised,
    is_hit,
    cast(forecast / scale as decimal(28, 9)) as score
from forecasts
