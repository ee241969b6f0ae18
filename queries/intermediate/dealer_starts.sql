-- purpose: since when a dealer is one, and whether that start is known
-- grain: dealer
-- parameters: $as_of
-- decisions: the earlier of onboarding and first sale, since who sells has started: masters moved to another system bear
--   the day of the move. A first sale in the first window of the history alone says nothing: the dealer may be older
with first_sales as (
    select dealer_id, min(sold_on) as first_sold_on
    from accepted_days
    where sold_on <= $as_of
    group by dealer_id
)

select
    d.dealer_id,
    f.first_sold_on,
    least(d.onboarded_on, f.first_sold_on) as started_on,
    d.onboarded_on is not null or f.first_sold_on - w.history_starts_on >= 84 as is_start_known
from dealers as d
cross join analysis_window as w
left join first_sales as f on f.dealer_id = d.dealer_id
