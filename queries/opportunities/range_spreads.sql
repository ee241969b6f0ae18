-- purpose: how far sales from a range gap lay from what was expected, as each origin had seen it
-- grain: origin x probability band
-- decisions: quantiles of realised / expected over the gaps that teach the origin; those not adopted are zeros, which are
--   counted, not stored: the q quantile is the ratio at place ceil(q n) in ascending order. 10 and 90 % bound 80 %; where
--   more than 10 % got nothing, 0 and 80 % do
with counts as (
    select origin, probability_band, sum(gaps_seen) as gaps
    from adoption_rates
    group by origin, probability_band
),

ratios as (
    select
        b.origin,
        b.probability_band,
        cast(a.sales as double)
            / (cast(b.adoption_probability as double) * cast(s.spend_in_orders as double) * cast(a.order_size as double))
            as ratio
    from taught_origins as t
    inner join settled.range_adopters as a on a.snapshot = t.snapshot
    inner join adoption_rates as b
        on b.origin = t.origin
        and b.channel = a.channel
        and b.category = a.category
        and b.orders_band = a.orders_band
    inner join adopter_spends as s on s.origin = t.origin and s.channel = a.channel and s.category = a.category
    where s.spend_in_orders > 0 and b.adoption_probability > 0 and a.order_size > 0
),

placed as (
    select
        origin,
        probability_band,
        ratio,
        count(*) over (partition by origin, probability_band) as adopted,
        row_number() over (partition by origin, probability_band order by ratio) as place
    from ratios
)

select
    c.origin,
    c.probability_band,
    c.gaps,
    greatest(0.0, coalesce(max(case when p.place = ceil(c.gaps * 0.1) - (c.gaps - p.adopted) then p.ratio end), 0.0))
        as q10,
    greatest(0.0, coalesce(max(case when p.place = ceil(c.gaps * 0.8) - (c.gaps - p.adopted) then p.ratio end), 0.0))
        as q80,
    greatest(0.0, coalesce(max(case when p.place = ceil(c.gaps * 0.9) - (c.gaps - p.adopted) then p.ratio end), 0.0))
        as q90
from counts as c
left join placed as p on p.origin = c.origin and p.probability_band = c.probability_band
group by c.origin, c.probability_band, c.gaps
