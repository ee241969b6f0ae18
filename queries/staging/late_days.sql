-- purpose: the days of each export after as_of: their sales are there and do not count yet
-- grain: export x day
-- parameters: $as_of
-- decisions: a relation of its own, because it stays the same for an export that ends before as_of, whatever as_of is
select distinct export_key, sold_on
from accepted_days
where sold_on > $as_of
