-- purpose: the sales lines that do not count, by their places alone
-- grain: export line
-- decisions: a relation of its own, so that what follows from the lines of an export stays as it is when another export that
--   states some of them again grows
select export_key, export_line
from rejected_sales
union all
select export_key, export_line
from superseded_sales
