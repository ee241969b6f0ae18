-- purpose: what a new outlet bought within the 12 weeks in which it was new, as each origin had seen it
-- grain: origin x channel x region
-- decisions: new outlets of the same channel and region if there are at least 30, else of the channel, else all. The
--   window is that of the forecast: an outlet that orders first in week 6 has half of it left. An outlet is in up to
--   three overlapping windows, each of which counts
with taught as (
    select t.origin, n.channel, r.region, n.outlet_id, sum(n.sales) as sales, count(*) as windows
    from taught_origins as t
    inner join new_outlets as n on n.snapshot = t.snapshot
    inner join territory_regions as r on r.territory = n.territory
    group by t.origin, n.channel, r.region, n.outlet_id
),

of_region as (
    select origin, channel, region, count(*) as outlets, sum(sales) as sales, sum(windows) as windows
    from taught
    group by origin, channel, region
),

of_channel as (
    select origin, channel, sum(outlets) as outlets, sum(sales) as sales, sum(windows) as windows
    from of_region
    group by origin, channel
),

of_all as (
    select origin, sum(outlets) as outlets, sum(sales) as sales, sum(windows) as windows
    from of_region
    group by origin
),

groups as (
    select distinct a.origin, c.channel, c.region
    from of_all as a
    cross join (select distinct channel, region from cell_snapshots where region is not null) as c
)

select
    g.origin,
    g.channel,
    g.region,
    case when r.outlets >= 30 then 'channel and region' when h.outlets >= 30 then 'channel' else 'all' end as value_level,
    case when r.outlets >= 30 then r.outlets when h.outlets >= 30 then h.outlets else a.outlets end as value_outlets,
    greatest(
        0,
        cast(
            case
                when r.outlets >= 30 then cast(r.sales as double) / r.windows
                when h.outlets >= 30 then cast(h.sales as double) / h.windows
                else cast(a.sales as double) / a.windows
            end as decimal(18, 4)
        )
    ) as sales_per_outlet
from groups as g
inner join of_all as a on a.origin = g.origin
left join of_channel as h on h.origin = g.origin and h.channel = g.channel
left join of_region as r on r.origin = g.origin and r.channel = g.channel and r.region = g.region
