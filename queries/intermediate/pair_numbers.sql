-- purpose: every dealer x outlet that the master states or a sale shows, with a number that stands for both ids
-- grain: dealer x outlet
-- decisions: what is measured of pairs joins, sorts and groups by one number instead of two texts. Numbers follow the ids,
--   so that their order is that of the ids. A pair has another number in the other picture and on another night: what
--   either of them reads bears ids
with known as (
    select
        coalesce(m.dealer_id, t.dealer_id) as dealer_id,
        coalesce(m.outlet_id, t.outlet_id) as outlet_id,
        m.outlet_id is not null as is_in_master,
        t.outlet_id is not null as has_traded
    from (select dealer_id, outlet_id from outlet_standings where dealer_id is not null) as m
    full join (select distinct dealer_id, outlet_id from period_sums) as t
        on t.dealer_id = m.dealer_id and t.outlet_id = m.outlet_id
)

select
    cast(row_number() over (order by dealer_id, outlet_id) as bigint) as pair_number,
    dealer_id,
    outlet_id,
    is_in_master,
    has_traded
from known
