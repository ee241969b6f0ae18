-- purpose: first and last day of the accepted sales; the default of as_of is the last
-- grain: one row
select
    min(sold_on) as first_sold_on,
    max(sold_on) as last_sold_on
from accepted_days
