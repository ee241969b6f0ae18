-- purpose: what each account bought, now and in the base window
-- grain: account
-- decisions: an outlet without account_id is an account of its own, by its outlet_id; a chain that is called the same is
--   another account. Distinct outlets, dealers and
--   regions are counted in two steps, which needs far less memory than count(distinct)
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
    inner join pairs as p on p.pair_number = s.pair_number
    inner join analysis_window as w on s.snapshot = 0 or s.snapshot = w.base_snapshot
),

by_outlet as (
    select account_id, is_chain, outlet_id, bool_or(is_covered) as is_covered
    from sold
    where snapshot = 0
    group by account_id, is_chain, outlet_id
),

outlets_of_account as (
    select account_id, is_chain, sum(case when is_covered then 1 else 0 end) as covered_outlets
    from by_outlet
    group by account_id, is_chain
),

by_dealer as (
    select account_id, is_chain, dealer_id, region
    from sold
    where snapshot = 0
    group by account_id, is_chain, dealer_id, region
),

by_region as (
    select account_id, is_chain, region, count(*) as dealers
    from by_dealer
    group by account_id, is_chain, region
),

regions_of_account as (
    select account_id, is_chain, count(*) as regions, sum(dealers) as dealers, min(region) as first_region
    from by_region
    group by account_id, is_chain
),

sums as (
    select
        account_id,
        is_chain,
        sum(case when snapshot = 0 then sales else 0 end) as sales_12w,
        sum(case when snapshot = 0 then 0 else sales end) as sales_base,
        sum(case when snapshot = 0 then sales_52w else 0 end) as sales_52w
    from sold
    group by account_id, is_chain
)

select
    s.account_id,
    s.is_chain,
    o.covered_outlets,
    r.dealers,
    r.regions,
    r.first_region,
    s.sales_12w,
    s.sales_base,
    s.sales_52w
from sums as s
inner join outlets_of_account as o on o.account_id = s.account_id and o.is_chain = s.is_chain
inner join regions_of_account as r on r.account_id = s.account_id and r.is_chain = s.is_chain
