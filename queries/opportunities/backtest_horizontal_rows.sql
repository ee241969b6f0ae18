-- purpose: what new outlets of a cell were expected to bring at an earlier origin, beside what they brought
-- grain: origin x territory x channel; cells with a lead, as horizontal_opportunities lists them
-- picture: today
-- decisions: realised is what outlets that nobody covered at the origin bought in the 12 weeks after it, in the whole
--   cell, whoever sold it. A hit is at least one, and the score is the number expected. dealer_id is the
--   lead. Variance as in plan_opportunities
select
    'horizontal' as opportunity_type,
    f.origin,
    c.dealer_id,
    cast(null as bigint) as pair_number,
    f.territory || ' / ' || f.channel as item,
    true as is_listed,
    cast(f.expected_outlets as decimal(28, 9)) as score,
    cast(f.expected_value as decimal(28, 9)) as tie_score,
    cast(0 as decimal(18, 4)) as base_value,
    f.expected_value as predicted,
    cast(f.expected_value * a.calibration_factor as decimal(18, 4)) as predicted_calibrated,
    cast(a.calibration_factor as double) as calibration_factor,
    f.low_value as low,
    f.high_value as high,
    cast(null as decimal(18, 4)) as stretch,
    cast(
        2 * power(cast(f.expected_value as double) * cast(a.calibration_factor as double), 2)
        / cast(f.expected_outlets as double) as decimal(38, 4)
    ) as variance,
    cast(-f.expected_outlets as decimal(18, 9)) as log_nothing,
    cast(f.new_sales as decimal(18, 4)) as realised,
    f.new_outlets > 0 as is_hit
from cell_forecasts as f
inner join cell_candidates as c
    on c.origin = f.origin and c.territory = f.territory and c.channel = f.channel and c.candidate_rank = 1
inner join opportunity_calibration as a on a.origin = f.origin and a.opportunity_type = 'horizontal'
where f.origin > 0
