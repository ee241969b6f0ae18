-- purpose: sums of the tested predictions by decile of their score
-- grain: opportunity_type x origin x decile x is_listed x cluster; decile 1 has the highest scores
-- decisions: a cluster is what moves together: the outlets of a dealer, the new outlets of a cell. inside is not counted
--   where a row is a mere yes or no (retain, range): an interval holds both answers or one, never 80 %
with ranked as (
    select
        opportunity_type, origin, is_listed, base_value, predicted, predicted_calibrated, calibration_factor, low, high,
        stretch, realised, is_hit,
        case when opportunity_type = 'horizontal' then item else dealer_id end as cluster_id,
        ntile(10) over (
            partition by opportunity_type, origin
            order by score desc, tie_score desc, dealer_id, outlet_id, item
        ) as decile
    from backtest_rows
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
    sum(case when is_hit then 1 else 0 end) as hits,
    case
        when opportunity_type not in ('retain', 'range') then sum(case when realised between low and high then 1 else 0 end)
    end as inside,
    count(stretch) as stretched,
    sum(case when realised > stretch then 1 else 0 end) as above_stretch
from ranked
group by opportunity_type, origin, decile, is_listed, cluster_id
