-- purpose: new outlets expected in each cell in the 12 weeks after a snapshot, on both bases, with what an origin knew
-- grain: origin x snapshot x territory x channel; the origin itself, and the snapshots that teach it
-- decisions: never more than the room to the benchmark, nor than the outlets that are uncovered. Where nobody covers an
--   outlet, both bases are the rate of empty cells. least() would pass over a NULL, hence the cases
with moments as (
    select origin, snapshot
    from taught_origins
    union
    select origin, origin as snapshot
    from taught_origins
),

rated as (
    select
        m.origin, c.snapshot, c.territory, c.channel, c.region, c.new_outlets, c.new_sales, v.sales_per_outlet,
        c.covered_outlets = 0 as is_empty,
        cast(case when c.covered_outlets = 0 then a.in_empty else a.per_existing end as decimal(10, 6))
            as existing_rate,
        cast(case when c.covered_outlets = 0 then a.in_empty else a.per_uncovered end as decimal(10, 6))
            as uncovered_rate,
        c.uncovered_outlets,
        case when c.covered_outlets = 0 then c.uncovered_outlets else c.covered_outlets end as existing_base,
        cast(least(c.room_outlets, cast(c.uncovered_outlets as double)) as decimal(18, 4)) as room_outlets
    from moments as m
    inner join cell_rooms as c on c.snapshot = m.snapshot
    inner join activation_rates as a on a.origin = m.origin and a.channel = c.channel
    inner join new_outlet_values as v on v.origin = m.origin and v.channel = c.channel and v.region = c.region
)

select
    origin, snapshot, territory, channel, region, new_outlets, new_sales, sales_per_outlet, room_outlets, is_empty,
    existing_rate, uncovered_rate,
    cast(
        case
            when existing_rate is not null
                then least(existing_rate * existing_base, coalesce(room_outlets, existing_rate * existing_base))
        end as decimal(18, 4)
    ) as expected_by_existing,
    cast(
        case
            when uncovered_rate is not null and room_outlets is not null
                then least(uncovered_rate * uncovered_outlets, room_outlets)
        end as decimal(18, 4)
    ) as expected_by_uncovered
from rated
