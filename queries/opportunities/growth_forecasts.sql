-- purpose: what naive methods forecast for each active pair that was predicted, beside what came
-- grain: pair x origin
-- decisions: rate: 3 of 13 periods of the last 52 weeks. p75: up to the 75 % quantile of the channel. normal: up to the
--   normal, or as now where there is none. A relation of its own, because it is read twice
with quartiles as (
    select p.origin, o.channel, percentile_cont(0.75) within group (order by p.scale) as p75
    from vertical_predictions as p
    inner join origin_pairs as o on o.pair_number = p.pair_number
    where p.opportunity_type = 'grow'
    group by p.origin, o.channel
)

select
    p.pair_number,
    p.origin,
    p.base_value,
    p.scale,
    3 * cast(o.sales_52w as double) / 13 as rate,
    greatest(p.scale, q.p75) as p75,
    coalesce(greatest(p.scale, n.normal_sales), p.scale) as normal,
    p.realised_value,
    p.is_hit
from vertical_predictions as p
inner join pair_origins as o on o.pair_number = p.pair_number and o.origin = p.origin
inner join quartiles as q on q.origin = p.origin and q.channel = o.channel
left join pair_normals as n on n.pair_number = p.pair_number and n.origin = p.origin
where
    p.opportunity_type = 'grow'
    and p.origin > 0
    and p.expected_value is not null
    and p.realised_value is not null
