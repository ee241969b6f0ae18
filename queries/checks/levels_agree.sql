-- purpose: outlets, channels and regions add up to the dealers
with totals as (
    select 'dealer_scorecard' as mart, sum(sales_12w) as sales_12w, sum(sales_52w) as sales_52w,
        sum(covered_outlets) as covered_outlets
    from dealer_scorecard
    union all
    select 'region_summary' as mart, sum(sales_12w) as sales_12w, sum(sales_52w) as sales_52w,
        sum(covered_outlets) as covered_outlets
    from region_summary
    union all
    select 'channel_summary' as mart, sum(sales_12w) as sales_12w, sum(sales_52w) as sales_52w,
        sum(covered_outlets) as covered_outlets
    from channel_summary
    union all
    select 'outlet_segments' as mart, sum(sales_12w) as sales_12w, sum(sales_52w) as sales_52w,
        sum(case when is_covered then 1 else 0 end) as covered_outlets
    from outlet_segments
)

select t.mart, t.sales_12w, t.sales_52w, t.covered_outlets
from totals as t
inner join totals as d on d.mart = 'dealer_scorecard'
where t.sales_12w <> d.sales_12w or t.sales_52w <> d.sales_52w or t.covered_outlets <> d.covered_outlets
