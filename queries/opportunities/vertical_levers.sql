-- purpose: the listed opportunities by lever
-- grain: dealer x outlet x lever
-- decisions: a shortfall splits into frequency and ticket by two-factor Shapley values from (orders, sales per order)
--   now to normal; ticket takes what rounding leaves, so that both add up to the shortfall exactly. The expected
--   value splits by the positive parts of those two: a lever that already stands above normal is not expected to
--   bring anything
with effects as (
    select
        dealer_id, outlet_id, shortfall, expected_value, low_value, high_value, stretch_value,
        cast(
            round(
                (normal_orders - orders) * (
                    cast(sales as double) / orders
                    + coalesce(cast(normal_sales as double) / nullif(normal_orders, 0), cast(sales as double) / orders)
                ) / 2,
                4
            ) as decimal(18, 4)
        ) as frequency_effect
    from vertical_today
    where opportunity_type = 'grow' and is_listed
),

shares as (
    select
        dealer_id, outlet_id, shortfall, expected_value, low_value, high_value, stretch_value, frequency_effect,
        cast(greatest(0, frequency_effect) as double)
        / cast(greatest(0, frequency_effect) + greatest(0, shortfall - frequency_effect) as double) as frequency_share
    from effects
),

frequency as (
    select
        dealer_id, outlet_id, shortfall, expected_value, low_value, high_value, stretch_value, frequency_effect,
        cast(round(frequency_share * cast(expected_value as double), 4) as decimal(18, 4)) as frequency_expected,
        cast(round(frequency_share * cast(low_value as double), 4) as decimal(18, 4)) as frequency_low,
        cast(round(frequency_share * cast(high_value as double), 4) as decimal(18, 4)) as frequency_high,
        cast(round(frequency_share * cast(stretch_value as double), 4) as decimal(18, 4)) as frequency_stretch
    from shares
)

select
    dealer_id, outlet_id, 'grow' as opportunity_type, 'frequency' as lever, frequency_effect as potential,
    frequency_expected as expected_value, frequency_low as low_value, frequency_high as high_value,
    frequency_stretch as stretch_value, expected_value as outlet_expected_value
from frequency
union all
select
    dealer_id, outlet_id, 'grow' as opportunity_type, 'ticket' as lever, shortfall - frequency_effect as potential,
    expected_value - frequency_expected as expected_value, low_value - frequency_low as low_value,
    high_value - frequency_high as high_value, stretch_value - frequency_stretch as stretch_value,
    expected_value as outlet_expected_value
from frequency
union all
select
    dealer_id, outlet_id, opportunity_type, opportunity_type as lever,
    case
        when opportunity_type = 'retain' then sales
        else cast(round(coalesce(hit_ratio * scale, 0), 4) as decimal(18, 4))
    end as potential,
    expected_value, low_value, high_value, stretch_value, expected_value as outlet_expected_value
from vertical_today
where opportunity_type <> 'grow' and is_listed
