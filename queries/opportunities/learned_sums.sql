-- purpose: what became of the look-alikes known at each predicted origin, in sums
-- grain: origin x opportunity_type x channel ('*' = all) x kind
select
    origin,
    opportunity_type,
    channel,
    kind,
    sum(pairs) as pairs,
    sum(hits) as hits,
    cast(sum(scale) as double) as scale,
    cast(sum(outcome) as double) as outcome,
    cast(sum(hit_scale) as double) as hit_scale,
    cast(sum(hit_outcome) as double) as hit_outcome
from learned_counts
group by origin, opportunity_type, channel, kind
