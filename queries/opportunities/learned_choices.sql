-- purpose: the look-alikes that each kind of pair in each channel is measured by at each predicted origin
-- grain: origin x opportunity_type x channel x kind, for every kind of pair met there
-- decisions: growth and quantiles come from the kind in the channel if that has 200 look-alikes, else from the kind
--   in all channels if that has 30, else from its wide kind. Probabilities, and what a hit brings, are those of the
--   channel shrunk to the next wider rung with the weight of 20 pairs
with met as (
    select distinct l.origin, l.opportunity_type, l.channel, l.kind, l.wide_kind
    from lookalikes as l
    inner join origins as o on o.origin = l.origin and o.is_predicted
),

laddered as (
    select
        m.origin, m.opportunity_type, m.channel, m.kind,
        case when c.pairs >= 200 then 'channel' when a.pairs >= 30 then 'all' else 'wide' end as learned_level,
        case when a.pairs >= 30 then m.kind else m.wide_kind end as base_kind,
        coalesce(c.pairs, 0) as pairs,
        coalesce(c.hits, 0) as hits,
        coalesce(c.hit_scale, 0) as hit_scale,
        coalesce(c.hit_outcome, 0) as hit_outcome
    from met as m
    left join learned_sums as a
        on a.origin = m.origin and a.opportunity_type = m.opportunity_type and a.kind = m.kind and a.channel = ' '
    left join learned_sums as c
        on c.origin = m.origin and c.opportunity_type = m.opportunity_type and c.kind = m.kind and c.channel = m.channel
)

select
    l.origin,
    l.opportunity_type,
    l.channel,
    l.kind,
    l.learned_level,
    case when l.learned_level = 'channel' then l.channel else ' ' end as learned_channel,
    case when l.learned_level = 'channel' then l.kind else l.base_kind end as learned_kind,
    (l.hits + 20.0 * b.hits / b.pairs) / (l.pairs + 20) as probability,
    (l.hit_outcome + 20 * b.hit_outcome / nullif(b.hits, 0))
    / nullif(l.hit_scale + 20 * b.hit_scale / nullif(b.hits, 0), 0) as hit_ratio
from laddered as l
inner join learned_sums as b
    on b.origin = l.origin and b.opportunity_type = l.opportunity_type and b.kind = l.base_kind and b.channel = ' '
where b.pairs >= 30
