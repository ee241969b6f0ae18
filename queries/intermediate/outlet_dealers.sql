-- purpose: the dealer that a visit to an outlet is made for when it names none
-- grain: outlet that was visited
-- decisions: the dealer of the master; else the one that sold to the outlet last, then by id
with ranked as (
    select
        p.outlet_id,
        p.dealer_id,
        row_number() over (
            partition by p.outlet_id
            order by p.is_in_master desc, h.last_order_on desc nulls last, p.dealer_id
        ) as place
    from pairs as p
    left semi join visits as v on v.outlet_id = p.outlet_id
    left join pair_history as h on h.pair_number = p.pair_number
)

select outlet_id, dealer_id
from ranked
where place = 1
