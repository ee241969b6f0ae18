-- purpose: what origins see of the outlet master
-- grain: outlet; in the settled picture those opened by then, and those without an opening date that had traded
-- parameters: $as_of; $is_settled
-- boundary: of the settled picture
-- decisions: a new name or address, an outlet that opens later and one that closes later change nothing here, so that what
--   was told of earlier days stays. Nor does a new outlet without an opening date: as long as it has not traded, nothing is
--   learned of it
select
    m.outlet_id,
    m.dealer_id,
    m.channel,
    m.opened_on,
    case when m.closed_on <= $as_of then m.closed_on end as closed_on
from outlet_master as m
left join sold_outlets as s on s.outlet_id = m.outlet_id
where not $is_settled or m.opened_on <= $as_of or m.opened_on is null and s.outlet_id is not null
