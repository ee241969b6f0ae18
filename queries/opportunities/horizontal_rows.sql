-- purpose: the candidates of each cell with what the cell is expected to bring
-- grain: dealer x territory x channel; the first five candidates of each cell
-- decisions: values are rounded once, before the factor, so that they are exact products of their columns.
--   Low and high are quantiles of what happened, which a factor would not make truer; they only make room for it
select
    c.dealer_id,
    f.territory,
    f.channel,
    c.region,
    c.kind,
    case when r.universe_outlets is null then 'peers' else 'market' end as evidence,
    c.candidate_rank = 1 as is_lead,
    cast(c.candidate_rank as bigint) as candidate_rank,
    c.candidates,
    c.outlets_in_cell as dealer_outlets_in_cell,
    c.outlets_in_territory as dealer_outlets_in_territory,
    r.universe_outlets,
    r.covered_outlets,
    r.uncovered_outlets,
    r.benchmark,
    r.benchmark_level,
    r.peer_cells as peer_count,
    f.room_outlets,
    f.rate_basis,
    case when f.rate_basis = 'uncovered outlets' then r.uncovered_outlets else r.covered_outlets end as rate_outlets,
    f.activation_rate,
    f.expected_outlets,
    f.sales_per_outlet,
    v.value_level,
    v.value_outlets,
    a.calibration_factor,
    cast(f.expected_value * a.calibration_factor as decimal(18, 4)) as expected_value,
    least(f.low_value, cast(f.expected_value * a.calibration_factor as decimal(18, 4))) as low_value,
    greatest(f.high_value, cast(f.expected_value * a.calibration_factor as decimal(18, 4))) as high_value,
    cast(s.first_12w_factor * cast(f.expected_value * a.calibration_factor as double) as decimal(18, 4))
        as first_12w_value
from cell_forecasts as f
inner join cell_candidates as c
    on c.origin = 0 and c.territory = f.territory and c.channel = f.channel and c.candidate_rank <= 5
inner join cell_rooms as r on r.snapshot = 0 and r.territory = f.territory and r.channel = f.channel
inner join new_outlet_values as v on v.origin = 0 and v.channel = f.channel and v.region = f.region
inner join opportunity_calibration as a on a.origin = 0 and a.opportunity_type = 'horizontal'
cross join new_outlet_starts as s
where f.origin = 0 and cast(f.expected_value * a.calibration_factor as decimal(18, 4)) > 0
