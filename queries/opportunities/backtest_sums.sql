-- purpose: the backtest in sums that add up over origins
-- grain: opportunity_type x method x scope x origin x decile; scope decile, all, listed or dealer; decile 0 outside scope
--   decile
-- decisions: scope dealer has one prediction a dealer, the sum of its listed rows, and a hit where any of them is one. What a
--   dealer with one outlet at risk loses is the end of its interval, if anything: a thousandth beyond an end, or a cent, is inside
with own as (
    select
        opportunity_type, 'dealerlens' as method, 'decile' as scope, origin, decile, is_listed, predictions, base_value,
        predicted,
        predicted_calibrated, calibration_factor, realised, absolute_error, hits, inside, stretched, above_stretch
    from backtest_deciles
    union all
    select
        opportunity_type, 'dealerlens', 'all', origin, 0, is_listed, predictions, base_value, predicted,
        predicted_calibrated, calibration_factor, realised, absolute_error, hits, inside, stretched, above_stretch
    from backtest_deciles
    union all
    select
        opportunity_type, 'dealerlens', 'listed', origin, 0, is_listed, predictions, base_value, predicted,
        predicted_calibrated, calibration_factor, realised, absolute_error, hits, inside, stretched, above_stretch
    from backtest_deciles
    where is_listed
),

tops as (
    select opportunity_type, origin, sum(predictions) as top_predictions, sum(hits) as top_hits
    from backtest_deciles
    where decile = 1
    group by opportunity_type, origin
),

summed as (
    select
        opportunity_type, method, scope, origin, decile,
        sum(predictions) as predictions, sum(base_value) as base_value, sum(predicted) as predicted,
        sum(predicted_calibrated) as predicted_calibrated, max(calibration_factor) as calibration_factor,
        sum(realised) as realised, sum(absolute_error) as absolute_error, sum(hits) as hits, sum(inside) as inside,
        sum(stretched) as stretched, sum(above_stretch) as above_stretch
    from own
    group by opportunity_type, method, scope, origin, decile
)

select
    s.opportunity_type, s.method, s.scope, s.origin, s.decile, s.predictions, s.base_value, s.predicted,
    s.predicted_calibrated, s.calibration_factor, s.realised, s.absolute_error, s.hits, s.inside, s.stretched, s.above_stretch,
    case when s.scope = 'all' then t.top_predictions end as top_predictions,
    case when s.scope = 'all' then t.top_hits end as top_hits,
    a.area_under_curve
from summed as s
inner join tops as t on t.opportunity_type = s.opportunity_type and t.origin = s.origin
left join backtest_separation as a
    on a.opportunity_type = s.opportunity_type and a.method = s.method and a.origin = s.origin and s.scope = 'all'
union all
select
    d.opportunity_type, 'dealerlens', 'dealer', d.origin, 0, count(*), null, sum(d.predicted), sum(d.predicted_calibrated),
    max(d.calibration_factor), sum(d.realised), sum(abs(d.realised - d.predicted)),
    sum(case when d.hits > 0 then 1 else 0 end),
    sum(
        case
            when
                d.realised between i.low_value - 0.001 * abs(i.low_value) - 0.01 and i.high_value + 0.001 * abs(i.high_value) + 0.01
                then 1
            else 0
        end
    ),
    null, null, null, null, null
from listed_sums as d
left join dealer_intervals as i
    on i.opportunity_type = d.opportunity_type and i.origin = d.origin and i.dealer_id = d.dealer_id
where d.origin > 0
group by d.opportunity_type, d.origin
union all
select
    b.opportunity_type, b.method, 'all', b.origin, 0, b.predictions, b.base_value, b.predicted, null, null, b.realised,
    b.absolute_error, b.hits, null, null, null, b.top_predictions, b.top_hits, null
from backtest_baselines as b
union all
select
    a.opportunity_type, a.method, 'all', a.origin, 0, a.predictions, null, null, null, null, null,
    null, a.hits, null, null, null, null, null, a.area_under_curve
from backtest_separation as a
where a.method <> 'dealerlens'
