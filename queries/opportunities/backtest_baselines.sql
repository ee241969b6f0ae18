-- purpose: the naive forecasts that each type has to beat, for the same rows and the same outcome
-- grain: opportunity_type x method x origin
-- decisions: the top decile of a method are the rows from the 90 % quantile of its own score on: equal scores belong together,
--   so that a method that tells few rows apart has more of them at the top. A method without a score ranks nobody
with forecasts as (
    select opportunity_type, method, origin, base_value, predicted, realised, is_hit, score
    from baselines_grow
    union all
    select opportunity_type, method, origin, base_value, predicted, realised, is_hit, score
    from baselines_horizontal
    union all
    select opportunity_type, method, origin, base_value, predicted, realised, is_hit, score
    from baselines_range
),

borders as (
    select opportunity_type, method, origin, percentile_cont(0.9) within group (order by score) as top_from
    from forecasts
    where score is not null
    group by opportunity_type, method, origin
),

judged as (
    select
        f.opportunity_type, f.method, f.origin, f.base_value, f.predicted, f.realised, f.is_hit,
        coalesce(f.score >= b.top_from, false) as is_top
    from borders as b
    right join forecasts as f on b.opportunity_type = f.opportunity_type and b.method = f.method and b.origin = f.origin
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
from judged
group by opportunity_type, method, origin
