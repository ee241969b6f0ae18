-- purpose: what was known of a pair's orders, from one origin at which more was known to the next
-- grain: pair x known_from; the state holds at the origins after until_origin up to known_from
-- decisions: sums run over the whole history of the pair; at origin k everything since then is unknown. A join with all that
--   is known of the pair: sums over windows take twice as long, and forty times where a pair has one row
select
    s.pair_number,
    s.known_from,
    coalesce(max(o.known_from) filter (where o.known_from < s.known_from), -1) as until_origin,
    s.last_period,
    s.last_order_on,
    sum(o.periods) filter (where o.known_from >= s.known_from) as bought_periods,
    sum(o.sales) filter (where o.known_from >= s.known_from) as bought_sales,
    sum(o.orders) filter (where o.known_from >= s.known_from) as orders_total,
    sum(o.order_days) filter (where o.known_from >= s.known_from) as order_days
from origin_orders as s
inner join origin_orders as o on o.pair_number = s.pair_number
group by s.pair_number, s.known_from, s.last_period, s.last_order_on
