-- purpose: the days at which the picture is taken: as_of and every 28 days back, a year and one period
-- grain: snapshot
-- parameters: $as_of
-- decisions: snapshots 0-12 replay the classes; 3 and 13 end the comparison bases
with numbers as (
    select column1 as snapshot
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13))
)

select
    snapshot,
    cast(to_timestamp_seconds((cast($as_of as int) - 28 * snapshot) * 86400) as date) as ends_on,
    cast(to_timestamp_seconds((cast($as_of as int) - 28 * snapshot - 83) * 86400) as date) as starts_on
from numbers
