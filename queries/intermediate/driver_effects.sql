-- purpose: Shapley values of the factors of C * a * f * t, for leaves that were covered in both windows
-- grain: dealer x channel
-- decisions: each effect is the factor's change times the weighted mean of the other three over all orders in which
--   factors can switch: weights |S|! (3 - |S|)! / 4! = 1/4, 1/12, 1/12, 1/4 (Shapley 1953; Sun 1998)
with effects as (
    select
        dealer_id,
        channel,
        (c1 - c0) * (
            (a0 * f0 * t0 + a1 * f1 * t1) / 4
            + (a1 * f0 * t0 + a0 * f1 * t0 + a0 * f0 * t1 + a1 * f1 * t0 + a1 * f0 * t1 + a0 * f1 * t1) / 12
        ) as coverage_effect,
        (a1 - a0) * (
            (c0 * f0 * t0 + c1 * f1 * t1) / 4
            + (c1 * f0 * t0 + c0 * f1 * t0 + c0 * f0 * t1 + c1 * f1 * t0 + c1 * f0 * t1 + c0 * f1 * t1) / 12
        ) as activity_effect,
        (f1 - f0) * (
            (c0 * a0 * t0 + c1 * a1 * t1) / 4
            + (c1 * a0 * t0 + c0 * a1 * t0 + c0 * a0 * t1 + c1 * a1 * t0 + c1 * a0 * t1 + c0 * a1 * t1) / 12
        ) as frequency_effect,
        (t1 - t0) * (
            (c0 * a0 * f0 + c1 * a1 * f1) / 4
            + (c1 * a0 * f0 + c0 * a1 * f0 + c0 * a0 * f1 + c1 * a1 * f0 + c1 * a0 * f1 + c0 * a1 * f1) / 12
        ) as ticket_effect
    from driver_factors
    where c0 > 0 and c1 > 0
)

select
    dealer_id,
    channel,
    cast(coverage_effect as decimal(18, 4)) as coverage_effect,
    cast(activity_effect as decimal(18, 4)) as activity_effect,
    cast(frequency_effect as decimal(18, 4)) as frequency_effect,
    cast(ticket_effect as decimal(18, 4)) as ticket_effect
from effects
