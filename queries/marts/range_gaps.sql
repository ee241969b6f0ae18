-- purpose: categories that peers buy and an outlet does not: what to offer
-- grain: dealer x outlet x category; at most five per dealer and outlet
-- decisions: evidence for the ticket lever, not added to it. Only pairs with an order in 12 weeks and four in 52 weeks.
--   A gap closes or does not: the interval that holds 80 % is that of all gaps of the dealer
select
    w.as_of,
    f.dealer_id,
    f.outlet_id,
    f.category,
    f.region,
    f.channel,
    f.orders_52w,
    cast(f.sales_12w as decimal(18, 4)) as sales_12w,
    cast(f.buyers as double) / cast(f.peer_count as double) as benchmark,
    f.benchmark_level,
    f.peer_count,
    f.buyers as peer_buyers,
    cast(f.adoption_probability as double) as adoption_probability,
    f.gaps_seen,
    f.adopted_seen,
    cast(f.prior_probability as double) as prior_probability,
    f.sales_per_order,
    f.channel_sales_per_order,
    f.order_size,
    cast(f.spend_in_orders as double) as spend_in_orders,
    f.spend_level,
    f.adopters_seen,
    f.spend_if_adopted,
    cast(f.calibration_factor as double) as calibration_factor,
    f.expected_value,
    f.low_value,
    f.high_value,
    cast(d.predicted_calibrated as decimal(18, 4)) as dealer_expected_value,
    i.low_value as dealer_low_value,
    i.high_value as dealer_high_value,
    cast(f.rank_in_pair as bigint) as rank_in_pair,
    cast(
        row_number() over (partition by f.dealer_id order by f.expected_value desc, f.outlet_id, f.category) as bigint
    ) as rank_in_dealer,
    cast(
        row_number() over (
            partition by f.region
            order by f.expected_value desc, f.dealer_id, f.outlet_id, f.category
        ) as bigint
    ) as rank_in_region,
    s.reason
from range_rows as f
cross join analysis_window as w
inner join listed_sums as d on d.dealer_id = f.dealer_id and d.origin = 0 and d.opportunity_type = 'range'
left join dealer_intervals as i on i.dealer_id = f.dealer_id and i.origin = 0 and i.opportunity_type = 'range'
inner join range_reasons as s
    on s.dealer_id = f.dealer_id and s.outlet_id = f.outlet_id and s.category = f.category
