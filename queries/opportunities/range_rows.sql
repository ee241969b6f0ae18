-- purpose: the range gaps of today, with their values put right by the backtest, and all that they were made of
-- grain: dealer x outlet x category
-- decisions: low and high are quantiles of what happened, which a factor would not make truer; they only make room for it
with listed as (
    select
        f.pair_number, f.category, f.spend_if_adopted, f.low_value, f.high_value, f.log_nothing, f.rank_in_pair,
        c.calibration_factor,
        cast(f.expected_value * c.calibration_factor as decimal(18, 4)) as expected_value,
        cast(f.variance * c.calibration_factor * c.calibration_factor as decimal(38, 4)) as variance
    from range_forecasts as f
    inner join opportunity_calibration as c on c.origin = f.origin and c.opportunity_type = 'range'
    where f.origin = 0
)

select
    o.dealer_id, o.outlet_id, l.category, p.region, p.channel, p.orders_52w, p.sales_12w, p.sales_per_order,
    p.channel_sales_per_order, p.order_size, b.benchmark_level, b.peer_count, b.buyers, r.gaps_seen, r.adopted_seen,
    r.prior_probability, r.adoption_probability, s.spend_level, s.adopters_seen, s.spend_in_orders,
    l.spend_if_adopted, l.calibration_factor, l.expected_value,
    least(l.low_value, l.expected_value) as low_value,
    greatest(l.high_value, l.expected_value) as high_value,
    l.variance,
    l.log_nothing,
    l.rank_in_pair
from listed as l
inner join origin_pairs as o on o.pair_number = l.pair_number
inner join range_pairs as p on p.pair_number = l.pair_number and p.snapshot = 0
inner join range_benchmarks as b
    on b.snapshot = 0 and b.channel = p.channel and b.region = p.region and b.category = l.category
inner join adoption_rates as r
    on r.origin = 0 and r.channel = p.channel and r.category = l.category and r.orders_band = p.orders_band
inner join adopter_spends as s on s.origin = 0 and s.channel = p.channel and s.category = l.category
where l.expected_value > 0
