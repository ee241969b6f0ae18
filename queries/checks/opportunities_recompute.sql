-- purpose: values of horizontal opportunities and range gaps recompute from their own columns, inside their intervals
select
    dealer_id,
    territory || ' / ' || channel as subject,
    expected_value,
    cast(
        cast(cast(expected_outlets as decimal(18, 4)) * sales_per_outlet as decimal(18, 4))
        * cast(calibration_factor as decimal(6, 4)) as decimal(18, 4)
    ) as recomputed
from horizontal_opportunities
where
    expected_value <> cast(
        cast(cast(expected_outlets as decimal(18, 4)) * sales_per_outlet as decimal(18, 4))
        * cast(calibration_factor as decimal(6, 4)) as decimal(18, 4)
    )
    or expected_outlets > cast(activation_rate as decimal(10, 6)) * rate_outlets + 0.0001
    or expected_outlets > coalesce(room_outlets, expected_outlets)
    or low_value > expected_value
    or high_value < expected_value
    or expected_value <= 0
    or (evidence = 'market') <> (universe_outlets is not null)
union all
select
    dealer_id,
    outlet_id || ' / ' || category as subject,
    expected_value,
    cast(
        cast(cast(adoption_probability as decimal(10, 6)) * spend_if_adopted as decimal(18, 4))
        * cast(calibration_factor as decimal(6, 4)) as decimal(18, 4)
    ) as recomputed
from range_gaps
where
    expected_value <> cast(
        cast(cast(adoption_probability as decimal(10, 6)) * spend_if_adopted as decimal(18, 4))
        * cast(calibration_factor as decimal(6, 4)) as decimal(18, 4)
    )
    or low_value > expected_value
    or high_value < expected_value
    or expected_value <= 0
    or rank_in_pair > 5
    or peer_buyers * 2 < peer_count
    or orders_52w < 4
