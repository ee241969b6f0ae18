-- purpose: each pair at each snapshot: whether it was covered, and what it bought in the window that ends there
-- grain: dealer x outlet x snapshot; only pairs that were covered or traded in the 52 weeks to the snapshot
-- decisions: covered = given by the master and open on the day, or a positive order in the 52 weeks to it
with traded as (
    select
        p.dealer_id,
        p.outlet_id,
        s.snapshot,
        sum(p.orders) as orders_52w,
        sum(p.sales) as sales_52w,
        sum(case when p.period < s.snapshot + 3 then p.orders else 0 end) as orders,
        sum(case when p.period < s.snapshot + 3 then p.order_value else 0 end) as order_value,
        sum(case when p.period < s.snapshot + 3 then p.sales else 0 end) as sales,
        sum(case when p.period < s.snapshot + 3 then p.squared_order_value else 0 end) as squared_order_value
    from pair_periods as p
    inner join snapshots as s on p.period between s.snapshot and s.snapshot + 12
    group by p.dealer_id, p.outlet_id, s.snapshot
),

given as (
    select p.dealer_id, p.outlet_id, s.snapshot
    from pairs as p
    inner join snapshots as s
        on (p.opened_on is null or p.opened_on <= s.ends_on) and (p.closed_on is null or p.closed_on > s.ends_on)
    where p.is_in_master
),

joined as (
    select
        coalesce(t.dealer_id, g.dealer_id) as dealer_id,
        coalesce(t.outlet_id, g.outlet_id) as outlet_id,
        coalesce(t.snapshot, g.snapshot) as snapshot,
        g.dealer_id is not null or t.orders_52w > 0 as is_covered,
        coalesce(t.orders, 0) as orders,
        coalesce(t.order_value, 0) as order_value,
        coalesce(t.sales, 0) as sales,
        coalesce(t.squared_order_value, 0) as squared_order_value,
        coalesce(t.orders_52w, 0) as orders_52w,
        coalesce(t.sales_52w, 0) as sales_52w
    from traded as t
    full join given as g on g.dealer_id = t.dealer_id and g.outlet_id = t.outlet_id and g.snapshot = t.snapshot
)

select
    j.dealer_id,
    j.outlet_id,
    p.region,
    p.territory,
    p.channel,
    j.snapshot,
    j.is_covered,
    j.orders,
    j.order_value,
    j.sales,
    j.squared_order_value,
    j.orders_52w,
    j.sales_52w
from joined as j
inner join pairs as p on p.dealer_id = j.dealer_id and p.outlet_id = j.outlet_id
