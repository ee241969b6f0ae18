-- purpose: visits as accepted, planned ones after as_of among them
-- grain: visit (export line)
-- decisions: '*' is the word for all types, so no type can be called that
with valid as (
    select
        s.export_key,
        s.export_line,
        s.visited_on,
        s.dealer_id,
        s.outlet_id,
        s.visit_type,
        s.cost
    from staged_visits as s
    left anti join rejected_visits as r on r.export_key = s.export_key and r.export_line = s.export_line
)

select
    v.export_key,
    v.export_line,
    v.visited_on,
    v.dealer_id,
    v.outlet_id,
    coalesce(nullif(v.visit_type, '*'), 'unknown') as visit_type,
    v.cost
from valid as v
left anti join superseded_visits as u on u.export_key = v.export_key and u.export_line = v.export_line
