-- purpose: the manager's first line: each region's sales, coverage and classes
-- grain: region
-- decisions: sums of dealers; rates are ratios of those sums. Attainment counts only dealers with a target,
--   on both sides, and leaves out dealers that are not reported; their sales are in all sums
with sums as (
    select
        as_of,
        region,
        comparison_base,
        count(*) as dealers,
        sum(case when dealer_class = 'star' then 1 else 0 end) as star_dealers,
        sum(case when dealer_class = 'expand' then 1 else 0 end) as expand_dealers,
        sum(case when dealer_class = 'deepen' then 1 else 0 end) as deepen_dealers,
        sum(case when dealer_class = 'fix' then 1 else 0 end) as fix_dealers,
        sum(case when dealer_class = 'new' then 1 else 0 end) as new_dealers,
        sum(case when dealer_class = 'unrated' then 1 else 0 end) as unrated_dealers,
        sum(case when is_not_reported then 1 else 0 end) as not_reported_dealers,
        sum(sales_12w) as sales_12w,
        sum(sales_base) as sales_base,
        sum(sales_52w) as sales_52w,
        sum(order_value_12w) as order_value_12w,
        sum(returns_12w) as returns_12w,
        sum(orders_12w) as orders_12w,
        sum(covered_outlets) as covered_outlets,
        sum(covered_outlets_base) as covered_outlets_base,
        sum(suspected_duplicate_outlets) as suspected_duplicate_outlets,
        sum(active_outlets_12w) as active_outlets_12w,
        sum(active_outlets_base) as active_outlets_base,
        sum(case when target_12w > 0 and not is_not_reported then 1 else 0 end) as dealers_with_target,
        sum(case when target_12w > 0 and not is_not_reported then target_12w end) as target_12w,
        sum(case when target_12w > 0 and not is_not_reported then sales_12w end) as sales_with_target_12w
    from dealer_scorecard
    group by as_of, region, comparison_base
)

select
    as_of,
    region,
    dealers,
    star_dealers,
    expand_dealers,
    deepen_dealers,
    fix_dealers,
    new_dealers,
    unrated_dealers,
    not_reported_dealers,
    comparison_base,
    sales_12w,
    sales_base,
    case when sales_base > 0 then cast(sales_12w as double) / cast(sales_base as double) - 1 end as sales_growth,
    sales_52w,
    order_value_12w,
    returns_12w,
    orders_12w,
    covered_outlets,
    covered_outlets_base,
    suspected_duplicate_outlets,
    active_outlets_12w,
    active_outlets_base,
    cast(active_outlets_12w as double) / nullif(covered_outlets, 0) as active_rate,
    cast(orders_12w as double) / nullif(active_outlets_12w, 0) as orders_per_active_outlet,
    cast(order_value_12w / nullif(orders_12w, 0) as decimal(18, 4)) as average_order_value,
    dealers_with_target,
    target_12w,
    sales_with_target_12w,
    cast(sales_with_target_12w as double) / cast(target_12w as double) as attainment
from sums
