-- purpose: where a dealer can open outlets, and what they would bring in the next 12 weeks
-- grain: dealer x territory x channel; the first five candidates of each cell, one of whom leads
-- decisions: all candidates of a cell see the same outlets, so totals count leads only. Leads rank before others
select
    w.as_of,
    o.dealer_id,
    o.territory,
    o.channel,
    o.region,
    o.kind,
    o.evidence,
    o.is_lead,
    o.candidate_rank,
    o.candidates,
    o.dealer_outlets_in_cell,
    o.dealer_outlets_in_territory,
    o.universe_outlets,
    o.covered_outlets,
    o.uncovered_outlets,
    o.benchmark,
    o.benchmark_level,
    o.peer_count,
    cast(o.room_outlets as double) as room_outlets,
    o.rate_basis,
    o.rate_outlets,
    cast(o.activation_rate as double) as activation_rate,
    cast(o.expected_outlets as double) as expected_outlets,
    o.sales_per_outlet,
    o.value_level,
    o.value_outlets,
    cast(o.calibration_factor as double) as calibration_factor,
    o.expected_value,
    o.low_value,
    o.high_value,
    o.first_12w_value,
    cast(
        row_number() over (
            partition by o.dealer_id
            order by o.is_lead desc, o.expected_value desc, o.territory, o.channel
        ) as bigint
    ) as rank_in_dealer,
    cast(
        row_number() over (
            partition by o.region
            order by o.is_lead desc, o.expected_value desc, o.territory, o.channel, o.dealer_id
        ) as bigint
    ) as rank_in_region,
    t.reason
from horizontal_rows as o
cross join analysis_window as w
inner join horizontal_reasons as t
    on t.dealer_id = o.dealer_id and t.territory = o.territory and t.channel = o.channel
