-- purpose: what each gap is expected to bring in the 12 weeks after an origin: the best five of a pair
-- grain: origin x dealer x outlet x category
-- decisions: probability of taking the category up x what adopters spent. Five a pair, by value, then by category
with valued as (
    select
        o.origin, u.dealer_id, u.outlet_id, u.category, u.region, u.channel, u.orders_52w, u.sales_12w,
        u.sales_per_order, u.channel_sales_per_order, u.order_size, u.benchmark_level, u.peer_count, u.buyers,
        u.is_adopted, r.gaps_seen, r.adopted_seen, r.prior_probability, r.adoption_probability, r.probability_band, s.spend_level,
        s.adopters_seen, s.spend_in_orders,
        cast(s.spend_in_orders * u.order_size as decimal(18, 4)) as spend_if_adopted
    from (select distinct origin from taught_origins) as o
    inner join range_units as u on u.snapshot = o.origin
    inner join adoption_rates as r
        on r.origin = o.origin
        and r.channel = u.channel
        and r.category = u.category
        and r.orders_band = u.orders_band
    inner join adopter_spends as s on s.origin = o.origin and s.channel = u.channel and s.category = u.category
),

expected as (
    select
        origin, dealer_id, outlet_id, category, region, channel, orders_52w, sales_12w, sales_per_order,
        channel_sales_per_order, order_size, benchmark_level, peer_count, buyers, is_adopted, gaps_seen,
        adopted_seen, prior_probability, adoption_probability, probability_band, spend_level, adopters_seen, spend_in_orders,
        spend_if_adopted,
        cast(adoption_probability * spend_if_adopted as decimal(18, 4)) as expected_value
    from valued
)

select
    origin, dealer_id, outlet_id, category, region, channel, orders_52w, sales_12w, sales_per_order,
    channel_sales_per_order, order_size, benchmark_level, peer_count, buyers, is_adopted, gaps_seen, adopted_seen,
    prior_probability, adoption_probability, probability_band, spend_level, adopters_seen, spend_in_orders, spend_if_adopted,
    expected_value,
    row_number() over (partition by origin, dealer_id, outlet_id order by expected_value desc, category) as rank_in_pair
from expected
where expected_value > 0
qualify rank_in_pair <= 5
