-- purpose: naive forecasts of the growth of active pairs, for the pairs that were predicted
-- grain: method x origin x pair
-- stored: no
-- decisions: last_window: next as now; it ranks nobody. own_52w_rate: as in the last 52 weeks. p75_gap: up to the 75 % quantile of
--   the channel, what others sell as opportunity. normal_gap: up to the normal, without learning what comes of it. The
--   score is the forecast over the sales now
with forecasts as (
    select
        f.origin, f.base_value, f.scale, f.realised_value, f.is_hit, n.column1 as method,
        case n.column1
            when 'own_52w_rate' then f.rate
            when 'p75_gap' then f.p75
            when 'normal_gap' then f.normal
        end as forecast
    from growth_forecasts as f
    cross join (values ('last_window'), ('own_52w_rate'), ('p75_gap'), ('normal_gap')) as n
)

select
    'grow' as opportunity_type,
    method,
    origin,
    base_value,
    cast(round(coalesce(forecast - scale, 0), 4) as decimal(18, 4)) as predicted,
    realised_value as realised,
    is_hit,
    forecast / scale as score
from forecasts
