-- purpose: each cell at each snapshot: how many outlets exist, how many anyone covers, and how many were new afterwards
-- grain: territory x channel x snapshot
-- decisions: cells are those of the market source and those where anyone ever covered an outlet. The universe is as
--   the source states it now, for all snapshots: it has no history
with covered_by_cell as (
    select territory, channel, snapshot, count(*) as covered_outlets
    from (
        select distinct territory, channel, snapshot, outlet_id
        from pair_snapshots
        where is_covered and territory is not null
    )
    group by territory, channel, snapshot
),

new_by_cell as (
    select territory, channel, snapshot, count(*) as new_outlets, sum(sales) as new_sales
    from new_outlets
    group by territory, channel, snapshot
),

cells as (
    select territory, channel from market_cells
    union
    select territory, channel from covered_by_cell
    union
    select territory, channel from new_by_cell
)

select
    c.territory,
    c.channel,
    r.region,
    s.snapshot,
    m.outlets_total as universe_outlets,
    coalesce(k.covered_outlets, 0) as covered_outlets,
    case when m.outlets_total is not null then greatest(0, m.outlets_total - coalesce(k.covered_outlets, 0)) end
        as uncovered_outlets,
    coalesce(n.new_outlets, 0) as new_outlets,
    coalesce(n.new_sales, 0) as new_sales
from cells as c
cross join snapshots as s
left join territory_regions as r on r.territory = c.territory
left join market_cells as m on m.territory = c.territory and m.channel = c.channel
left join covered_by_cell as k on k.territory = c.territory and k.channel = c.channel and k.snapshot = s.snapshot
left join new_by_cell as n on n.territory = c.territory and n.channel = c.channel and n.snapshot = s.snapshot
