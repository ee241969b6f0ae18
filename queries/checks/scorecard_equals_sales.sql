-- purpose: the dealers' sales of the last 12 and 52 weeks are the accepted sales of those days
with cards as (
    select sum(sales_12w) as sales_12w, sum(sales_52w) as sales_52w
    from dealer_scorecard
),

lines as (
    select
        sum(case when period <= 2 then amount else 0 end) as sales_12w,
        sum(case when period <= 12 then amount else 0 end) as sales_52w
    from sales
)

select
    c.sales_12w,
    l.sales_12w as lines_12w,
    c.sales_52w,
    l.sales_52w as lines_52w
from cards as c
cross join lines as l
where c.sales_12w <> coalesce(l.sales_12w, 0) or c.sales_52w <> coalesce(l.sales_52w, 0)
