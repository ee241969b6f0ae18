-- purpose: how many covered outlets of a dealer are probably another outlet once more
-- grain: dealer; only those with such an outlet
-- decisions: of a suspected pair the weaker outlet is left out, if the dealer covers the other one too or if it never
--   ordered: then the dealer would cover no fewer shops if the two were one, or a shop that is nobody's customer
with covered as (
    select dealer_id, outlet_id, territory, channel
    from pair_snapshots
    where snapshot = 0 and is_covered
),

suspects as (
    select distinct c.dealer_id, c.outlet_id, c.territory, c.channel
    from outlet_suspicions as s
    inner join covered as c on c.outlet_id = s.weaker_outlet_id
    left join covered as k on k.dealer_id = c.dealer_id and k.outlet_id = s.stronger_outlet_id
    where k.outlet_id is not null or s.weaker_life = 0
)

select
    s.dealer_id,
    count(*) as suspected_duplicate_outlets,
    count(u.dealer_id) as suspects_in_universe
from suspects as s
left join dealer_cells as u
    on u.dealer_id = s.dealer_id and u.snapshot = 0 and u.territory = s.territory and u.channel = s.channel
group by s.dealer_id
