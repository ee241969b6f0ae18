-- purpose: the range gaps of today, with their values put right by the backtest
-- grain: dealer x outlet x category
-- decisions: low and high are quantiles of what happened, which a factor would not make truer; they only make room for it
select
    f.dealer_id, f.outlet_id, f.category, f.region, f.channel, f.orders_52w, f.sales_12w, f.sales_per_order,
    f.channel_sales_per_order, f.order_size, f.benchmark_level, f.peer_count, f.buyers, f.gaps_seen, f.adopted_seen,
    f.prior_probability, f.adoption_probability, f.spend_level, f.adopters_seen, f.spend_in_orders,
    f.spend_if_adopted, c.calibration_factor,
    cast(f.expected_value * c.calibration_factor as decimal(18, 4)) as expected_value,
    least(f.low_value, cast(f.expected_value * c.calibration_factor as decimal(18, 4))) as low_value,
    greatest(f.high_value, cast(f.expected_value * c.calibration_factor as decimal(18, 4))) as high_value,
    cast(f.variance * c.calibration_factor * c.calibration_factor as decimal(38, 4)) as variance,
    f.log_nothing,
    f.rank_in_pair
from range_forecasts as f
inner join opportunity_calibration as c on c.origin = f.origin and c.opportunity_type = 'range'
where f.origin = 0 and cast(f.expected_value * c.calibration_factor as decimal(18, 4)) > 0
