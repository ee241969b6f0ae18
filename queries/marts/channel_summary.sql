-- purpose: where a region's sales come from, and what moved them
-- grain: region x channel
with leaves as (
    select
        d.region,
        l.channel,
        l.dealer_id,
        f.is_not_reported,
        l.covered_outlets,
        l.active_outlets,
        l.orders,
        l.order_value,
        l.sales,
        l.returns,
        l.sales_52w,
        l.snapshot = 0 as is_now,
        l.snapshot = w.base_snapshot as is_base
    from leaf_snapshots as l
    inner join dealers as d on d.dealer_id = l.dealer_id
    inner join dealer_reports as f on f.dealer_id = l.dealer_id and f.snapshot = l.snapshot
    inner join analysis_window as w on l.snapshot = 0 or l.snapshot = w.base_snapshot
),

sums as (
    select
        region,
        channel,
        count(distinct dealer_id) filter (where is_now and covered_outlets > 0) as dealers,
        count(distinct dealer_id) filter (where is_now and covered_outlets > 0 and is_not_reported)
            as not_reported_dealers,
        sum(case when is_now then covered_outlets else 0 end) as covered_outlets,
        sum(case when is_base then covered_outlets end) as covered_outlets_base,
        sum(case when is_now then active_outlets else 0 end) as active_outlets_12w,
        sum(case when is_base then active_outlets end) as active_outlets_base,
        sum(case when is_now then orders else 0 end) as orders_12w,
        sum(case when is_now then order_value else 0 end) as order_value_12w,
        sum(case when is_now then returns else 0 end) as returns_12w,
        sum(case when is_now then sales else 0 end) as sales_12w,
        sum(case when is_base then sales end) as sales_base,
        sum(case when is_now then sales_52w else 0 end) as sales_52w
    from leaves
    group by region, channel
)

select
    w.as_of,
    s.region,
    s.channel,
    w.comparison_base,
    s.dealers,
    s.not_reported_dealers,
    s.sales_12w,
    case when w.base_snapshot is not null then coalesce(s.sales_base, 0) end as sales_base,
    case when s.sales_base > 0 then cast(s.sales_12w as double) / cast(s.sales_base as double) - 1 end as sales_growth,
    s.sales_52w,
    s.order_value_12w,
    s.returns_12w,
    s.orders_12w,
    s.covered_outlets,
    case when w.base_snapshot is not null then coalesce(s.covered_outlets_base, 0) end as covered_outlets_base,
    s.active_outlets_12w,
    case when w.base_snapshot is not null then coalesce(s.active_outlets_base, 0) end as active_outlets_base,
    cast(s.active_outlets_12w as double) / nullif(s.covered_outlets, 0) as active_rate,
    cast(s.orders_12w as double) / nullif(s.active_outlets_12w, 0) as orders_per_active_outlet,
    cast(s.order_value_12w / nullif(s.orders_12w, 0) as decimal(18, 4)) as average_order_value
from sums as s
cross join analysis_window as w
