-- purpose: what an active pair normally sells and orders in 12 weeks, and how surely it has dropped below that
-- grain: pair x origin; the pairs of pair_bases
-- decisions: normal = 3 h base. drop_probability = Phi((normal - current) / (h sqrt(3 s^2 + 9 Z s^2 / n))): noise of
--   three periods, and how well the base is known; NULL where there is no noise at all. growth_probability, the chance to
--   grow 10 % more than the group: Phi((3 h m - 1.1 current) / (h sqrt(3 s^2 + 9 s^2 / (n + 3)))), m the pair's own mean
--   over its n periods and the window, which tells outlets apart better than the normal does
with sized as (
    select
        b.pair_number, b.channel, b.origin, b.learned_periods, b.sales, b.sales_mean, b.peer_level, b.pairs,
        b.peer_sales_mean, b.credibility, s.sales_season,
        3 * s.sales_season * b.sales_base as normal_sales,
        3 * s.orders_season * b.orders_base as normal_orders,
        s.sales_season * sqrt(3 * b.sales_noise + 9 * b.credibility * b.sales_noise / b.learned_periods) as deviation,
        3 * (s.sales_season * b.learned_periods * b.sales_mean + cast(b.sales as double)) / (b.learned_periods + 3)
            as own_sales,
        s.sales_season * sqrt(3 * b.sales_noise + 9 * b.sales_noise / (b.learned_periods + 3)) as own_deviation
    from pair_bases as b
    inner join peer_seasons as s
        on s.origin = b.origin and s.peer_channel = b.peer_channel and s.peer_region = b.peer_region
)

select
    pair_number, channel, origin, learned_periods, sales_mean, peer_level, pairs, peer_sales_mean, credibility, sales_season,
    normal_sales,
    normal_orders,
    case when deviation > 0 then normal_cdf((normal_sales - cast(sales as double)) / deviation) end as drop_probability,
    case when own_deviation > 0 then normal_cdf((own_sales - 1.1 * cast(sales as double)) / own_deviation) end
        as growth_probability
from sized
