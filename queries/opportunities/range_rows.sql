-- purpose: the range gaps of today, with their values put right by the backtest
-- grain: dealer x outlet x category
select
    f.dealer_id, f.outlet_id, f.category, f.region, f.channel, f.orders_52w, f.sales_12w, f.sales_per_order,
    f.channel_sales_per_order, f.order_size, f.benchmark_level, f.peer_count, f.buyers, f.gaps_seen, f.adopted_seen,
    f.prior_probability, f.adoption_probability, f.spend_level, f.adopters_seen, f.spend_in_orders,
    f.spend_if_adopted, c.calibration_factor,
    cast(f.expected_value * c.calibration_factor as decimal(18, 4)) as expected_value,
    cast(f.low_value * c.calibration_factor as decimal(18, 4)) as low_value,
    cast(f.high_value * c.calibration_factor as decimal(18, 4)) as high_value,
    f.rank_in_pair
from range_forecasts as f
inner join opportunity_calibration as c on c.origin = f.origin and c.opportunity_type = 'range'
where f.origin = 0 and cast(f.expected_value * c.calibration_factor as decimal(18, 4)) > 0
