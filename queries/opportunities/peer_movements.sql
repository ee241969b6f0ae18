-- purpose: how the sales of a peer group's active pairs moved from the window of an origin to the next 12 weeks
-- grain: origin x peer_channel x peer_region (' ' where the group is wider); origins whose outcome is known
-- decisions: a ratio of sums. The median of the pairs' ratios fails where many buy seldom: it is 0 as soon as half of
--   them skip a window. With a ratio of sums the growth of all pairs of a group beyond the group's movement adds up
--   to nothing
with finest as (
    select a.origin, a.channel, a.region, sum(a.sales) as sales, sum(a.next_sales) as next_sales
    from active_moments as a
    inner join origins as o on o.origin = a.origin and o.is_known
    where a.sales > 0
    group by a.origin, a.channel, a.region
)

select
    origin,
    coalesce(channel, ' ') as peer_channel,
    coalesce(region, ' ') as peer_region,
    cast(sum(next_sales) as double) / cast(sum(sales) as double) as movement
from finest
group by grouping sets ((origin, channel, region), (origin, channel), (origin))
having sum(next_sales) > 0
