-- purpose: the pairs of known dealers as origins see them
-- grain: pair
-- decisions: the rules of pairs and outlets, from those columns alone that opportunities need: so a new name, address or
--   territory changes no origin. In the settled picture an outlet that opens later and traded nevertheless is
--   taken for one without a master. is_direct: a dealer's own direct outlet, which stands for many
with described as (
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
    n.pair_number,
    n.dealer_id,
    n.outlet_id,
    d.region,
    o.channel,
    o.opened_on,
    o.closed_on,
    n.is_in_master,
    o.is_direct,
    r.reported_until
from pair_numbers as n
inner join dealer_regions as d on d.dealer_id = n.dealer_id
inner join described as o on o.outlet_id = n.outlet_id
left join dealer_reports as r on r.dealer_id = n.dealer_id and r.snapshot = 0
