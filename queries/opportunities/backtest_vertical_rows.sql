-- purpose: each vertical prediction of a tested origin beside what came of it
-- grain: pair x origin x opportunity_type
-- stored: no
-- decisions: every pair that was predicted, not only the listed ones: calibration is judged on the listed, ranking on
--   all. grow: realised is sales of the next 12 weeks over the movement of the peer group, minus sales now; a hit
--   grew 10 % more than the group. activate: realised is what the outlet bought, a hit ordered. retain: realised is
--   what was lost, a hit did not order. score, the probability of a hit, is what deciles and the area under the curve go
--   by: ranked by money, or by growth on average, the top decile would be judged by what it was not chosen for. Variance,
--   of listed rows, as in listed_outlets; of retain, where all is lost or nothing: expected^2 (1 - p) / p
with calibrated as (
    select
        o.dealer_id, p.pair_number, p.origin, p.opportunity_type, p.is_listed, p.probability, p.expected_ratio,
        p.base_value, p.expected_value, p.low_value, p.high_value, p.stretch_value, p.realised_value, p.is_hit,
        c.calibration_factor,
        round(cast(p.expected_value as double) * c.calibration_factor, 4) as calibrated_value,
        greatest(1e-9, coalesce(p.probability, 0)) as chance
    from vertical_predictions as p
    inner join origin_pairs as o on o.pair_number = p.pair_number
    inner join vertical_calibration as c on c.origin = p.origin and c.opportunity_type = p.opportunity_type
    where p.origin > 0 and p.expected_value is not null and p.realised_value is not null
)

select
    opportunity_type,
    origin,
    dealer_id,
    pair_number,
    '' as item,
    is_listed,
    cast(coalesce(probability, 0) as decimal(18, 9)) as score,
    cast(expected_ratio as decimal(28, 9)) as tie_score,
    base_value,
    expected_value as predicted,
    cast(calibrated_value as decimal(18, 4)) as predicted_calibrated,
    calibration_factor,
    low_value as low,
    high_value as high,
    stretch_value as stretch,
    cast(
        case
            when not is_listed then null
            when opportunity_type = 'grow'
                then power(cast(greatest(high_value, calibrated_value) - low_value as double) / 2.5631, 2)
            when opportunity_type = 'activate' then power(calibrated_value, 2) * (2 - chance) / chance
            else power(calibrated_value, 2) * (1 - chance) / chance
        end as decimal(38, 4)
    ) as variance,
    case
        when is_listed and opportunity_type <> 'grow' then cast(ln(greatest(1e-9, 1 - chance)) as decimal(18, 9))
    end as log_nothing,
    realised_value as realised,
    is_hit
from calibrated
