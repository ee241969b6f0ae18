-- purpose: whether new outlets are expected per existing or per uncovered outlet, as the backtest decides
-- grain: origin
-- decisions: the base with the smaller mean squared error of new outlets a cell over the earlier origins whose outcome the
--   origin knows. Without one, or at a draw, per existing outlet: a universe is often a list that knows the future,
--   in which the uncovered are those about to open
with errors as (
    select
        origin,
        count(*) as cells,
        sum((new_outlets - expected_by_existing) * (new_outlets - expected_by_existing)) as by_existing,
        sum((new_outlets - expected_by_uncovered) * (new_outlets - expected_by_uncovered)) as by_uncovered
    from cell_expectations
    where snapshot = origin and origin > 0 and expected_by_uncovered is not null and not is_empty
    group by origin
),

origins as (
    select distinct origin
    from taught_origins
)

select
    o.origin,
    count(e.origin) as tested_origins,
    cast(sum(e.by_existing) as double) / sum(e.cells) as error_by_existing,
    cast(sum(e.by_uncovered) as double) / sum(e.cells) as error_by_uncovered,
    case
        when coalesce(sum(e.by_uncovered), 0) < coalesce(sum(e.by_existing), 0) then 'uncovered outlets'
        else 'existing outlets'
    end as rate_basis
from origins as o
left join errors as e on e.origin >= o.origin + 3
group by o.origin
