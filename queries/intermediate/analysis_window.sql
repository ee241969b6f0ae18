-- purpose: the windows of the run: as_of, the start of the history, and the comparison base
-- grain: one row
-- parameters: $as_of
-- decisions: one base a run. year_ago (periods 13-15) if the history fills it, else prior (3-5), else none
with history as (
    select min(sold_on) as starts_on
    from accepted_days
    where sold_on <= $as_of
)

select
    $as_of as as_of,
    starts_on as history_starts_on,
    case
        when $as_of - starts_on >= 16 * 28 - 1 then 'year_ago'
        when $as_of - starts_on >= 6 * 28 - 1 then 'prior'
        else 'none'
    end as comparison_base,
    case
        when $as_of - starts_on >= 16 * 28 - 1 then 13
        when $as_of - starts_on >= 6 * 28 - 1 then 3
    end as base_snapshot
from history
