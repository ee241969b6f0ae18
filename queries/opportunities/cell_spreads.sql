-- purpose: how far sales from new outlets of a cell lay from what was expected, as each origin had seen it
-- grain: origin x size band of expected outlets
-- decisions: quantiles of realised / expected over the snapshots that teach the origin: of the band if it has at least
--   60 cells, else of all. 10 and 90 % bound 80 %; where more than 10 % of the cells got nothing, 0 and 80 % do
with ratios as (
    select origin, size_band, cast(new_sales as double) / cast(expected_value as double) as ratio
    from cell_values
    where snapshot > origin
),

of_all as (
    select
        origin,
        percentile_cont(0.1) within group (order by ratio) as q10,
        percentile_cont(0.8) within group (order by ratio) as q80,
        percentile_cont(0.9) within group (order by ratio) as q90
    from ratios
    group by origin
),

of_band as (
    select
        origin,
        size_band,
        count(*) as cells,
        percentile_cont(0.1) within group (order by ratio) as q10,
        percentile_cont(0.8) within group (order by ratio) as q80,
        percentile_cont(0.9) within group (order by ratio) as q90
    from ratios
    group by origin, size_band
),

bands as (
    select distinct origin, size_band
    from cell_values
),

quantiles as (
    select
        b.origin,
        b.size_band,
        case when f.cells >= 60 then f.q10 else a.q10 end as q10,
        case when f.cells >= 60 then f.q80 else a.q80 end as q80,
        case when f.cells >= 60 then f.q90 else a.q90 end as q90
    from bands as b
    inner join of_all as a on a.origin = b.origin
    left join of_band as f on f.origin = b.origin and f.size_band = b.size_band
)

select
    origin,
    size_band,
    greatest(0.0, q10) as low_ratio,
    greatest(0.0, case when q10 > 0 then q90 else q80 end) as high_ratio
from quantiles
