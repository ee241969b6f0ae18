-- purpose: how many look-alikes known at each predicted origin came to which ratio: of one channel, of all, and of a wider
--   kind
-- grain: origin x opportunity_type x channel (' ' = all) x kind (for all channels also each wide_kind) x step
with known as (
    select o.origin, l.opportunity_type, l.channel, l.kind, l.wide_kind, l.step, sum(l.pairs) as pairs
    from settled.lookalike_counts as l
    inner join origins as o on o.is_predicted and l.origin between o.origin + 3 and o.origin + 15
    where l.step is not null
    group by o.origin, l.opportunity_type, l.channel, l.kind, l.wide_kind, l.step
),

everywhere as (
    select origin, opportunity_type, kind, wide_kind, step, sum(pairs) as pairs
    from known
    group by origin, opportunity_type, kind, wide_kind, step
)

select origin, opportunity_type, channel, kind, step, pairs
from known
union all
select origin, opportunity_type, ' ', kind, step, pairs
from everywhere
union all
select origin, opportunity_type, ' ', wide_kind, step, sum(pairs)
from everywhere
group by origin, opportunity_type, wide_kind, step
