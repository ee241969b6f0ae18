-- purpose: every tested prediction of every type
-- grain: opportunity_type x origin x pair x item; the pair is NULL where a row is a cell
-- stored: no
-- decisions: a type joins the backtest by one more relation of these columns in this union
select
    opportunity_type, origin, dealer_id, pair_number, item, is_listed, score, tie_score, base_value, predicted,
    predicted_calibrated, calibration_factor, low, high, stretch, variance, log_nothing, realised, is_hit
from backtest_vertical_rows
union all
select
    opportunity_type, origin, dealer_id, pair_number, item, is_listed, score, tie_score, base_value, predicted,
    predicted_calibrated, calibration_factor, low, high, stretch, variance, log_nothing, realised, is_hit
from backtest_horizontal_rows
union all
select
    opportunity_type, origin, dealer_id, pair_number, item, is_listed, score, tie_score, base_value, predicted,
    predicted_calibrated, calibration_factor, low, high, stretch, variance, log_nothing, realised, is_hit
from backtest_range_rows
