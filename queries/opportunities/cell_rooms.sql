-- purpose: how many outlets a cell lacks to the 75 % quantile of distribution among its peers
-- grain: territory x channel x snapshot
-- decisions: peers are the cells of the same channel and region if at least 8 have a universe, else of the same
--   channel, else all. Without a universe there is no distribution and no limit
with rated as (
    select
        territory, channel, region, snapshot, universe_outlets, covered_outlets, uncovered_outlets, new_outlets,
        new_sales,
        case
            when universe_outlets > 0
                then cast(least(covered_outlets, universe_outlets) as double) / cast(universe_outlets as double)
        end as distribution
    from cell_snapshots
),

of_region as (
    select snapshot, channel, region, count(*) as cells, percentile_cont(0.75) within group (order by distribution) as q75
    from rated
    where distribution is not null and region is not null
    group by snapshot, channel, region
),

of_channel as (
    select snapshot, channel, count(*) as cells, percentile_cont(0.75) within group (order by distribution) as q75
    from rated
    where distribution is not null
    group by snapshot, channel
),

of_all as (
    select snapshot, count(*) as cells, percentile_cont(0.75) within group (order by distribution) as q75
    from rated
    where distribution is not null
    group by snapshot
),

compared as (
    select
        c.territory, c.channel, c.region, c.snapshot, c.universe_outlets, c.covered_outlets, c.uncovered_outlets,
        c.new_outlets, c.new_sales, c.distribution,
        case when r.cells >= 8 then 'channel and region' when h.cells >= 8 then 'channel' else 'all' end as peer_level,
        case when r.cells >= 8 then r.cells when h.cells >= 8 then h.cells else a.cells end as peer_cells,
        case when r.cells >= 8 then r.q75 when h.cells >= 8 then h.q75 else a.q75 end as benchmark
    from rated as c
    left join of_region as r on r.snapshot = c.snapshot and r.channel = c.channel and r.region = c.region
    left join of_channel as h on h.snapshot = c.snapshot and h.channel = c.channel
    left join of_all as a on a.snapshot = c.snapshot
)

select
    territory, channel, region, snapshot, universe_outlets, covered_outlets, uncovered_outlets, new_outlets,
    new_sales, distribution,
    case when distribution is not null then benchmark end as benchmark,
    case when distribution is not null then peer_level end as benchmark_level,
    case when distribution is not null then peer_cells end as peer_cells,
    case
        when distribution is not null then greatest(0.0, benchmark * universe_outlets - covered_outlets)
        when universe_outlets is not null then 0.0
    end as room_outlets
from compared
