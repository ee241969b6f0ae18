-- purpose: accounts that carry the business: chains, and outlets without one, in value tier A
-- grain: account
-- decisions: an outlet without account_id is an account of its own, by its outlet_id
with sold as (
    select
        coalesce(p.account_id, s.outlet_id) as account_id,
        p.account_id is not null as is_chain,
        s.dealer_id,
        s.outlet_id,
        s.region,
        s.snapshot,
        s.is_covered,
        s.sales,
        s.sales_52w
    from pair_snapshots as s
    inner join pairs as p on p.dealer_id = s.dealer_id and p.outlet_id = s.outlet_id
),

accounts as (
    select
        account_id,
        bool_or(is_chain) as is_chain,
        count(distinct outlet_id) filter (where is_covered) as covered_outlets,
        count(distinct dealer_id) as dealers,
        count(distinct region) as regions,
        min(region) as first_region,
        sum(sales) as sales_12w,
        sum(sales_52w) as sales_52w
    from sold
    where snapshot = 0
    group by account_id
),

bases as (
    select s.account_id, sum(s.sales) as sales_base
    from sold as s
    inner join analysis_window as w on w.base_snapshot = s.snapshot
    group by s.account_id
),

steps as (
    select
        sales_52w,
        sum(sum(sales_52w)) over (order by sales_52w desc) - sum(sales_52w) as sales_before,
        sum(sum(sales_52w)) over () as sales_total
    from accounts
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
    case when w.base_snapshot is not null then coalesce(b.sales_base, 0) end as sales_base,
    case when b.sales_base > 0 then cast(a.sales_12w as double) / cast(b.sales_base as double) - 1 end as sales_growth,
    a.sales_52w,
    cast(a.sales_52w as double) / cast(s.sales_total as double) as sales_share
from accounts as a
cross join analysis_window as w
inner join steps as s on s.sales_52w = a.sales_52w and s.sales_before * 100 < s.sales_total * 80
left join bases as b on b.account_id = a.account_id
