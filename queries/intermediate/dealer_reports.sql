-- purpose: up to which day each dealer's sales are known, and the snapshots for which that is not enough
-- grain: dealer x snapshot
-- parameters: $as_of; $report_within_days, how far the newest report may lie behind
-- decisions: dealers of one export share a feed: as long as one of them has newer sales, the others sold nothing. The
--   feed of a dealer is every export with a line of its last 28 days; those who share it have a line in the export's
--   last 28 days. What came later proves that earlier days were reported: reported_until is one day for all snapshots
with dealer_exports as (
    select export_key, dealer_id, max(sold_on) as last_sold_on
    from accepted_days
    where sold_on <= $as_of
    group by export_key, dealer_id
),

dated as (
    select
        export_key,
        dealer_id,
        last_sold_on,
        max(last_sold_on) over (partition by export_key) as export_ends_on,
        max(last_sold_on) over (partition by dealer_id) as dealer_ends_on
    from dealer_exports
),

feeds as (
    select export_key, max(dealer_ends_on) as reported_until
    from dated
    where export_ends_on - last_sold_on < 28
    group by export_key
),

reports as (
    select d.dealer_id, max(f.reported_until) as reported_until
    from dated as d
    inner join feeds as f on f.export_key = d.export_key
    where d.dealer_ends_on - d.last_sold_on < 28
    group by d.dealer_id
)

select
    d.dealer_id,
    s.snapshot,
    r.reported_until,
    coalesce(s.ends_on - r.reported_until > cast($report_within_days as bigint), false) as is_not_reported
from dealer_regions as d
cross join snapshots as s
left join reports as r on r.dealer_id = d.dealer_id
