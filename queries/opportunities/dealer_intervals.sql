-- purpose: the 80 % interval of what the listed rows of a dealer come to
-- grain: opportunity_type x origin x dealer
-- decisions: rows that mostly bring nothing have no interval of 80 %, their sum has. It brings nothing with a probability, and
--   otherwise a gamma variable such that mean and variance are those of the sum. Where nothing is likelier than a tenth, low is
--   0 and high leaves 80 % below; else they are the 10 and 90 % quantiles. Gamma quantiles by Wilson and Hilferty, mean x
--   (1 - 1 / (9 k) + z / (3 sqrt k))^3, k = mean^2 / variance; normal ones by Abramowitz and Stegun 26.2.22. Growth can be
--   negative: its sums are taken for normal
with moments as (
    select
        opportunity_type, origin, dealer_id, log_nothing is null as is_normal,
        cast(predicted_calibrated as double) as expected,
        cast(variance as double) as variance,
        coalesce(exp(cast(log_nothing as double)), 0) as nothing
    from listed_sums
    where predicted_calibrated > 0
),

conditional as (
    select
        opportunity_type, origin, dealer_id, is_normal, expected, variance, nothing,
        expected / (1 - nothing) as mean,
        power(expected / (1 - nothing), 2)
        / greatest(1e-9, (variance + expected * expected) / (1 - nothing) - power(expected / (1 - nothing), 2)) as shape,
        greatest(1e-6, (0.1 - nothing) / (1 - nothing)) as low_share,
        least(1 - 1e-6, greatest(1e-6, (case when nothing > 0.1 then 0.8 else 0.9 end - nothing) / (1 - nothing)))
            as high_share
    from moments
    where nothing < 1
),

tails as (
    select
        opportunity_type, origin, dealer_id, is_normal, expected, variance, nothing, mean, shape, high_share,
        sqrt(-2 * ln(low_share)) as low_tail,
        sqrt(-2 * ln(least(high_share, 1 - high_share))) as high_tail
    from conditional
),

normals as (
    select
        opportunity_type, origin, dealer_id, is_normal, expected, variance, nothing, mean, shape,
        (2.30753 + 0.27061 * low_tail) / (1 + 0.99229 * low_tail + 0.04481 * low_tail * low_tail) - low_tail as low_z,
        case when high_share < 0.5 then -1 else 1 end
        * (high_tail - (2.30753 + 0.27061 * high_tail) / (1 + 0.99229 * high_tail + 0.04481 * high_tail * high_tail))
            as high_z
    from tails
),

ends as (
    select
        opportunity_type, origin, dealer_id, expected,
        case
            when is_normal then expected - 1.2816 * sqrt(variance)
            when nothing > 0.1 then 0
            else mean * power(greatest(0, 1 - 1 / (9 * shape) + low_z / (3 * sqrt(shape))), 3)
        end as low,
        case
            when is_normal then expected + 1.2816 * sqrt(variance)
            when nothing >= 0.8 then 0
            else mean * power(greatest(0, 1 - 1 / (9 * shape) + high_z / (3 * sqrt(shape))), 3)
        end as high
    from normals
)

select
    opportunity_type, origin, dealer_id,
    cast(round(low, 4) as decimal(18, 4)) as low_value,
    cast(round(high, 4) as decimal(18, 4)) as high_value
from ends
