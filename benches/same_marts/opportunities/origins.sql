-- purpose: today only: what is learned from earlier origins is not part of the comparison
-- grain: origin
-- parameters: $as_of
with history as (
    select
        history_starts_on,
        ($as_of - history_starts_on + 1) / 28 as whole_periods
    from analysis_window
)

select
    cast(0 as bigint) as origin,
    $as_of as ends_on,
    history_starts_on,
    whole_periods,
    least(13, whole_periods - 3) as learnable_periods,
    false as is_known,
    false as is_tested,
    true as is_predicted
from history
