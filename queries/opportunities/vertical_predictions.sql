-- purpose: what is expected of each pair in the 12 weeks after each predicted origin, and what came
-- grain: pair x origin x opportunity_type
-- decisions: money is rounded here, once. realised is NULL at origin 0. A pair is listed if its shortfall is real
--   with probability 0.8 and growth is expected (grow), if something is expected (activate), if it is at risk
--   (retain). Where nothing could be learned yet the expected value is NULL and the shortfall alone decides.
--   probability is that of what the type is about: of growing 10 % more than the group, which is the pair's own, of an order
--   (activate), of none (retain)
-- joins: as written
with asked as (
    select
        l.pair_number, l.channel, l.origin, l.opportunity_type, l.kind, l.scale, l.outcome, l.is_hit, l.is_candidate,
        l.growth_probability
    from origins as o
    inner join lookalikes as l on l.origin = o.origin
    where o.is_predicted
)

select
    a.pair_number,
    a.origin,
    a.opportunity_type,
    case when a.opportunity_type = 'grow' then a.growth_probability else r.probability end as probability,
    a.scale,
    r.expected_ratio,
    cast(case when a.opportunity_type = 'grow' then a.scale else 0 end as decimal(18, 4)) as base_value,
    cast(round(r.expected_ratio * a.scale, 4) as decimal(18, 4)) as expected_value,
    cast(round(r.low_ratio * a.scale, 4) as decimal(18, 4)) as low_value,
    cast(round(greatest(r.high_ratio, r.expected_ratio) * a.scale, 4) as decimal(18, 4)) as high_value,
    cast(round(r.stretch_ratio * a.scale, 4) as decimal(18, 4)) as stretch_value,
    a.is_candidate and coalesce(r.expected_ratio * a.scale > 0, a.opportunity_type <> 'activate') as is_listed,
    cast(
        round(case when a.opportunity_type = 'grow' then a.outcome - a.scale else a.outcome end, 4) as decimal(18, 4)
    ) as realised_value,
    a.is_hit
from learned_ratios as r
right join asked as a
    on a.origin = r.origin
    and a.opportunity_type = r.opportunity_type
    and a.channel = r.channel
    and a.kind = r.kind
