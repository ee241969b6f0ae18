-- purpose: the naive forecasts that each type has to beat, for the same rows and the same outcome
-- grain: opportunity_type x method x origin
-- decisions: the top decile of a method is by its own score; a method without one ranks nobody
with forecasts as (
    select opportunity_type, method, origin, dealer_id, outlet_id, item, base_value, predicted, realised, is_hit, score
    from baselines_grow
    union all
    select opportunity_type, method, origin, dealer_id, outlet_id, item, base_value, predicted, realised, is_hit, score
    from baselines_horizontal
    union all
    select opportunity_type, method, origin, dealer_id, outlet_id, item, base_value, predicted, realised, is_hit, score
    from baselines_range
),

ranked as (
    select
        opportunity_type, method, origin, base_value, predicted, realised, is_hit,
        score is not null and ntile(10) over (
            partition by opportunity_type, method, origin
            order by score desc, dealer_id, outlet_id, item
        ) = 1 as is_top
    from forecasts
)

select
    opportunity_type,
    method,
    origin,
    count(*) as predictions,
    sum(base_value) as base_value,
    sum(predicted) as predicted,
    sum(realised) as realised,
    sum(abs(realised - predicted)) as absolute_error,
    sum(case when is_hit then 1 else 0 end) as hits,
    sum(case when is_top then 1 else 0 end) as top_predictions,
    sum(case when is_top and is_hit then 1 else 0 end) as top_hits
from ranked
group by opportunity_type, method, origin
