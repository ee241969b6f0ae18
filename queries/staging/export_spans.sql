-- purpose: from which day to which each export has sales that count
-- grain: export
-- decisions: read by the program: what is kept of the settled picture follows from the exports up to its day
select export_key, min(sold_on) as first_sold_on, max(sold_on) as last_sold_on
from accepted_days
group by export_key
