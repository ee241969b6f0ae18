-- purpose: how many outlets a dealer covers in each cell and territory at each origin
-- grain: origin x dealer x territory x channel
with origins as (
    select distinct origin
    from taught_origins
)

select
    o.origin,
    p.dealer_id,
    p.territory,
    p.channel,
    count(*) as outlets_in_cell,
    sum(count(*)) over (partition by o.origin, p.dealer_id, p.territory) as outlets_in_territory
from pair_snapshots as p
inner join origins as o on o.origin = p.snapshot
where p.is_covered and p.territory is not null
group by o.origin, p.dealer_id, p.territory, p.channel
