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

candidates as (
    select
        f.origin,
        f.territory,
        f.channel,
        t.dealer_id,
        d.region,
        coalesce(c.outlets_in_cell, 0) as outlets_in_cell,
        coalesce(p.outlets, 0) as outlets_in_territory,
        coalesce(d.territory = f.territory, false) as is_home,
        a.performance_probability
    from cell_forecasts as f
    inner join dealers_of_territory as t on t.origin = f.origin and t.territory = f.territory
    inner join dealers as d on d.dealer_id = t.dealer_id
    inner join dealer_sums as s on s.dealer_id = t.dealer_id and s.snapshot = f.origin and s.orders > 0
    inner join dealer_reports as o on o.dealer_id = t.dealer_id and o.snapshot = f.origin and not o.is_not_reported
    left join dealer_presence as c
        on c.origin = f.origin
        and c.dealer_id = t.dealer_id
        and c.territory = f.territory
        and c.channel = f.channel
    left join presence_in_territory as p
        on p.origin = f.origin and p.dealer_id = t.dealer_id and p.territory = f.territory
    left join dealer_axes as a on a.dealer_id = t.dealer_id and a.snapshot = f.origin
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
