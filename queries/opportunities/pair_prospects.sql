-- purpose: pairs that the master gave to a dealer and that had not ordered by an origin
-- grain: pair x origin
-- stored: no
select p.pair_number, o.origin, o.ends_on
from origin_pairs as p
left join pair_history as h on h.pair_number = p.pair_number
inner join origins as o
    on (p.opened_on is null or p.opened_on <= o.ends_on)
    and (p.closed_on is null or p.closed_on > o.ends_on)
    and (h.first_order_on is null or h.first_order_on > o.ends_on)
where p.is_in_master
