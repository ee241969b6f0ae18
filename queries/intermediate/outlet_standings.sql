-- purpose: what origins see of the outlet master
-- grain: outlet; in the settled picture those opened by then, or without an opening date
-- parameters: $as_of; $is_settled
-- boundary: of the settled picture
-- decisions: a new name or address, an outlet that opens later and one that closes later change nothing here, so that what
--   was told of earlier days stays
select
    outlet_id,
    dealer_id,
    channel,
    opened_on,
    case when closed_on <= $as_of then closed_on end as closed_on
from outlet_master
where not $is_settled or opened_on is null or opened_on <= $as_of
