-- purpose: what of a pair's orders becomes known at each origin, added up from one origin to the next
-- grain: pair x known_from, the oldest origin at which it was known; where the pair ordered
-- decisions: the origins of a picture have no gaps, so what was ordered in a period is known from the origin of its number
--   on, or from the oldest one. A relation of its own, for the reason of period_sums
select
    p.pair_number,
    least(p.period, m.oldest) as known_from,
    min(p.period) as last_period,
    max(p.last_order_on) as last_order_on,
    count(*) as periods,
    sum(p.sales) as sales,
    sum(p.orders) as orders,
    sum(p.order_days) as order_days
from pair_periods as p
cross join (select min(origin) as youngest, max(origin) as oldest from origins) as m
where p.orders > 0 and p.period >= m.youngest
group by p.pair_number, least(p.period, m.oldest)
