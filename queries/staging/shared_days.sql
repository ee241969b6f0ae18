-- purpose: the days of a dealer that several exports have sales of: only there can an order, or what a pair bought on a
--   day, be spread over exports
-- grain: export x dealer x day
with shared as (
    select dealer_id, sold_on
    from accepted_days
    group by dealer_id, sold_on
    having count(*) > 1
)

select a.export_key, a.dealer_id, a.sold_on
from shared as s
inner join accepted_days as a on a.dealer_id = s.dealer_id and a.sold_on = s.sold_on
