-- purpose: what each cell is expected to bring in the 12 weeks after an origin, with its 80 % interval
-- grain: origin x territory x channel; cells from which something is expected
-- decisions: high is never below expected: a cell in which new outlets are rare mostly brings nothing, so that both ends
--   of an exact interval would be zero
select
    v.origin,
    v.territory,
    v.channel,
    v.region,
    v.new_outlets,
    v.new_sales,
    v.rate_basis,
    v.activation_rate,
    v.room_outlets,
    v.expected_outlets,
    v.sales_per_outlet,
    v.expected_value,
    least(v.expected_value, cast(s.low_ratio * cast(v.expected_value as double) as decimal(18, 4))) as low_value,
    greatest(v.expected_value, cast(s.high_ratio * cast(v.expected_value as double) as decimal(18, 4))) as high_value
from cell_values as v
inner join cell_spreads as s on s.origin = v.origin and s.size_band = v.size_band
where v.snapshot = v.origin
