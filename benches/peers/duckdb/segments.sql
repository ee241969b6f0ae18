create macro tier(before, total) as case
    when before is null then 'none' when before * 100 < total * 80 then 'A' when before * 100 < total * 95 then 'B' else 'C'
end;

create table outlet_tiers as
with steps as (
    select
        outlet_id,
        sum(sales_52w) over (order by sales_52w desc range unbounded preceding exclude group) as before,
        sum(sales_52w) over () as total,
        rank() over (order by sales_52w desc) - 1 as outlets_before,
        count(*) over () as outlets
    from (
        select outlet_id, sum(sales_52w) as sales_52w
        from pair_snapshots
        where snapshot = 0
        group by outlet_id
        having sum(sales_52w) > 0
    )
)
select
    outlet_id,
    tier(coalesce(before, 0), total) as value_tier,
    outlets_before * 5 < outlets as is_top_20pct
from steps;

create table pair_tiers as
with steps as (
    select
        dealer_id,
        outlet_id,
        sum(sales_52w) over (
            partition by dealer_id order by sales_52w desc range unbounded preceding exclude group
        ) as before,
        sum(sales_52w) over (partition by dealer_id) as total
    from pair_snapshots
    where snapshot = 0 and sales_52w > 0
)
select dealer_id, outlet_id, tier(coalesce(before, 0), total) as value_tier_in_dealer
from steps;

create table outlet_segments as
with measured as (
    select
        p.*,
        coalesce(s.is_covered, false) as is_covered,
        coalesce(s.orders, 0) as orders_12w,
        coalesce(s.order_value, 0) as order_value_12w,
        coalesce(s.sales, 0) as sales_12w,
        coalesce(s.sales - s.order_value, 0) as returns_12w,
        coalesce(s.sales_52w, 0) as sales_52w,
        h.first_order_on,
        h.last_order_on,
        w.as_of,
        w.as_of - h.last_order_on as days_since_order,
        (h.last_order_on - h.first_order_on)::double / nullif(h.order_days - 1, 0) as mean_gap_days,
        case
            when h.last_order_on is null then 'prospect'
            when days_since_order >= 364 then 'churned'
            when days_since_order >= 84 then 'lapsed'
            when h.first_order_on > w.as_of - 84 and w.history_starts_on <= w.as_of - 84 then 'new'
            when h.orders >= 3 and days_since_order > 2 * mean_gap_days then 'at_risk'
            else 'active'
        end as behaviour
    from pairs as p
    cross join analysis_window as w
    left join pair_snapshots as s on s.dealer_id = p.dealer_id and s.outlet_id = p.outlet_id and s.snapshot = 0
    left join pair_history as h on h.dealer_id = p.dealer_id and h.outlet_id = p.outlet_id
    where s.is_covered or p.has_traded
),
shared as (
    select outlet_id from pair_snapshots where snapshot = 0 and is_covered group by outlet_id having count(*) > 1
)
select
    m.as_of,
    m.dealer_id,
    m.outlet_id,
    o.outlet_name,
    m.region,
    m.territory,
    m.channel,
    m.account_id,
    m.is_covered,
    m.is_covered and k.outlet_id is not null as is_shared,
    coalesce(v.value_tier, 'none') as value_tier,
    coalesce(d.value_tier_in_dealer, 'none') as value_tier_in_dealer,
    coalesce(v.is_top_20pct, false) as is_top_20pct,
    m.behaviour,
    m.sales_12w,
    m.sales_52w,
    m.orders_12w,
    m.order_value_12w,
    m.returns_12w,
    m.first_order_on,
    m.last_order_on,
    m.days_since_order,
    m.mean_gap_days
from measured as m
inner join outlets as o on o.outlet_id = m.outlet_id
left join outlet_tiers as v on v.outlet_id = m.outlet_id
left join pair_tiers as d on d.dealer_id = m.dealer_id and d.outlet_id = m.outlet_id
left join shared as k on k.outlet_id = m.outlet_id;
