-- purpose: the look-alikes that were known at each predicted origin: of one channel, of all, and of a wider kind
-- grain: origin x opportunity_type x channel ('*' = all) x kind (for all channels also each wide_kind) x step
with known as (
    select
        o.origin, l.opportunity_type, l.channel, l.kind, l.wide_kind, l.step,
        sum(l.pairs) as pairs, sum(l.hits) as hits, sum(l.scale) as scale, sum(l.outcome) as outcome,
        sum(l.hit_scale) as hit_scale, sum(l.hit_outcome) as hit_outcome
    from settled.lookalike_counts as l
    inner join origins as o on o.is_predicted and l.origin between o.origin + 3 and o.origin + 15
    group by o.origin, l.opportunity_type, l.channel, l.kind, l.wide_kind, l.step
),

everywhere as (
    select
        origin, opportunity_type, kind, wide_kind, step, sum(pairs) as pairs, sum(hits) as hits, sum(scale) as scale,
        sum(outcome) as outcome, sum(hit_scale) as hit_scale, sum(hit_outcome) as hit_outcome
    from known
    group by origin, opportunity_type, kind, wide_kind, step
)

select origin, opportunity_type, channel, kind, step, pairs, hits, scale, outcome, hit_scale, hit_outcome
from known
union all
select origin, opportunity_type, '*', kind, step, pairs, hits, scale, outcome, hit_scale, hit_outcome
from everywhere
union all
select
    origin, opportunity_type, '*', wide_kind, step, sum(pairs), sum(hits), sum(scale), sum(outcome), sum(hit_scale),
    sum(hit_outcome)
from everywhere
group by origin, opportunity_type, wide_kind, step
