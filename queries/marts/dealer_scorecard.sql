-- purpose: every measure of each dealer, current and base, with its class and the reason for it
-- grain: dealer
-- parameters: $lang
-- decisions: groups are ratios of sums; a rate without a denominator is NULL, and the *_note columns say why. The sales
--   of a dealer that is not reported are what is known; growth and attainment would take the rest for zero and are NULL
with base as (
    select s.dealer_id, s.covered_outlets, s.active_outlets, s.orders, s.order_value, s.sales, s.returns
    from dealer_sums as s
    inner join analysis_window as w on w.base_snapshot = s.snapshot
),

now as (
    select
        dealer_id,
        covered_outlets,
        active_outlets,
        orders,
        order_value,
        sales,
        returns,
        sales_52w
    from dealer_sums
    where snapshot = 0
)

select
    w.as_of,
    d.dealer_id,
    d.dealer_name,
    d.region,
    d.territory,
    d.tier,
    d.status,
    d.manager,
    d.onboarded_on,
    t.first_sold_on,
    f.reported_until,
    f.is_not_reported,
    coalesce(c.dealer_class, 'unrated') as dealer_class,
    a.coverage_metric,
    a.coverage_value,
    a.coverage_threshold,
    a.coverage_benchmark_level,
    a.coverage_peers,
    a.coverage_probability,
    a.outlets_to_threshold,
    a.performance_metric,
    a.performance_value,
    a.performance_threshold,
    a.performance_benchmark_level,
    a.performance_peers,
    a.performance_probability,
    a.sales_to_threshold,
    coalesce(
        r.reason,
        case when $lang = 'zh' then '未评级：该经销商在截止日之后开业' else 'not rated: the dealer starts after as_of' end
    ) as reason,
    w.comparison_base,
    n.sales as sales_12w,
    b.sales as sales_base,
    case
        when b.sales > 0 and not f.is_not_reported then cast(n.sales as double) / cast(b.sales as double) - 1
    end as sales_growth,
    case
        when f.is_not_reported then 'nothing is reported after ' || cast(f.reported_until as varchar)
        when w.comparison_base = 'none' then 'the history is too short for a base window'
        when b.sales <= 0 then 'no sales in the base window'
    end as sales_growth_note,
    n.sales_52w,
    n.order_value as order_value_12w,
    b.order_value as order_value_base,
    n.returns as returns_12w,
    b.returns as returns_base,
    n.orders as orders_12w,
    b.orders as orders_base,
    n.covered_outlets,
    b.covered_outlets as covered_outlets_base,
    coalesce(p.suspected_duplicate_outlets, 0) as suspected_duplicate_outlets,
    n.active_outlets as active_outlets_12w,
    b.active_outlets as active_outlets_base,
    cast(n.active_outlets as double) / nullif(n.covered_outlets, 0) as active_rate,
    cast(b.active_outlets as double) / nullif(b.covered_outlets, 0) as active_rate_base,
    cast(n.orders as double) / nullif(n.active_outlets, 0) as orders_per_active_outlet,
    cast(b.orders as double) / nullif(b.active_outlets, 0) as orders_per_active_outlet_base,
    cast(n.order_value / nullif(n.orders, 0) as decimal(18, 4)) as average_order_value,
    cast(b.order_value / nullif(b.orders, 0) as decimal(18, 4)) as average_order_value_base,
    g.target as target_12w,
    case
        when g.target > 0 and not f.is_not_reported then cast(n.sales as double) / cast(g.target as double)
    end as attainment,
    case
        when f.is_not_reported then 'nothing is reported after ' || cast(f.reported_until as varchar)
        when g.dealer_id is null then 'no target'
        when g.target is null then 'targets cover ' || cast(g.target_days as varchar) || ' of 84 days'
        when g.target <= 0 then 'the target is not above zero'
    end as attainment_note,
    u.universe_outlets,
    u.numeric_distribution,
    case
        when u.universe_outlets > 0
            then least(
                cast(u.covered_in_universe - coalesce(p.suspects_in_universe, 0) as double) / u.universe_outlets, 1.0
            )
    end as numeric_distribution_without_suspects,
    u.weighted_distribution,
    u.is_universe_too_small,
    case
        when u.dealer_id is null then 'no market data for the territories of the dealer'
        when u.universe_outlets = 0 then 'the universe of the dealer is zero'
        when u.is_universe_too_small then 'more outlets are covered in a cell than its universe has'
    end as distribution_note,
    h.hhi
from dealers as d
cross join analysis_window as w
inner join now as n on n.dealer_id = d.dealer_id
inner join dealer_starts as t on t.dealer_id = d.dealer_id
inner join dealer_reports as f on f.dealer_id = d.dealer_id and f.snapshot = 0
left join base as b on b.dealer_id = d.dealer_id
left join dealer_axes as a on a.dealer_id = d.dealer_id and a.snapshot = 0
left join dealer_classes as c on c.dealer_id = d.dealer_id and c.snapshot = 0
left join class_reasons as r on r.dealer_id = d.dealer_id and r.snapshot = 0
left join dealer_targets as g on g.dealer_id = d.dealer_id and g.snapshot = 0
left join dealer_distribution as u on u.dealer_id = d.dealer_id and u.snapshot = 0
left join dealer_concentration as h on h.dealer_id = d.dealer_id
left join dealer_suspects as p on p.dealer_id = d.dealer_id
