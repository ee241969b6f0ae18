-- purpose: every dealer x outlet that the master states or a sale shows
-- grain: dealer x outlet
with known as (
    select
        coalesce(m.dealer_id, t.dealer_id) as dealer_id,
        coalesce(m.outlet_id, t.outlet_id) as outlet_id,
        m.outlet_id is not null as is_in_master,
        t.outlet_id is not null as has_traded
    from (select dealer_id, outlet_id from outlet_master where dealer_id is not null) as m
    full join (select distinct dealer_id, outlet_id from pair_periods) as t
        on t.dealer_id = m.dealer_id and t.outlet_id = m.outlet_id
)

select
    k.dealer_id,
    k.outlet_id,
    d.region,
    o.territory,
    o.channel,
    o.account_id,
    o.opened_on,
    o.closed_on,
    k.is_in_master,
    k.has_traded
from known as k
inner join dealers as d on d.dealer_id = k.dealer_id
inner join outlets as o on o.outlet_id = k.outlet_id
