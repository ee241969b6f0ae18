-- purpose: what was noticed about accepted visits
-- grain: export line x note
-- parameters: $as_of
-- decisions: an outlet is unknown only where there is a master to know it. visit_without_dealer: no dealer is stated
--   and none is known for the outlet, so no row of visit_effect can count the visit
select v.export_key, v.export_line, 'visit_to_unknown_outlet' as note
from visits as v
left join outlet_master as o on o.outlet_id = v.outlet_id
where v.outlet_id is not null and o.outlet_id is null and (select is_present from sources where source = 'outlets')
union all
select export_key, export_line, 'visit_after_as_of' as note
from visits
where visited_on > $as_of
union all
select v.export_key, v.export_line, 'visit_without_dealer' as note
from visits as v
left join outlet_dealers as o on o.outlet_id = v.outlet_id
where v.dealer_id is null and o.dealer_id is null
