-- purpose: accounts that carry the business: chains, and outlets without one, in value tier A
-- grain: account
with steps as (
    select
        sales_52w,
        sum(sum(sales_52w)) over (order by sales_52w desc) - sum(sales_52w) as sales_before,
        sum(sum(sales_52w)) over () as sales_total
    from account_sales
    where sales_52w > 0
    group by sales_52w
)

select
    w.as_of,
    a.account_id,
    a.is_chain,
    case when a.regions > 1 then 'national' else 'regional' end as reach,
    case when a.regions = 1 then a.first_region end as region,
    a.regions,
    a.dealers,
    a.covered_outlets,
    a.sales_12w,
    case when w.base_snapshot is not null then a.sales_base end as sales_base,
    case when a.sales_base > 0 then cast(a.sales_12w as double) / cast(a.sales_base as double) - 1 end as sales_growth,
    a.sales_52w,
    cast(a.sales_52w as double) / cast(s.sales_total as double) as sales_share
from account_sales as a
cross join analysis_window as w
inner join steps as s on s.sales_52w = a.sales_52w and s.sales_before * 100 < s.sales_total * 80
