-- purpose: the cells a dealer is measured in: all channels of its home territory and of each territory that holds
--   at least 5 % of its covered outlets
-- grain: dealer x snapshot x territory x channel
-- decisions: 5 % at any of the 13 snapshots makes a territory the dealer's for all of them. Judged snapshot by snapshot,
--   a territory at the edge of 5 % would come and go, and the class with it
with covered_by_territory as (
    select dealer_id, snapshot, territory, count(*) as covered_outlets
    from pair_snapshots
    where is_covered and territory is not null
    group by dealer_id, snapshot, territory
),

own_territories as (
    select distinct c.dealer_id, c.territory
    from covered_by_territory as c
    inner join dealer_sums as d on d.dealer_id = c.dealer_id and d.snapshot = c.snapshot
    where c.snapshot <= 12 and c.covered_outlets * 20 >= d.covered_outlets
    union
    select dealer_id, territory
    from dealers
    where territory is not null
),

covered_by_cell as (
    select dealer_id, snapshot, territory, channel, count(*) as covered_outlets
    from pair_snapshots
    where is_covered and territory is not null
    group by dealer_id, snapshot, territory, channel
)

select
    o.dealer_id,
    s.snapshot,
    m.territory,
    m.channel,
    m.outlets_total,
    m.market_value,
    coalesce(c.covered_outlets, 0) as covered_outlets
from own_territories as o
cross join snapshots as s
inner join market_cells as m on m.territory = o.territory
left join covered_by_cell as c
    on c.dealer_id = o.dealer_id
    and c.snapshot = s.snapshot
    and c.territory = m.territory
    and c.channel = m.channel
