-- purpose: every dealer x outlet that the master states or a sale shows, as origins see it
-- grain: dealer x outlet
-- decisions: the rules of pairs and outlets, from those columns alone that opportunities need: so a new name, address or
--   territory changes no origin. In the settled picture an outlet that opens later and traded nevertheless is
--   taken for one without a master. is_direct: a dealer's own direct outlet, which stands for many
with known as (
    select
        coalesce(m.dealer_id, t.dealer_id) as dealer_id,
        coalesce(m.outlet_id, t.outlet_id) as outlet_id,
        m.outlet_id is not null as is_in_master
    from (select dealer_id, outlet_id from outlet_standings where dealer_id is not null) as m
    full join (select distinct dealer_id, outlet_id from pair_periods) as t
        on t.dealer_id = m.dealer_id and t.outlet_id = m.outlet_id
),

described as (
    select
        coalesce(m.outlet_id, s.outlet_id) as outlet_id,
        coalesce(m.channel, s.channel, 'unknown') as channel,
        m.opened_on,
        m.closed_on,
        m.outlet_id is null and s.is_direct as is_direct
    from outlet_standings as m
    full join sold_outlets as s on s.outlet_id = m.outlet_id
)

select
    k.dealer_id,
    k.outlet_id,
    d.region,
    o.channel,
    o.opened_on,
    o.closed_on,
    k.is_in_master,
    o.is_direct
from known as k
inner join dealer_regions as d on d.dealer_id = k.dealer_id
inner join described as o on o.outlet_id = k.outlet_id
