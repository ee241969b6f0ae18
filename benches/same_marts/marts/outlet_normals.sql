-- purpose: what each active outlet normally sells and orders in 12 weeks, to be compared between programs
-- grain: dealer x outlet
select
    w.as_of,
    n.dealer_id,
    n.outlet_id,
    n.channel,
    n.region,
    cast(n.learned_periods as bigint) as learned_periods,
    b.sales_mean,
    b.sales_noise,
    n.peer_level,
    cast(n.pairs as bigint) as peer_count,
    n.peer_sales_mean,
    n.credibility,
    n.sales_season,
    n.normal_sales,
    n.normal_orders,
    n.sales_season * sqrt(3 * b.sales_noise + 9 * b.credibility * b.sales_noise / b.learned_periods) as deviation
from pair_normals as n
inner join pair_bases as b on b.dealer_id = n.dealer_id and b.outlet_id = n.outlet_id and b.origin = n.origin
cross join analysis_window as w
where n.origin = 0
