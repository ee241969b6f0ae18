-- purpose: the last day of each export that counts
-- grain: export
-- parameters: $as_of
-- decisions: a relation of its own, because it stays the same for an export that ends before as_of, whatever as_of is
select export_key, least(max(sold_on), $as_of) as counted_to
from accepted_days
group by export_key
