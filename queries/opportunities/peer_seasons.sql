-- purpose: how the current window of a peer group compares with the year before it
-- grain: origin x peer_channel x peer_region (' ' where the group is wider)
-- decisions: the median over the pairs that make up the group (see peer_moments) of current / (3 base)
with ratios as (
    select
        origin,
        channel,
        region,
        case when sales_base > 0 then cast(sales as double) / (3 * sales_base) end as sales_ratio,
        case when orders_base > 0 then orders / (3 * orders_base) end as orders_ratio
    from pair_bases
    where is_full_year
)

select
    origin,
    coalesce(channel, ' ') as peer_channel,
    coalesce(region, ' ') as peer_region,
    greatest(0, coalesce(median(sales_ratio), 1)) as sales_season,
    greatest(0, coalesce(median(orders_ratio), 1)) as orders_season
from ratios
group by grouping sets ((origin, channel, region), (origin, channel), (origin))
