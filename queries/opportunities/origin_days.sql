-- purpose: the days at which opportunities can be measured: as_of, and earlier days whose outcome teaches and tests
-- grain: origin; 1 and 2 are left out, their 12 weeks are not over
-- parameters: $as_of
-- decisions: origin k ends 28 k days before as_of. It needs 6 whole periods before its window, so the first accepted
--   sale decides how many origins there are; 28 is the oldest, and without a sale there is none. An origin learns from
--   the 13 origins known by then, k + 3 to k + 15, a year, so that each season counts once. It is tested if it has at
--   least 3 of them, back to origin 13
with history as (
    select
        history_starts_on,
        ($as_of - history_starts_on + 1) / 28 as whole_periods
    from analysis_window
    where history_starts_on is not null
),

numbered as (
    select
        n.value as origin,
        h.history_starts_on,
        h.whole_periods,
        least(28, h.whole_periods - 9) as oldest_origin
    from generate_series(0, 28) as n
    cross join history as h
    where n.value = 0 or n.value >= 3
)

select
    origin,
    cast(to_timestamp_seconds((cast($as_of as int) - 28 * origin) * 86400) as date) as ends_on,
    history_starts_on,
    whole_periods,
    least(13, whole_periods - origin - 3) as learnable_periods,
    origin >= 3 as is_known,
    origin between 3 and least(13, oldest_origin - 5) as is_tested,
    origin = 0 or origin between 3 and least(13, oldest_origin - 5) as is_predicted
from numbered
where origin <= greatest(0, oldest_origin)
