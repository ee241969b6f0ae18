-- purpose: what an active pair would sell and order in a period by credibility, before the season
-- grain: pair x origin; active pairs whose first order is at least a whole period before the window
-- decisions: Z = T / (T + s^2 / n), base = Z m + (1 - Z) M. s^2 is steadied by four periods with the group's
--   coefficient of variation, ((n - 1) s^2 + 4 c^2 mean^2) / (n + 3); that mean is the pair's own with one period of
--   the group's, so that a pair that bought nothing in the year before is not taken for one without noise
with steadied as (
    select
        m.pair_number, m.region, m.channel, m.origin, m.learned_periods, m.is_full_year,
        m.orders, m.sales, m.sales_mean, m.orders_mean,
        p.peer_level, p.peer_channel, p.peer_region, p.pairs,
        p.sales_mean as peer_sales_mean, p.sales_spread, p.orders_mean as peer_orders_mean, p.orders_spread,
        (
            (m.learned_periods - 1) * m.sales_variance
            + 4 * p.sales_cv2 * power((m.learned_periods * m.sales_mean + p.sales_mean) / (m.learned_periods + 1), 2)
        ) / (m.learned_periods + 3) as sales_noise,
        (
            (m.learned_periods - 1) * m.orders_variance
            + 4 * p.orders_cv2
            * power((m.learned_periods * m.orders_mean + p.orders_mean) / (m.learned_periods + 1), 2)
        ) / (m.learned_periods + 3) as orders_noise
    from active_moments as m
    inner join peers as p on p.origin = m.origin and p.channel = m.channel and p.region = m.region
    where m.learned_periods > 0
),

weighted as (
    select
        pair_number, region, channel, origin, learned_periods, is_full_year, orders, sales,
        sales_mean, orders_mean, peer_level, peer_channel, peer_region, pairs, peer_sales_mean, peer_orders_mean,
        sales_noise,
        coalesce(sales_spread / nullif(sales_spread + sales_noise / learned_periods, 0), 0) as credibility,
        coalesce(orders_spread / nullif(orders_spread + orders_noise / learned_periods, 0), 0) as orders_credibility
    from steadied
)

select
    pair_number, region, channel, origin, learned_periods, is_full_year, orders, sales,
    sales_mean, orders_mean, peer_level, peer_channel, peer_region, pairs, peer_sales_mean, peer_orders_mean,
    sales_noise,
    credibility,
    orders_credibility,
    credibility * sales_mean + (1 - credibility) * peer_sales_mean as sales_base,
    orders_credibility * orders_mean + (1 - orders_credibility) * peer_orders_mean as orders_base
from weighted
