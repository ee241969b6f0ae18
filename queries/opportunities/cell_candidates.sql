-- purpose: the dealers that could open outlets in a cell, the first of whom leads
-- grain: origin x territory x channel x dealer
-- decisions: candidates have reported, ordered in the 12 weeks to the origin and are in the territory (an outlet, or their home) or in its
--   region. Ranked by outlets in the cell, outlets in the territory, home, probability of high performance, id
with dealers_of_territory as (
    select origin, territory, dealer_id
    from dealer_presence
    union
    select s.snapshot as origin, r.territory, d.dealer_id
    from territory_regions as r
    inner join dealers as d on d.region = r.region or d.territory = r.territory
    inner join dealer_sums as s on s.dealer_id = d.dealer_id
),

presence_in_territory as (
    select origin, territory, dealer_id, max(outlets_in_territory) as outlets
    from dealer_presence
    group by origin, territory, dealer_id
),

trading as (
    select s.snapshot as origin, d.dealer_id, d.region, d.territory as home, a.performance_probability
    from dealers as d
    inner join dealer_sums as s on s.dealer_id = d.dealer_id and s.orders > 0
    inner join dealer_reports as r on r.dealer_id = s.dealer_id and r.snapshot = s.snapshot and not r.is_not_reported
    left join dealer_axes as a on a.dealer_id = s.dealer_id and a.snapshot = s.snapshot
),

near as (
    select
        t.origin, t.territory, t.dealer_id, d.region, d.home, d.performance_probability,
        coalesce(p.outlets, 0) as outlets_in_territory
    from trading as d
    inner join dealers_of_territory as t on t.origin = d.origin and t.dealer_id = d.dealer_id
    left join presence_in_territory as p
        on p.origin = t.origin and p.dealer_id = t.dealer_id and p.territory = t.territory
),

candidates as (
    select
        f.origin,
        f.territory,
        f.channel,
        n.dealer_id,
        n.region,
        coalesce(c.outlets_in_cell, 0) as outlets_in_cell,
        n.outlets_in_territory,
        coalesce(n.home = n.territory, false) as is_home,
        n.performance_probability
    from cell_forecasts as f
    inner join near as n on n.origin = f.origin and n.territory = f.territory
    left join dealer_presence as c
        on c.origin = f.origin
        and c.dealer_id = n.dealer_id
        and c.territory = f.territory
        and c.channel = f.channel
)

select
    origin,
    territory,
    channel,
    dealer_id,
    region,
    outlets_in_cell,
    outlets_in_territory,
    performance_probability,
    case
        when outlets_in_cell > 0 then 'new_outlets'
        when outlets_in_territory > 0 or is_home then 'new_channel'
        else 'new_market'
    end as kind,
    count(*) over (partition by origin, territory, channel) as candidates,
    row_number() over (
        partition by origin, territory, channel
        order by
            outlets_in_cell desc, outlets_in_territory desc, is_home desc, performance_probability desc nulls last,
            dealer_id
    ) as candidate_rank
from candidates
