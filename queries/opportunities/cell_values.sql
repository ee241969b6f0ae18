-- purpose: expected and realised value of each cell on the basis that the backtest chose
-- grain: origin x snapshot x territory x channel; the origin itself, and the snapshots that teach it
-- decisions: a cell without a universe has only its existing outlets, a cell that nobody covers only its uncovered ones
with chosen as (
    select
        e.origin, e.snapshot, e.territory, e.channel, e.region, e.new_outlets, e.new_sales, e.sales_per_outlet,
        e.room_outlets,
        e.is_empty or (b.rate_basis = 'uncovered outlets' and e.expected_by_uncovered is not null) as is_by_uncovered,
        e.existing_rate,
        e.uncovered_rate,
        e.expected_by_existing,
        e.expected_by_uncovered
    from cell_expectations as e
    inner join activation_bases as b on b.origin = e.origin
),

expected as (
    select
        origin, snapshot, territory, channel, region, new_outlets, new_sales, sales_per_outlet, room_outlets,
        case when is_by_uncovered then 'uncovered outlets' else 'existing outlets' end as rate_basis,
        case when is_by_uncovered then uncovered_rate else existing_rate end as activation_rate,
        case when is_by_uncovered then expected_by_uncovered else expected_by_existing end as expected_outlets
    from chosen
),

valued as (
    select
        origin, snapshot, territory, channel, region, new_outlets, new_sales, sales_per_outlet, room_outlets,
        rate_basis, activation_rate, expected_outlets,
        cast(expected_outlets * sales_per_outlet as decimal(18, 4)) as expected_value
    from expected
)

select
    origin, snapshot, territory, channel, region, new_outlets, new_sales, sales_per_outlet, room_outlets,
    rate_basis, activation_rate, expected_outlets, expected_value,
    case
        when expected_outlets < 0.125 then 0.125
        when expected_outlets < 0.25 then 0.25
        when expected_outlets < 0.5 then 0.5
        when expected_outlets < 1 then 1.0
        when expected_outlets < 2 then 2.0
        when expected_outlets < 4 then 4.0
        when expected_outlets < 8 then 8.0
        else 16.0
    end as size_band
from valued
where expected_value > 0
