-- purpose: each vertical prediction of a tested origin beside what came of it
-- grain: dealer x outlet x origin x opportunity_type
-- decisions: every pair that was predicted, not only the listed ones: calibration is judged on the listed, ranking on
--   all. grow: realised is sales of the next 12 weeks over the movement of the peer group, minus sales now; a hit
--   grew 10 % more than the group. activate: realised is what the outlet bought, a hit ordered. retain: realised is
--   what was lost, a hit did not order. score, the probability of a hit, is what deciles and the area under the curve go
--   by: ranked by money, or by growth on average, the top decile would be judged by what it was not chosen for
select
    p.opportunity_type,
    p.opportunity_type as kind,
    p.origin,
    p.dealer_id,
    p.outlet_id,
    '' as item,
    p.is_listed,
    cast(coalesce(p.probability, 0) as decimal(18, 9)) as score,
    cast(p.expected_ratio as decimal(28, 9)) as tie_score,
    p.base_value,
    p.expected_value as predicted,
    cast(round(cast(p.expected_value as double) * c.calibration_factor, 4) as decimal(18, 4)) as predicted_calibrated,
    c.calibration_factor,
    p.low_value as low,
    p.high_value as high,
    p.stretch_value as stretch,
    p.realised_value as realised,
    p.is_hit
from vertical_predictions as p
inner join vertical_calibration as c on c.origin = p.origin and c.opportunity_type = p.opportunity_type
where p.origin > 0 and p.expected_value is not null and p.realised_value is not null
