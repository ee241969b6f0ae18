-- purpose: visits of the current window, each for a dealer, with whether an order followed
-- grain: visit
-- decisions: a visit that names no dealer belongs to the outlet's. Orders are those of the pair: what the outlet buys
--   from another dealer is not what this visit brought. A visit to the dealer itself has no outlet to strike
with placed as (
    select
        v.export_key,
        v.export_line,
        cast(v.visited_on as int) as visited_day,
        coalesce(v.dealer_id, o.dealer_id) as dealer_id,
        v.outlet_id,
        v.visit_type,
        v.cost
    from visits as v
    inner join snapshots as s on s.snapshot = 0 and v.visited_on between s.starts_on and s.ends_on
    left join outlet_dealers as o on o.outlet_id = v.outlet_id
),

order_days as (
    select dealer_id, outlet_id, cast(sold_on as int) as order_day
    from pair_days
    where orders > 0 and period < 3
),

followed as (
    select distinct p.export_key, p.export_line
    from placed as p
    inner join order_days as o
        on o.dealer_id = p.dealer_id
        and o.outlet_id = p.outlet_id
        and o.order_day between p.visited_day and p.visited_day + 6
)

select
    p.dealer_id,
    p.outlet_id,
    p.visit_type,
    p.cost,
    coalesce(p.outlet_id is not null and p.visited_day between d.first_start and d.last_start, false) as is_judged,
    f.export_key is not null as is_followed
from placed as p
inner join visit_days as d on d.dealer_id = p.dealer_id
left join followed as f on f.export_key = p.export_key and f.export_line = p.export_line
