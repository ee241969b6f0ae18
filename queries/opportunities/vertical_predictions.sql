-- purpose: what is expected of each pair in the 12 weeks after each predicted origin, and what came
-- grain: pair x origin x opportunity_type
-- decisions: money is rounded here, once. realised is NULL at origin 0. A pair is listed if its shortfall is real
--   with probability 0.8 and growth is expected (grow), if something is expected (activate), if it is at risk
--   (retain). Where nothing could be learned yet the expected value is NULL and the shortfall alone decides.
--   probability is that of what the type is about: of growing 10 % more than the group, which is the pair's own, of an order
--   (activate), of none (retain)
select
    l.pair_number,
    l.origin,
    l.opportunity_type,
    case when l.opportunity_type = 'grow' then l.growth_probability else r.probability end as probability,
    l.scale,
    r.expected_ratio,
    cast(case when l.opportunity_type = 'grow' then l.scale else 0 end as decimal(18, 4)) as base_value,
    cast(round(r.expected_ratio * l.scale, 4) as decimal(18, 4)) as expected_value,
    cast(round(r.low_ratio * l.scale, 4) as decimal(18, 4)) as low_value,
    cast(round(greatest(r.high_ratio, r.expected_ratio) * l.scale, 4) as decimal(18, 4)) as high_value,
    cast(round(r.stretch_ratio * l.scale, 4) as decimal(18, 4)) as stretch_value,
    l.is_candidate and coalesce(r.expected_ratio * l.scale > 0, l.opportunity_type <> 'activate') as is_listed,
    cast(
        round(case when l.opportunity_type = 'grow' then l.outcome - l.scale else l.outcome end, 4) as decimal(18, 4)
    ) as realised_value,
    l.is_hit
from lookalikes as l
inner join origins as o on o.origin = l.origin and o.is_predicted
left join learned_ratios as r
    on r.origin = l.origin
    and r.opportunity_type = l.opportunity_type
    and r.channel = l.channel
    and r.kind = l.kind
