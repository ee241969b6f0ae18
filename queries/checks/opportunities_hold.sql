-- purpose: expected values lie within their intervals, probabilities between 0 and 1, and outlets behave alike everywhere
select
    v.dealer_id,
    v.outlet_id,
    v.lever,
    v.expected_value,
    v.low_value,
    v.high_value,
    v.behaviour,
    s.behaviour as behaviour_in_segments
from vertical_opportunities as v
left join outlet_segments as s on s.dealer_id = v.dealer_id and s.outlet_id = v.outlet_id
where
    v.low_value > v.high_value
    or v.expected_value > v.high_value
    or v.expected_value < 0
    or v.probability not between 0 and 1
    or v.drop_probability not between 0 and 1
    or v.credibility not between 0 and 1
    or (v.behaviour is distinct from s.behaviour)
    or v.sales_12w <> s.sales_12w
    or v.orders_12w <> s.orders_12w
