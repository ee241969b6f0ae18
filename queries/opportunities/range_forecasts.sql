-- purpose: each listed gap at each origin with its 80 % interval
-- grain: origin x pair x category
-- decisions: high is never below expected. Most gaps close in fewer than one of five cases, so that both ends of an
--   exact interval would be zero, and any other holds more than 80 %: what a list is worth is told by the dealer's sum
--   (dealer_intervals). For that: a gap closes with probability p and then brings v, as spread as its mean, so that its
--   variance is v^2 (2 p - p^2) = expected^2 (2 - p) / p
with spread as (
    select
        v.origin, v.pair_number, v.category, v.is_adopted, v.adoption_probability, v.spend_if_adopted, v.expected_value,
        v.rank_in_pair, s.q10,
        case when s.q10 > 0 then s.q90 else s.q80 end as high_ratio
    from range_values as v
    inner join range_spreads as s on s.origin = v.origin and s.probability_band = v.probability_band
)

select
    origin, pair_number, category, is_adopted, adoption_probability, spend_if_adopted, expected_value,
    least(expected_value, cast(q10 * cast(expected_value as double) as decimal(18, 4))) as low_value,
    greatest(expected_value, cast(high_ratio * cast(expected_value as double) as decimal(18, 4))) as high_value,
    cast(
        power(cast(expected_value as double), 2) * (2 - cast(adoption_probability as double))
        / cast(adoption_probability as double) as decimal(38, 4)
    ) as variance,
    cast(ln(greatest(1e-9, 1 - cast(adoption_probability as double))) as decimal(18, 9)) as log_nothing,
    rank_in_pair
from spread
