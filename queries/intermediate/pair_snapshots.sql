-- purpose: each pair at each snapshot: whether it was covered, and what it bought in the window that ends there
-- grain: dealer x outlet x snapshot; only pairs that were covered or traded in the 52 weeks to the snapshot
-- decisions: covered = given by the master and open on the day, or a positive order in the 52 weeks to it
with traded as (
    select
        p.pair_number,
        s.snapshot,
        sum(p.orders) as orders_52w,
        sum(p.sales) as sales_52w,
        sum(p.orders) filter (where p.period < s.snapshot + 3) as orders,
        sum(p.order_value) filter (where p.period < s.snapshot + 3) as order_value,
        sum(p.sales) filter (where p.period < s.snapshot + 3) as sales,
        sum(p.squared_order_value) filter (where p.period < s.snapshot + 3) as squared_order_value
    from pair_periods as p
    inner join snapshots as s on p.period between s.snapshot and s.snapshot + 12
    group by p.pair_number, s.snapshot
),

given as (
    select p.pair_number, s.snapshot
    from pairs as p
    inner join snapshots as s
        on (p.opened_on is null or p.opened_on <= s.ends_on) and (p.closed_on is null or p.closed_on > s.ends_on)
    where p.is_in_master
),

joined as (
    select
        coalesce(t.pair_number, g.pair_number) as pair_number,
        coalesce(t.snapshot, g.snapshot) as snapshot,
        g.pair_number is not null or t.orders_52w > 0 as is_covered,
        coalesce(t.orders, 0) as orders,
        coalesce(t.order_value, 0) as order_value,
        coalesce(t.sales, 0) as sales,
        coalesce(t.squared_order_value, 0) as squared_order_value,
        coalesce(t.orders_52w, 0) as orders_52w,
        coalesce(t.sales_52w, 0) as sales_52w
    from given as g
    full join traded as t on t.pair_number = g.pair_number and t.snapshot = g.snapshot
)

select
    p.pair_number,
    p.dealer_id,
    p.outlet_id,
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
from pairs as p
inner join joined as j on j.pair_number = p.pair_number
