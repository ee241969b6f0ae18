-- purpose: the cells a dealer is measured in: all channels of its home territory and of each territory that holds
--   at least 5 % of its covered outlets
-- grain: dealer x snapshot x territory x channel
-- decisions: a territory joins at 5 % and leaves below 2.5 %, replayed from the oldest snapshot, where 5 % decides.
--   With one border, a territory near 5 % would come and go, and the class of the dealer with it
with covered_by_territory as (
    select dealer_id, snapshot, territory, count(*) as covered_outlets
    from pair_snapshots
    where is_covered and territory is not null
    group by dealer_id, snapshot, territory
),

territories as (
    select distinct dealer_id, territory
    from covered_by_territory
),

decisions as (
    select
        t.dealer_id,
        t.territory,
        d.snapshot,
        case
            when coalesce(c.covered_outlets, 0) * 20 >= d.covered_outlets and c.covered_outlets > 0 then true
            when coalesce(c.covered_outlets, 0) * 40 < d.covered_outlets or c.covered_outlets is null then false
            when d.snapshot = 13 then false
        end as joins
    from territories as t
    inner join dealer_sums as d on d.dealer_id = t.dealer_id
    left join covered_by_territory as c
        on c.dealer_id = t.dealer_id and c.territory = t.territory and c.snapshot = d.snapshot
),

members as (
    select
        dealer_id,
        territory,
        snapshot,
        last_value(joins) ignore nulls over (
            partition by dealer_id, territory
            order by snapshot desc
            rows between unbounded preceding and current row
        ) as is_member
    from decisions
),

own_territories as (
    select dealer_id, snapshot, territory
    from members
    where is_member
    union
    select d.dealer_id, s.snapshot, d.territory
    from dealers as d
    cross join snapshots as s
    where d.territory is not null
),

covered_by_cell as (
    select dealer_id, snapshot, territory, channel, count(*) as covered_outlets
    from pair_snapshots
    where is_covered and territory is not null
    group by dealer_id, snapshot, territory, channel
)

select
    o.dealer_id,
    o.snapshot,
    m.territory,
    m.channel,
    m.outlets_total,
    m.market_value,
    coalesce(c.covered_outlets, 0) as covered_outlets
from own_territories as o
inner join market_cells as m on m.territory = o.territory
left join covered_by_cell as c
    on c.dealer_id = o.dealer_id
    and c.snapshot = o.snapshot
    and c.territory = m.territory
    and c.channel = m.channel
