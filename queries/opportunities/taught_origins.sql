-- purpose: which snapshots teach which origin: their 12 weeks were over by the origin and lie in the 52 weeks before it
-- grain: origin x snapshot
-- decisions: origin 0 is as_of; origins from 3 on have an outcome and are backtested. An outlet counts as not covered
--   only if the 52 weeks before were seen, so a snapshot teaches once the history fills them; a backtested origin
--   needs two of them, or its rates would rest on a single window; so two years of history test six
with lessons as (
    select o.snapshot as origin, l.snapshot
    from snapshots as o
    inner join snapshots as l on l.snapshot between o.snapshot + 3 and o.snapshot + 13
    cross join analysis_window as w
    where (o.snapshot = 0 or o.snapshot >= 3) and l.ends_on - w.history_starts_on >= 363
),

counted as (
    select origin, snapshot, count(*) over (partition by origin) as lessons
    from lessons
)

select origin, snapshot, origin > 0 as is_backtest
from counted
where origin = 0 or lessons >= 2
