-- purpose: the outlet dimension of the star schema
-- grain: outlet
-- decisions: outlets that only sales know are in it, with origin 'sales'; a dealer's own direct outlet is 'direct'
select
    w.as_of,
    o.outlet_id,
    o.outlet_name,
    o.origin,
    o.dealer_id,
    o.channel,
    o.territory,
    o.account_id,
    o.opened_on,
    o.closed_on
from outlets as o
cross join analysis_window as w
