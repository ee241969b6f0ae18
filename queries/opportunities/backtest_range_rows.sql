-- purpose: what the listed range gaps were expected to bring at an earlier origin, beside what they brought
-- grain: origin x pair x category
-- decisions: realised is what the pair bought of the category in the 12 weeks after the origin, if it bought any, which is
--   a hit; the score is the probability of one
select
    'range' as opportunity_type,
    f.origin,
    o.dealer_id,
    f.pair_number,
    f.category as item,
    true as is_listed,
    cast(f.adoption_probability as decimal(28, 9)) as score,
    cast(f.expected_value as decimal(28, 9)) as tie_score,
    cast(0 as decimal(18, 4)) as base_value,
    f.expected_value as predicted,
    cast(f.expected_value * c.calibration_factor as decimal(18, 4)) as predicted_calibrated,
    cast(c.calibration_factor as double) as calibration_factor,
    f.low_value as low,
    f.high_value as high,
    cast(null as decimal(18, 4)) as stretch,
    cast(f.variance * c.calibration_factor * c.calibration_factor as decimal(38, 4)) as variance,
    f.log_nothing,
    cast(coalesce(a.sales, 0) as decimal(18, 4)) as realised,
    f.is_adopted as is_hit
from range_forecasts as f
inner join origin_pairs as o on o.pair_number = f.pair_number
inner join opportunity_calibration as c on c.origin = f.origin and c.opportunity_type = 'range'
left join settled.range_adopters as a
    on a.dealer_id = o.dealer_id
    and a.outlet_id = o.outlet_id
    and a.category = f.category
    and a.snapshot = f.origin
where f.origin > 0
