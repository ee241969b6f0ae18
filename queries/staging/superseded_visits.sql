-- purpose: rows of visits that a later row of the same visit_id replaces
-- grain: export line
-- decisions: the later export wins, within an export the later line, as for sales. A row without an id is a visit of
--   its own
with valid as (
    select s.export_key, s.export_line, s.visit_id, e.export_rank
    from staged_visits as s
    inner join exports as e on e.export_key = s.export_key
    left anti join rejected_visits as r on r.export_key = s.export_key and r.export_line = s.export_line
    where s.visit_id is not null
),

ranked as (
    select
        export_key,
        export_line,
        row_number() over (partition by visit_id order by export_rank desc, export_line desc) as recency
    from valid
)

select export_key, export_line
from ranked
where recency > 1
