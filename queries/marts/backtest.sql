-- purpose: whether the opportunities of earlier days came true, by type and decile, beside naive baselines
-- grain: opportunity_type x method x scope x origin x decile
-- parameters: $as_of
-- decisions: scope 'decile' has the tenths by score, 1 the highest; 'all' every prediction of the origin and 'listed'
--   what the table of opportunities would have shown, both with decile 0. Origin -1 is all origins together. Areas
--   are averaged over origins
with pooled as (
    select
        opportunity_type, method, scope, origin, decile, predictions, base_value, predicted, predicted_calibrated,
        calibration_factor, realised, absolute_error, hits, inside, stretched, above_stretch, top_predictions, top_hits,
        area_under_curve, 1 as origins
    from backtest_sums
    union all
    select
        opportunity_type, method, scope, -1, decile, sum(predictions), sum(base_value), sum(predicted),
        sum(predicted_calibrated), null, sum(realised), sum(absolute_error), sum(hits), sum(inside), sum(stretched),
        sum(above_stretch), sum(top_predictions), sum(top_hits),
        cast(avg(cast(area_under_curve as decimal(18, 9))) as double), count(*)
    from backtest_sums
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
    o.ends_on as origin_ends_on,
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
left join origins as o on o.origin = p.origin
left join backtest_errors as e
    on e.opportunity_type = p.opportunity_type
    and e.scope = p.scope
    and e.origin = p.origin
    and e.decile = p.decile
    and p.method = 'dealerlens'
