-- purpose: the categories that at least half of the peers buy
-- grain: snapshot x channel x region x category
-- decisions: peers are the judged pairs of the same channel and region if there are at least 30, else of the channel, else
--   all
with peers as (
    select snapshot, channel, region, count(*) as pairs
    from range_pairs
    group by snapshot, channel, region
),

buyers as (
    select r.snapshot, r.channel, r.region, c.category, count(*) as buyers
    from range_pairs as r
    inner join pair_categories as c on c.pair_number = r.pair_number
    where (c.bought_periods >> r.snapshot) & 8191 <> 0
    group by r.snapshot, r.channel, r.region, c.category
),

peer_levels as (
    select
        snapshot,
        channel,
        region,
        pairs as of_region,
        sum(pairs) over (partition by snapshot, channel) as of_channel,
        sum(pairs) over (partition by snapshot) as of_all
    from peers
),

combinations as (
    select p.snapshot, p.channel, p.region, c.category, p.of_region, p.of_channel, p.of_all
    from (select distinct category from pair_categories) as c
    cross join peer_levels as p
),

counted as (
    select
        c.snapshot,
        c.channel,
        c.region,
        c.category,
        c.of_region,
        c.of_channel,
        c.of_all,
        coalesce(b.buyers, 0) as buyers_in_region,
        sum(coalesce(b.buyers, 0)) over (partition by c.snapshot, c.channel, c.category) as buyers_in_channel,
        sum(coalesce(b.buyers, 0)) over (partition by c.snapshot, c.category) as buyers_in_all
    from combinations as c
    left join buyers as b
        on b.snapshot = c.snapshot and b.channel = c.channel and b.region = c.region and b.category = c.category
),

levelled as (
    select
        snapshot,
        channel,
        region,
        category,
        case when of_region >= 30 then 'channel and region' when of_channel >= 30 then 'channel' else 'all' end
            as benchmark_level,
        case when of_region >= 30 then of_region when of_channel >= 30 then of_channel else of_all end as peer_count,
        case
            when of_region >= 30 then buyers_in_region
            when of_channel >= 30 then buyers_in_channel
            else buyers_in_all
        end as buyers
    from counted
)

select snapshot, channel, region, category, benchmark_level, peer_count, buyers
from levelled
where buyers * 2 >= peer_count
