-- purpose: every pair of a known dealer, with what is known of its outlet
-- grain: dealer x outlet
select
    n.pair_number,
    n.dealer_id,
    n.outlet_id,
    d.region,
    o.territory,
    o.channel,
    o.account_id,
    o.opened_on,
    o.closed_on,
    n.is_in_master,
    n.has_traded
from pair_numbers as n
inner join dealers as d on d.dealer_id = n.dealer_id
inner join outlets as o on o.outlet_id = n.outlet_id
