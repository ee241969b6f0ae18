-- purpose: how the sales of all dealers moved a year ago from the same 12 weeks to the 12 weeks after them
-- grain: one row
-- decisions: periods 10-12 against 13-15. All dealers together: by region and channel the forecast of a dealer was
--   worse in every data set measured. It is what happens anyway, outlets gained and lost included: a goal is judged
--   against it. NULL where the history does not fill period 15
with year_ago as (
    select
        sum(case when period >= 13 then sales else 0 end) as sales,
        sum(case when period <= 12 then sales else 0 end) as next_sales
    from pair_periods
    where period between 10 and 15
)

select
    case
        when w.as_of - w.history_starts_on >= 16 * 28 - 1 and y.sales > 0 and y.next_sales > 0
            then cast(cast(y.next_sales as double) / cast(y.sales as double) as decimal(18, 6))
    end as season_factor
from analysis_window as w
cross join year_ago as y
