-- purpose: what each gap is expected to bring in the 12 weeks after an origin: the best five of a pair
-- grain: origin x pair x category
-- decisions: probability of taking the category up x what adopters spent. Five a pair, by value, then by category
with valued as (
    select
        u.snapshot as origin, u.pair_number, u.category, u.is_adopted, r.adoption_probability, r.probability_band,
        cast(s.spend_in_orders * u.order_size as decimal(18, 4)) as spend_if_adopted
    from range_units as u
    inner join adoption_rates as r
        on r.origin = u.snapshot
        and r.channel = u.channel
        and r.category = u.category
        and r.orders_band = u.orders_band
    inner join adopter_spends as s on s.origin = u.snapshot and s.channel = u.channel and s.category = u.category
),

expected as (
    select
        origin, pair_number, category, is_adopted, adoption_probability, probability_band, spend_if_adopted,
        cast(adoption_probability * spend_if_adopted as decimal(18, 4)) as expected_value
    from valued
)

select
    origin, pair_number, category, is_adopted, adoption_probability, probability_band, spend_if_adopted, expected_value,
    row_number() over (partition by origin, pair_number order by expected_value desc, category) as rank_in_pair
from expected
where expected_value > 0
qualify rank_in_pair <= 5
