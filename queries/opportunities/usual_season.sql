-- purpose: how the sales of all dealers moved a year before an origin from the same 12 weeks to the 12 weeks after them
-- grain: origin; today and the tested ones
-- decisions: periods 10-12 before the origin against 13-15. All dealers together: by region and channel the forecast of a
--   dealer was worse in every data set measured. It is what happens anyway, outlets gained and lost included: a goal is
--   judged against it. NULL where the history does not fill period 15
with periods as (
    select period, sum(sales) as sales
    from pair_periods
    group by period
),

year_ago as (
    select
        o.origin,
        o.ends_on - o.history_starts_on >= 16 * 28 - 1 as is_seen,
        sum(case when p.period >= o.origin + 13 then p.sales else 0 end) as sales,
        sum(case when p.period <= o.origin + 12 then p.sales else 0 end) as next_sales
    from origin_days as o
    inner join periods as p on p.period between o.origin + 10 and o.origin + 15
    where o.is_predicted
    group by o.origin, o.ends_on, o.history_starts_on
)

select
    o.origin,
    case
        when y.is_seen and y.sales > 0 and y.next_sales > 0
            then cast(cast(y.next_sales as double) / cast(y.sales as double) as decimal(18, 6))
    end as season_factor
from origin_days as o
left join year_ago as y on y.origin = o.origin
where o.is_predicted
