-- purpose: the peer group that each channel of each region is measured by
-- grain: origin x channel x region
-- decisions: channel and region if it has at least 30 pairs, else the channel if that has 30, else all. The group's
--   own columns are NULL where the ladder left them behind, so that they join the group's rows elsewhere
with cells as (
    select distinct origin, channel, region
    from pair_origins
),

laddered as (
    select
        c.origin,
        c.channel,
        c.region,
        case
            when f.pairs >= 30 then 'channel_region'
            when h.pairs >= 30 then 'channel'
            else 'all'
        end as peer_level
    from cells as c
    left join peer_groups as f on f.origin = c.origin and f.channel = c.channel and f.region = c.region
    left join peer_groups as h on h.origin = c.origin and h.channel = c.channel and h.region is null
)

select
    l.origin,
    l.channel,
    l.region,
    l.peer_level,
    case when l.peer_level <> 'all' then l.channel else ' ' end as peer_channel,
    case when l.peer_level = 'channel_region' then l.region else ' ' end as peer_region,
    g.pairs,
    g.sales_mean,
    g.sales_cv2,
    g.sales_spread,
    g.orders_mean,
    g.orders_cv2,
    g.orders_spread
from laddered as l
inner join peer_groups as g
    on g.origin = l.origin
    and coalesce(g.channel, ' ') = case when l.peer_level <> 'all' then l.channel else ' ' end
    and coalesce(g.region, ' ') = case when l.peer_level = 'channel_region' then l.region else ' ' end
