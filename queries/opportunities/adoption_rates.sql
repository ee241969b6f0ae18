-- purpose: how often a range gap closed within 12 weeks, as each origin had seen it
-- grain: origin x channel x category x orders band
-- decisions: by channel, category and orders in 52 weeks, shrunk to the orders band over all channels and categories with
--   the weight of 20 gaps; a gap is in about three overlapping windows, hence 60. The band matters most: who orders
--   rarely may have the category in its range without having bought it for a year
with taught as (
    select
        t.origin,
        g.channel,
        g.category,
        g.orders_band,
        sum(g.gaps) as gaps,
        sum(g.adopted) as adopted
    from taught_origins as t
    inner join settled.gap_counts as g on g.snapshot = t.snapshot
    group by t.origin, g.channel, g.category, g.orders_band
),

of_band as (
    select
        origin,
        orders_band,
        cast(cast(sum(adopted) as double) / cast(sum(gaps) as double) as decimal(10, 6)) as prior_probability
    from taught
    group by origin, orders_band
),

asked as (
    select distinct o.origin, u.channel, u.category, u.orders_band
    from (select distinct origin from taught_origins) as o
    inner join range_units as u on u.snapshot = o.origin
),

rated as (
    select
        a.origin,
        a.channel,
        a.category,
        a.orders_band,
        coalesce(t.gaps, 0) as gaps_seen,
        coalesce(t.adopted, 0) as adopted_seen,
        b.prior_probability,
        cast(
            (coalesce(t.adopted, 0) + 60 * cast(b.prior_probability as double)) / (coalesce(t.gaps, 0) + 60)
            as decimal(10, 6)
        ) as adoption_probability
    from asked as a
    inner join of_band as b on b.origin = a.origin and b.orders_band = a.orders_band
    left join taught as t
        on t.origin = a.origin
        and t.channel = a.channel
        and t.category = a.category
        and t.orders_band = a.orders_band
)

select
    origin, channel, category, orders_band, gaps_seen, adopted_seen, prior_probability, adoption_probability,
    case
        when adoption_probability < 0.05 then 5
        when adoption_probability < 0.1 then 10
        when adoption_probability < 0.2 then 20
        when adoption_probability < 0.35 then 35
        else 100
    end as probability_band
from rated
