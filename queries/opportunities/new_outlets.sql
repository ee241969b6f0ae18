-- purpose: outlets that nobody covered at a snapshot and that ordered in the 12 weeks after it
-- grain: outlet x snapshot
-- decisions: uncovered is as in horizontal_opportunities: given to no dealer as open, and no order in 52 weeks from
--   anyone. Only what dealers won counts that sold in the 12 weeks to the snapshot: a newcomer brings its outlets with it,
--   and no dealer could have opened them. A dealer's own direct outlet is no new outlet. Sales are net
with bought as (
    select p.outlet_id, d.snapshot, sum(p.orders) as orders, sum(p.sales) as sales
    from pair_snapshots as p
    inner join dealer_sums as d on d.dealer_id = p.dealer_id and d.snapshot = p.snapshot + 3 and d.orders > 0
    group by p.outlet_id, d.snapshot
),

covered as (
    select outlet_id, snapshot
    from pair_snapshots
    where is_covered and snapshot >= 3
    group by outlet_id, snapshot
)

select b.outlet_id, b.snapshot, o.territory, o.channel, b.sales
from bought as b
inner join outlets as o on o.outlet_id = b.outlet_id
left anti join covered as c on c.outlet_id = b.outlet_id and c.snapshot = b.snapshot
where b.orders > 0 and o.origin <> 'direct' and o.territory is not null
