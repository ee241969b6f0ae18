-- purpose: every dealer x outlet that the master states or a sale shows
-- grain: dealer x outlet
with known as (
    select dealer_id, outlet_id from outlet_master where dealer_id is not null
    union
    select dealer_id, outlet_id from pair_periods
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
    o.origin = 'master' and o.dealer_id = k.dealer_id as is_in_master
from known as k
inner join dealers as d on d.dealer_id = k.dealer_id
inner join outlets as o on o.outlet_id = k.outlet_id
