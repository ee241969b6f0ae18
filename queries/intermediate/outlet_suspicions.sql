-- purpose: pairs of outlets that are alike by name, with what their orders say about which one is real
-- grain: outlet x other outlet, outlet_id < other_outlet_id
-- parameters: $as_of
-- decisions: the ghost is the outlet that never ordered where the other did, or has lapsed (84 days) where the other is
--   active; else nobody can say. The weaker one is the ghost, or has the lower 52-week sales, or the later id
with histories as (
    select n.outlet_id, min(h.first_order_on) as first_order_on, max(h.last_order_on) as last_order_on
    from pair_numbers as n
    inner join pair_history as h on h.pair_number = n.pair_number
    group by n.outlet_id
),

sold as (
    select outlet_id, sum(sales_52w) as sales_52w
    from pair_snapshots
    where snapshot = 0
    group by outlet_id
),

evidence as (
    select
        n.outlet_id,
        h.first_order_on,
        h.last_order_on,
        coalesce(s.sales_52w, 0) as sales_52w,
        case when h.last_order_on is null then 0 when $as_of - h.last_order_on >= 84 then 1 else 2 end as life
    from outlet_names as n
    left join histories as h on h.outlet_id = n.outlet_id
    left join sold as s on s.outlet_id = n.outlet_id
),

compared as (
    select
        a.outlet_id,
        a.other_outlet_id,
        a.rule,
        a.similarity,
        e.first_order_on,
        o.first_order_on as other_first_order_on,
        e.last_order_on,
        o.last_order_on as other_last_order_on,
        e.sales_52w,
        o.sales_52w as other_sales_52w,
        e.life,
        o.life as other_life,
        e.life < o.life or (e.life = o.life and e.sales_52w < o.sales_52w) as is_weaker
    from alike_outlets as a
    inner join evidence as e on e.outlet_id = a.outlet_id
    inner join evidence as o on o.outlet_id = a.other_outlet_id
)

select
    outlet_id,
    other_outlet_id,
    rule,
    similarity,
    first_order_on,
    other_first_order_on,
    last_order_on,
    other_last_order_on,
    sales_52w,
    other_sales_52w,
    least(life, other_life) as weaker_life,
    case when is_weaker then outlet_id else other_outlet_id end as weaker_outlet_id,
    case when is_weaker then other_outlet_id else outlet_id end as stronger_outlet_id,
    life <> other_life as is_ghost_likely
from compared
