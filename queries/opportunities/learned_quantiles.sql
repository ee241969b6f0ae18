-- purpose: the ratios between which 80 % of the look-alikes came to lie, and the one that a quarter of them passed
-- grain: origin x opportunity_type x channel (' ' = all) x kind
-- decisions: low is the 10 % quantile. Where more than a tenth came to nothing, nothing lies below it, and high is
--   the point that leaves 80 % from low on; else it is the 90 % quantile. Low is the lower edge of its step, high and
--   stretch the upper ones
with placed as (
    select
        origin, opportunity_type, channel, kind, step, pairs,
        sum(pairs) over (partition by origin, opportunity_type, channel, kind order by step) as pairs_to,
        sum(pairs) over (partition by origin, opportunity_type, channel, kind) as pairs_all
    from learned_counts
),

cut as (
    select
        origin, opportunity_type, channel, kind, step, pairs_to, pairs_all,
        max(case when 10 * (pairs_to - pairs) < pairs_all then pairs_to - pairs else 0 end)
            over (partition by origin, opportunity_type, channel, kind) as pairs_below
    from placed
),

steps as (
    select
        origin, opportunity_type, channel, kind,
        min(case when 10 * pairs_to >= pairs_all then step end) as low_step,
        min(case when 10 * (pairs_to - pairs_below) >= 8 * pairs_all then step end) as high_step,
        min(case when 4 * pairs_to >= 3 * pairs_all then step end) as stretch_step
    from cut
    group by origin, opportunity_type, channel, kind
)

select
    origin, opportunity_type, channel, kind,
    case when low_step = -100000 then 0 else exp((low_step - 0.5) / 25) end as low_ratio,
    case when high_step = -100000 then 0 else exp((high_step + 0.5) / 25) end as high_ratio,
    case when stretch_step = -100000 then 0 else exp((stretch_step + 0.5) / 25) end as stretch_ratio
from steps
