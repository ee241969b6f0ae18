-- purpose: sums of the tested predictions by decile of their score
-- grain: opportunity_type x origin x decile x is_listed; decile 1 has the highest scores
with ranked as (
    select
        opportunity_type, origin, is_listed, base_value, predicted, predicted_calibrated, calibration_factor, low, high,
        stretch, realised, is_hit,
        ntile(10) over (
            partition by opportunity_type, origin
            order by score desc, tie_score desc, dealer_id, outlet_id, item
        ) as decile
    from backtest_rows
)

select
    opportunity_type,
    origin,
    cast(decile as bigint) as decile,
    is_listed,
    count(*) as predictions,
    sum(base_value) as base_value,
    sum(predicted) as predicted,
    sum(predicted_calibrated) as predicted_calibrated,
    max(calibration_factor) as calibration_factor,
    sum(realised) as realised,
    sum(abs(realised - predicted)) as absolute_error,
    sum(case when is_hit then 1 else 0 end) as hits,
    sum(case when realised between low and high then 1 else 0 end) as inside,
    count(stretch) as stretched,
    sum(case when realised > stretch then 1 else 0 end) as above_stretch
from ranked
group by opportunity_type, origin, decile, is_listed
