-- purpose: for each dealer the days of the current window whose visits and orders can be judged
-- grain: dealer
-- decisions: an order counts within 7 days, the day of the visit and six more. The last day to start such a week is thus the
--   sixth before as_of, or before the day up to which the dealer has reported; the first is that of the window or of
--   the history
with known as (
    select
        r.dealer_id,
        cast(s.starts_on as int) as window_starts,
        cast(w.history_starts_on as int) as history_starts,
        cast(
            case when r.is_not_reported or r.reported_until < w.as_of then r.reported_until else w.as_of end as int
        ) as known_until
    from dealer_reports as r
    inner join snapshots as s on s.snapshot = r.snapshot
    cross join analysis_window as w
    where r.snapshot = 0
)

select
    dealer_id,
    greatest(window_starts, history_starts) as first_start,
    known_until - 6 as last_start,
    greatest(known_until - 6 - greatest(window_starts, history_starts) + 1, 0) as weeks
from known
