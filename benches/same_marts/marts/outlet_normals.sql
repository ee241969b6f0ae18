-- purpose: what each active outlet normally sells and orders in 12 weeks, to be compared between programs
-- grain: dealer x outlet
select
    w.as_of,
    o.dealer_id,
    o.outlet_id,
    n.channel,
    b.region,
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
inner join pair_numbers as o on o.pair_number = n.pair_number
inner join pair_bases as b on b.pair_number = n.pair_number and b.origin = n.origin
cross join analysis_window as w
where n.origin = 0
