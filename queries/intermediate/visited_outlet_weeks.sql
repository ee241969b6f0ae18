-- purpose: in how many of the weeks that could start on any day of the window a visited outlet ordered anyway
-- grain: dealer x outlet; visited pairs with an order
-- decisions: an order on day d lies in the weeks that start on d - 6 to d; counted from the order before on, each
--   start counts once
with visited as (
    select distinct dealer_id, outlet_id
    from window_visits
    where is_judged
),

order_days as (
    select
        p.dealer_id,
        p.outlet_id,
        cast(p.sold_on as int) as order_day,
        lag(cast(p.sold_on as int)) over (partition by p.dealer_id, p.outlet_id order by p.sold_on) as order_day_before
    from pair_days as p
    inner join visited as v on v.dealer_id = p.dealer_id and v.outlet_id = p.outlet_id
    where p.orders > 0
)

select
    o.dealer_id,
    o.outlet_id,
    sum(
        greatest(
            least(o.order_day, d.last_start)
            - greatest(o.order_day - 6, coalesce(o.order_day_before + 1, o.order_day - 6), d.first_start) + 1,
            0
        )
    ) as weeks_with_order
from order_days as o
inner join visit_days as d on d.dealer_id = o.dealer_id
group by o.dealer_id, o.outlet_id
