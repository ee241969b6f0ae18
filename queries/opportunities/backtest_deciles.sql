-- purpose: sums of the tested predictions by decile of their score
-- grain: opportunity_type x origin x decile x is_listed x cluster; decile 1 has the highest scores
-- decisions: a cluster is what moves together: the outlets of a dealer, the new outlets of a cell. inside is not counted
--   where a row is a mere yes or no (retain, range): an interval holds both answers or one, never 80 %
with judged as (
    select
        opportunity_type, origin, dealer_id, pair_number, item, is_listed, score, tie_score, base_value, predicted,
        predicted_calibrated, calibration_factor, realised, is_hit,
        realised between low and high as is_inside,
        stretch is not null as is_stretched,
        realised > stretch as is_above_stretch
    from backtest_rows
),

ranked as (
    select
        opportunity_type, origin, is_listed, base_value, predicted, predicted_calibrated, calibration_factor, realised,
        is_hit, is_inside, is_stretched, is_above_stretch,
        case when opportunity_type = 'horizontal' then item else dealer_id end as cluster_id,
        ntile(10) over (
            partition by opportunity_type, origin
            order by score desc, tie_score desc, pair_number, item
        ) as decile
    from judged
)

select
    opportunity_type,
    origin,
    cast(decile as bigint) as decile,
    is_listed,
    cluster_id,
    count(*) as predictions,
    sum(base_value) as base_value,
    sum(predicted) as predicted,
    sum(predicted_calibrated) as predicted_calibrated,
    max(calibration_factor) as calibration_factor,
    sum(realised) as realised,
    sum(abs(realised - predicted)) as absolute_error,
    count(*) filter (where is_hit) as hits,
    case
        when opportunity_type not in ('retain', 'range') then count(*) filter (where is_inside)
    end as inside,
    count(*) filter (where is_stretched) as stretched,
    count(*) filter (where is_above_stretch) as above_stretch
from ranked
group by opportunity_type, origin, decile, is_listed, cluster_id
