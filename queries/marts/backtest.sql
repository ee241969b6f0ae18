-- purpose: whether the opportunities of earlier days came true, by type and decile, beside naive baselines
-- grain: opportunity_type x method x scope x origin x decile
-- parameters: $as_of
-- decisions: scope 'decile' has the tenths by score, 1 the highest; 'all' every prediction of the origin and 'listed'
--   what the table of opportunities would have shown, both with decile 0. Origin -1 is all origins together. Areas
--   are averaged over origins. Outlets and range gaps are tested in the settled picture, whose origins lie up to 27 days
--   before those of new outlets; a type is in one of the two pictures only
with sums as (
    select
        s.opportunity_type, s.method, s.scope, s.origin, s.decile, s.predictions, s.base_value, s.predicted,
        s.predicted_calibrated, s.calibration_factor, s.realised, s.absolute_error, s.hits, s.inside, s.stretched,
        s.above_stretch, s.top_predictions, s.top_hits, s.area_under_curve, o.ends_on
    from settled.backtest_sums as s
    left join settled.origin_days as o on o.origin = s.origin
    union all
    select
        s.opportunity_type, s.method, s.scope, s.origin, s.decile, s.predictions, s.base_value, s.predicted,
        s.predicted_calibrated, s.calibration_factor, s.realised, s.absolute_error, s.hits, s.inside, s.stretched,
        s.above_stretch, s.top_predictions, s.top_hits, s.area_under_curve, o.ends_on
    from backtest_sums as s
    left join origin_days as o on o.origin = s.origin
),

errors as (
    select opportunity_type, scope, origin, decile, ratio_error
    from settled.backtest_errors
    union all
    select opportunity_type, scope, origin, decile, ratio_error
    from backtest_errors
),

pooled as (
    select
        opportunity_type, method, scope, origin, decile, predictions, base_value, predicted, predicted_calibrated,
        calibration_factor, realised, absolute_error, hits, inside, stretched, above_stretch, top_predictions, top_hits,
        area_under_curve, ends_on, 1 as origins
    from sums
    union all
    select
        opportunity_type, method, scope, -1, decile, sum(predictions), sum(base_value), sum(predicted),
        sum(predicted_calibrated), null, sum(realised), sum(absolute_error), sum(hits), sum(inside), sum(stretched),
        sum(above_stretch), sum(top_predictions), sum(top_hits),
        cast(avg(cast(area_under_curve as decimal(18, 9))) as double), null, count(*)
    from sums
    group by opportunity_type, method, scope, decile
)

select
    $as_of as as_of,
    p.opportunity_type,
    p.method,
    p.scope,
    p.origin,
    p.decile,
    p.origin = -1 as is_pooled,
    p.ends_on as origin_ends_on,
    cast(p.origins as bigint) as origins,
    cast(p.predictions as bigint) as predictions,
    cast(p.base_value as decimal(30, 4)) as sales_12w,
    cast(p.predicted as decimal(30, 4)) as predicted,
    cast(p.realised as decimal(30, 4)) as realised,
    cast(p.realised as double) / cast(nullif(p.predicted, 0) as double) as realised_to_predicted,
    cast(p.realised as double) / cast(nullif(p.predicted, 0) as double) - 1.2816 * e.ratio_error as ratio_low,
    cast(p.realised as double) / cast(nullif(p.predicted, 0) as double) + 1.2816 * e.ratio_error as ratio_high,
    p.calibration_factor,
    cast(p.predicted_calibrated as decimal(30, 4)) as predicted_calibrated,
    cast(p.realised as double) / cast(nullif(p.predicted_calibrated, 0) as double) as realised_to_calibrated,
    cast(p.absolute_error as decimal(30, 4)) as absolute_error,
    cast(p.hits as bigint) as hits,
    cast(p.hits as double) / p.predictions as hit_rate,
    cast(p.top_hits as double) / nullif(p.top_predictions, 0) as top_decile_hit_rate,
    cast(p.top_hits as double) / nullif(p.top_predictions, 0) / nullif(cast(p.hits as double) / p.predictions, 0)
        as top_decile_lift,
    cast(p.inside as double) / p.predictions as interval_coverage,
    cast(p.above_stretch as double) / nullif(p.stretched, 0) as share_above_stretch,
    p.area_under_curve
from pooled as p
left join errors as e
    on e.opportunity_type = p.opportunity_type
    and e.scope = p.scope
    and e.origin = p.origin
    and e.decile = p.decile
    and p.method = 'dealerlens'
