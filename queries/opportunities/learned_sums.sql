-- purpose: what became of the look-alikes known at each predicted origin, in sums: of one channel, of all, and of a wider kind
-- grain: origin x opportunity_type x channel (' ' = all) x kind (for all channels also each wide_kind)
with measured as (
    select
        origin, opportunity_type, channel, kind, wide_kind, sum(pairs) as pairs, sum(hits) as hits, sum(scale) as scale,
        sum(outcome) as outcome, sum(hit_scale) as hit_scale, sum(hit_outcome) as hit_outcome
    from settled.lookalike_counts
    group by origin, opportunity_type, channel, kind, wide_kind
),

known as (
    select
        o.origin, m.opportunity_type, m.channel, m.kind, m.wide_kind,
        sum(m.pairs) as pairs, sum(m.hits) as hits, sum(m.scale) as scale, sum(m.outcome) as outcome,
        sum(m.hit_scale) as hit_scale, sum(m.hit_outcome) as hit_outcome
    from measured as m
    inner join origins as o on o.is_predicted and m.origin between o.origin + 3 and o.origin + 15
    group by o.origin, m.opportunity_type, m.channel, m.kind, m.wide_kind
),

everywhere as (
    select
        origin, opportunity_type, kind, wide_kind, sum(pairs) as pairs, sum(hits) as hits, sum(scale) as scale,
        sum(outcome) as outcome, sum(hit_scale) as hit_scale, sum(hit_outcome) as hit_outcome
    from known
    group by origin, opportunity_type, kind, wide_kind
),

laddered as (
    select origin, opportunity_type, channel, kind, pairs, hits, scale, outcome, hit_scale, hit_outcome
    from known
    union all
    select origin, opportunity_type, ' ', kind, pairs, hits, scale, outcome, hit_scale, hit_outcome
    from everywhere
    union all
    select
        origin, opportunity_type, ' ', wide_kind, sum(pairs), sum(hits), sum(scale), sum(outcome), sum(hit_scale),
        sum(hit_outcome)
    from everywhere
    group by origin, opportunity_type, wide_kind
)

select
    origin,
    opportunity_type,
    channel,
    kind,
    pairs,
    hits,
    cast(scale as double) as scale,
    cast(outcome as double) as outcome,
    cast(hit_scale as double) as hit_scale,
    cast(hit_outcome as double) as hit_outcome
from laddered
