-- purpose: what the listed rows of a dealer add up to, and how far the sum may be off
-- grain: opportunity_type x origin x dealer; the tested origins of the picture, range today as well
-- decisions: values are calibrated, as the tables show them. Rows count as independent and variances add up. log_nothing is
--   the logarithm of the chance that none of them brings anything; NULL for grow, which can also fall
with listed as (
    select
        opportunity_type, origin, dealer_id, predicted, predicted_calibrated, calibration_factor, variance, log_nothing,
        realised, is_hit
    from backtest_rows
    where is_listed
    union all
    select
        'range', 0, dealer_id, null, expected_value, cast(calibration_factor as double), variance, log_nothing, null, null
    from range_rows
)

select
    opportunity_type,
    origin,
    dealer_id,
    count(*) as listed_rows,
    sum(predicted) as predicted,
    sum(predicted_calibrated) as predicted_calibrated,
    max(calibration_factor) as calibration_factor,
    sum(variance) as variance,
    sum(log_nothing) as log_nothing,
    sum(realised) as realised,
    sum(case when is_hit then 1 else 0 end) as hits
from listed
group by opportunity_type, origin, dealer_id
