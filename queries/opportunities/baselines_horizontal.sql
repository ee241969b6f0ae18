-- purpose: naive forecasts of what new outlets of a cell bring, for the cells that were predicted
-- grain: method x origin x territory x channel
-- stored: no
-- picture: today
-- decisions: last_window: as many new outlets, with the same sales, as in the 12 weeks before. own_52w_rate: the mean of the
--   cell's own windows that teach the origin. distribution_gap: all outlets that the cell lacks to the 75 % quantile of
--   distribution, at what a new one buys, as others sell it; none where no universe tells it. The score is the number of
--   outlets
with own_rates as (
    select
        t.origin,
        c.territory,
        c.channel,
        count(*) as windows,
        sum(c.new_outlets) as new_outlets,
        sum(c.new_sales) as new_sales,
        sum(case when t.snapshot = t.origin + 3 then c.new_outlets else 0 end) as last_outlets,
        sum(case when t.snapshot = t.origin + 3 then c.new_sales else 0 end) as last_sales
    from taught_origins as t
    inner join cell_snapshots as c on c.snapshot = t.snapshot
    where t.is_backtest
    group by t.origin, c.territory, c.channel
),

forecasts as (
    select
        f.origin, f.territory, f.channel, f.new_outlets, f.new_sales, n.column1 as method,
        case n.column1
            when 'last_window' then cast(o.last_outlets as double)
            when 'own_52w_rate' then cast(o.new_outlets as double) / o.windows
            else coalesce(cast(f.room_outlets as double), 0)
        end as outlets,
        case n.column1
            when 'last_window' then cast(o.last_sales as double)
            when 'own_52w_rate' then cast(o.new_sales as double) / o.windows
            else coalesce(cast(f.room_outlets as double), 0) * cast(f.sales_per_outlet as double)
        end as forecast
    from cell_forecasts as f
    inner join cell_candidates as c
        on c.origin = f.origin and c.territory = f.territory and c.channel = f.channel and c.candidate_rank = 1
    inner join own_rates as o on o.origin = f.origin and o.territory = f.territory and o.channel = f.channel
    cross join (values ('last_window'), ('own_52w_rate'), ('distribution_gap')) as n
)

select
    'horizontal' as opportunity_type,
    method,
    origin,
    cast(0 as decimal(18, 4)) as base_value,
    cast(round(forecast, 4) as decimal(18, 4)) as predicted,
    cast(new_sales as decimal(18, 4)) as realised,
    new_outlets > 0 as is_hit,
    outlets as score
from forecasts
