-- purpose: each pair as it stood at each origin: covered or not, its behaviour, its sales, and what came after
-- grain: pair x origin; pairs that were covered on that day
-- parameters: $as_of; $report_within_days
-- decisions: behaviour by the rules of outlet_segments, told with what was known on the day. own_period_sales is what
--   the pair sold in a period in which it ordered, on average over its history: the size of an outlet that is silent
--   now. A dealer that stopped reporting before the outcome was over, or before today, is left out: its silence is none
--   of its outlets'
with standing as (
    select
        w.pair_number,
        w.origin,
        o.ends_on,
        w.last_period - w.origin as silent_periods,
        o.ends_on - w.last_order_on as days_since_order,
        case
            when w.order_days_total > 1
                then cast(w.last_order_on - h.first_order_on as double) / (w.order_days_total - 1)
        end as mean_gap_days,
        h.first_order_on > o.ends_on - interval '84 days' and o.history_starts_on <= o.ends_on - interval '84 days'
            as is_first_in_window,
        greatest(
            0, least(o.origin + 15, ($as_of - h.first_order_on) / 28, o.whole_periods - 1) - (o.origin + 2)
        ) as learned_periods,
        least(13, ($as_of - h.first_order_on) / 28 - (o.origin + 2)) >= o.learnable_periods as is_full_year,
        w.orders_total, w.bought_sales, w.bought_periods, w.orders, w.order_value, w.sales, w.sales_52w, w.orders_52w,
        w.learned_orders, w.learned_orders_squared, w.learned_sales, w.learned_sales_squared, w.next_orders, w.next_sales
    from pair_history as h
    inner join pair_windows as w on w.pair_number = h.pair_number and w.last_period is not null
    inner join origins as o on o.origin = w.origin
),

known as (
    select
        pair_number, origin, ends_on, silent_periods, days_since_order, mean_gap_days, is_first_in_window,
        learned_periods, is_full_year, orders_total, bought_sales, bought_periods, orders, order_value, sales, sales_52w,
        orders_52w, learned_orders, learned_orders_squared, learned_sales, learned_sales_squared, next_orders, next_sales
    from standing
    union all
    select
        p.pair_number, p.origin, p.ends_on, null, null, null, false, 0, false, 0, 0, 0, w.orders, w.order_value, w.sales,
        w.sales_52w, w.orders_52w, w.learned_orders, w.learned_orders_squared, w.learned_sales, w.learned_sales_squared,
        w.next_orders, w.next_sales
    from pair_prospects as p
    left join pair_windows as w on w.pair_number = p.pair_number and w.origin = p.origin
)

select
    k.pair_number,
    p.region,
    p.channel,
    p.opened_on is not null as is_opening_dated,
    p.is_direct,
    k.origin,
    case
        when k.silent_periods is null then 'prospect'
        when k.days_since_order >= 364 then 'churned'
        when k.days_since_order >= 84 then 'lapsed'
        when k.is_first_in_window then 'new'
        when k.orders_total >= 3 and k.days_since_order > 2 * k.mean_gap_days then 'at_risk'
        else 'active'
    end as behaviour,
    k.silent_periods,
    k.days_since_order,
    k.mean_gap_days,
    k.learned_periods,
    k.is_full_year,
    case when k.bought_periods > 0 then greatest(0, cast(k.bought_sales as double) / k.bought_periods) end
        as own_period_sales,
    k.bought_periods,
    coalesce(k.orders, 0) as orders,
    cast(coalesce(k.order_value, 0) as decimal(18, 4)) as order_value,
    cast(coalesce(k.sales, 0) as decimal(18, 4)) as sales,
    cast(coalesce(k.sales_52w, 0) as decimal(18, 4)) as sales_52w,
    coalesce(k.orders_52w, 0) as orders_52w,
    coalesce(k.learned_orders, 0) as learned_orders,
    coalesce(k.learned_orders_squared, 0) as learned_orders_squared,
    coalesce(k.learned_sales, 0) as learned_sales,
    coalesce(k.learned_sales_squared, 0) as learned_sales_squared,
    coalesce(k.next_orders, 0) as next_orders,
    cast(coalesce(k.next_sales, 0) as decimal(18, 4)) as next_sales
from origin_pairs as p
inner join known as k on k.pair_number = p.pair_number
where
    coalesce(
        k.ends_on - p.reported_until + case when k.origin = 0 then 0 else 84 end
            <= cast($report_within_days as bigint),
        true
    )
    and (
        k.days_since_order < 364
        or p.is_in_master
        and (p.opened_on is null or p.opened_on <= k.ends_on) and (p.closed_on is null or p.closed_on > k.ends_on)
    )
