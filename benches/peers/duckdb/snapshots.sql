create table pair_snapshots as
with traded as (
    select
        p.dealer_id,
        p.outlet_id,
        s.snapshot,
        sum(p.orders) as orders_52w,
        sum(p.sales) as sales_52w,
        sum(p.orders) filter (where p.period < s.snapshot + 3) as orders,
        sum(p.order_value) filter (where p.period < s.snapshot + 3) as order_value,
        sum(p.sales) filter (where p.period < s.snapshot + 3) as sales,
        sum(p.squared_order_value) filter (where p.period < s.snapshot + 3) as squared_order_value
    from pair_periods as p
    inner join snapshots as s on p.period between s.snapshot and s.snapshot + 12
    group by p.dealer_id, p.outlet_id, s.snapshot
),
given as (
    select p.dealer_id, p.outlet_id, s.snapshot
    from pairs as p
    inner join snapshots as s
        on coalesce(p.opened_on <= s.ends_on, true) and coalesce(p.closed_on > s.ends_on, true)
    where p.is_in_master
)
select
    dealer_id,
    outlet_id,
    p.region,
    p.territory,
    p.channel,
    snapshot,
    g.dealer_id is not null or t.orders_52w > 0 as is_covered,
    coalesce(t.orders, 0)::bigint as orders,
    coalesce(t.order_value, 0)::decimal(18, 4) as order_value,
    coalesce(t.sales, 0)::decimal(18, 4) as sales,
    coalesce(t.squared_order_value, 0) as squared_order_value,
    coalesce(t.sales_52w, 0)::decimal(18, 4) as sales_52w
from traded as t
full join given as g using (dealer_id, outlet_id, snapshot)
inner join pairs as p using (dealer_id, outlet_id);

create table leaf_snapshots as
select
    dealer_id,
    channel,
    snapshot,
    count(*) filter (where is_covered) as covered_outlets,
    count(*) filter (where orders > 0) as active_outlets,
    sum(orders)::bigint as orders,
    sum(order_value) as order_value,
    sum(sales) as sales,
    sum(sales - order_value) as returns,
    sum(squared_order_value) as squared_order_value,
    sum(sales_52w) as sales_52w
from pair_snapshots
group by dealer_id, channel, snapshot;

create table dealer_sums as
select
    d.dealer_id,
    s.snapshot,
    s.ends_on,
    coalesce(sum(l.covered_outlets), 0)::bigint as covered_outlets,
    coalesce(sum(l.active_outlets), 0)::bigint as active_outlets,
    coalesce(sum(l.orders), 0)::bigint as orders,
    coalesce(sum(l.order_value), 0)::decimal(18, 4) as order_value,
    coalesce(sum(l.sales), 0)::decimal(18, 4) as sales,
    coalesce(sum(l.returns), 0)::decimal(18, 4) as returns,
    coalesce(sum(l.squared_order_value), 0) as squared_order_value,
    coalesce(sum(l.sales_52w), 0)::decimal(18, 4) as sales_52w
from dealers as d
cross join snapshots as s
left join leaf_snapshots as l on l.dealer_id = d.dealer_id and l.snapshot = s.snapshot
group by d.dealer_id, s.snapshot, s.ends_on;
