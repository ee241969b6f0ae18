-- purpose: Pareto value tier of each outlet over all dealers, and of each pair within its dealer
-- grain: dealer x outlet; every pair, since an outlet's tier is the same at all its dealers
-- decisions: share before the outlet below 80 % is A, below 95 % B, else C; equal sales share a tier; sales of zero or
--   less are 'none'. Shares are of positive sales only
with outlet_sales as (
    select outlet_id, sum(sales_52w) as sales_52w
    from pair_snapshots
    where snapshot = 0
    group by outlet_id
),

outlet_steps as (
    select
        sales_52w,
        sum(sum(sales_52w)) over (order by sales_52w desc) - sum(sales_52w) as sales_before,
        sum(sum(sales_52w)) over () as sales_total,
        sum(count(*)) over (order by sales_52w desc) - count(*) as outlets_before,
        sum(count(*)) over () as outlets_total
    from outlet_sales
    where sales_52w > 0
    group by sales_52w
),

pair_steps as (
    select
        dealer_id,
        sales_52w,
        sum(sum(sales_52w)) over (partition by dealer_id order by sales_52w desc) - sum(sales_52w) as sales_before,
        sum(sum(sales_52w)) over (partition by dealer_id) as sales_total
    from pair_snapshots
    where snapshot = 0 and sales_52w > 0
    group by dealer_id, sales_52w
)

select
    p.pair_number,
    case
        when s.sales_before is null then 'none'
        when s.sales_before * 100 < s.sales_total * 80 then 'A'
        when s.sales_before * 100 < s.sales_total * 95 then 'B'
        else 'C'
    end as value_tier,
    coalesce(s.outlets_before * 5 < s.outlets_total, false) as is_top_20pct,
    case
        when d.sales_before is null then 'none'
        when d.sales_before * 100 < d.sales_total * 80 then 'A'
        when d.sales_before * 100 < d.sales_total * 95 then 'B'
        else 'C'
    end as value_tier_in_dealer
from pairs as p
left join outlet_sales as o on o.outlet_id = p.outlet_id
left join outlet_steps as s on s.sales_52w = o.sales_52w
left join pair_snapshots as t on t.pair_number = p.pair_number and t.snapshot = 0
left join pair_steps as d on d.dealer_id = t.dealer_id and d.sales_52w = t.sales_52w
