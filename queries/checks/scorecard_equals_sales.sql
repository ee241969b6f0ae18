-- purpose: the dealers' sales of the last 12 and 52 weeks are the accepted sales of those days
-- parameters: $as_of
with cards as (
    select sum(sales_12w) as sales_12w, sum(sales_52w) as sales_52w
    from dealer_scorecard
),

lines as (
    select
        sum(case when ($as_of - sold_on) / 28 <= 2 then sales else 0 end) as sales_12w,
        sum(case when ($as_of - sold_on) / 28 <= 12 then sales else 0 end) as sales_52w
    from accepted_days
    where sold_on <= $as_of
)

select
    c.sales_12w,
    l.sales_12w as lines_12w,
    c.sales_52w,
    l.sales_52w as lines_52w
from cards as c
cross join lines as l
where c.sales_12w <> coalesce(l.sales_12w, 0) or c.sales_52w <> coalesce(l.sales_52w, 0)
