create table dealer_scorecard as
with now as (from dealer_sums where snapshot = 0),
base as (select s.* from dealer_sums as s inner join analysis_window as w on w.base_snapshot = s.snapshot),
concentration as (
    select
        dealer_id,
        sum(sales_52w::double * sales_52w::double) / (sum(sales_52w)::double * sum(sales_52w)::double) as hhi
    from pair_snapshots
    where snapshot = 0 and sales_52w > 0
    group by dealer_id
)
select
    w.as_of,
    d.dealer_id,
    d.dealer_name,
    d.region,
    d.territory,
    d.tier,
    f.first_sold_on,
    r.reported_until,
    r.is_not_reported,
    a.coverage_metric,
    a.coverage_value,
    a.coverage_threshold,
    a.coverage_benchmark_level,
    a.coverage_peers,
    a.performance_metric,
    a.performance_value,
    a.performance_threshold,
    a.performance_benchmark_level,
    a.performance_peers,
    w.comparison_base,
    n.sales as sales_12w,
    b.sales as sales_base,
    case when b.sales > 0 and not r.is_not_reported then n.sales::double / b.sales::double - 1 end as sales_growth,
    n.sales_52w,
    n.order_value as order_value_12w,
    b.order_value as order_value_base,
    n.returns as returns_12w,
    b.returns as returns_base,
    n.orders as orders_12w,
    b.orders as orders_base,
    n.covered_outlets,
    b.covered_outlets as covered_outlets_base,
    n.active_outlets as active_outlets_12w,
    b.active_outlets as active_outlets_base,
    n.active_outlets::double / nullif(n.covered_outlets, 0) as active_rate,
    b.active_outlets::double / nullif(b.covered_outlets, 0) as active_rate_base,
    n.orders::double / nullif(n.active_outlets, 0) as orders_per_active_outlet,
    b.orders::double / nullif(b.active_outlets, 0) as orders_per_active_outlet_base,
    (n.order_value::double / nullif(n.orders, 0))::decimal(18, 4) as average_order_value,
    (b.order_value::double / nullif(b.orders, 0))::decimal(18, 4) as average_order_value_base,
    g.target::decimal(18, 4) as target_12w,
    case when g.target > 0 and not r.is_not_reported then n.sales::double / g.target::double end as attainment,
    u.universe_outlets,
    u.numeric_distribution,
    u.weighted_distribution,
    u.is_universe_too_small,
    h.hhi
from dealers as d
cross join analysis_window as w
inner join now as n using (dealer_id)
inner join dealer_reports as r on r.dealer_id = d.dealer_id and r.snapshot = 0
left join first_sales as f using (dealer_id)
left join base as b using (dealer_id)
left join class_inputs as a on a.dealer_id = d.dealer_id and a.snapshot = 0
left join dealer_targets as g on g.dealer_id = d.dealer_id and g.snapshot = 0
left join dealer_distribution as u on u.dealer_id = d.dealer_id and u.snapshot = 0
left join concentration as h using (dealer_id);
