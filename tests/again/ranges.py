"""Range gaps against the published ones, and their backtest."""

import numpy as np
import pandas as pd

from backtest import judged, tenths
from compared import compare, verdict
from exports import table
from gaps import range_forecasts
from intervals import dealer_sums, sum_interval


def check_range_backtest(past, run):
    published = table(run, "backtest")
    published = published[published["opportunity_type"] == "range"]
    if past.empty:
        verdict("backtest of range", published, "no origin is tested yet, and none is shown")
        return
    past = past.assign(
        type="range", is_listed=True, expected=past["value"], is_hit=past["is_adopted"].astype(int), base=0.0,
        error=(past["realised"] - past["value"]).abs(), is_inside=np.nan, is_above=np.nan,
    )
    order = ["origin", "adoption_probability", "value", "dealer_id", "outlet_id", "category"]
    past = past.sort_values(order, ascending=[True, False, False, True, True, True])
    past["decile"] = tenths(past, ["origin"])
    mine = []
    for scope, rows, more in [
        ("all", past, []), ("listed", past, []), ("decile", past, ["decile"]), ("dealer", dealer_sums(past), []),
    ]:
        mine += [*judged(rows, scope, ["type", "origin", *more]), *judged(rows, scope, ["type", *more])]
    key = ["scope", "origin", "decile"]
    money = ["predicted", "realised", "predicted_calibrated", "absolute_error"]
    columns = ["predictions", "hits", "hit_rate", "top_decile_hit_rate", "interval_coverage", "calibration_factor", *money]
    ends = ["ratio_low", "ratio_high"]
    ours = published[published["method"] == "dealerlens"]
    compare("backtest of range", pd.DataFrame(mine), ours, key, [*columns, *ends], [*money, *ends], by=0.01)

    mine = []
    for method, forecast in [("all_gaps_close", 1.0), ("overall_rate", past["overall_rate"])]:
        rows = past.assign(forecast=(forecast * past["spend_if_adopted"]).round(4))
        rows["error"] = (rows["realised"] - rows["forecast"]).abs()
        sums = rows.groupby("origin", as_index=False).agg(
            predictions=("forecast", "size"), predicted=("forecast", "sum"), realised=("realised", "sum"),
            absolute_error=("error", "sum"), hits=("is_hit", "sum"),
        )
        mine.append(sums.assign(method=method))
    naive = published[(published["method"] != "dealerlens") & ~published["is_pooled"]]
    money = ["predicted", "realised", "absolute_error"]
    compare("backtest, baselines of range", pd.concat(mine), naive, ["method", "origin"],
            ["predictions", "hits", *money], money, by=0.01)


def check_range(today, settled, run):
    published = table(run, "range_gaps")
    forecasts = range_forecasts(today, settled, run)
    if forecasts.empty:
        verdict("range_gaps", published, "no gap can be known yet, and none is listed")
        return
    check_range_backtest(forecasts[forecasts["origin"] > 0], run)
    today = forecasts[forecasts["origin"] == 0].rename(columns={"sales": "sales_12w", "calibrated": "expected_value"})
    today["calibration_factor"] = today["factor"]
    today = today[today["expected_value"] > 0]
    # Rates and spends are published with six digits; a value is their product with the size of an order.
    key = ["dealer_id", "outlet_id", "category"]
    money = ["sales_12w", "sales_per_order", "channel_sales_per_order", "order_size"]
    columns = [
        "region", "channel", "orders_52w", "benchmark", "benchmark_level", "peer_count", "peer_buyers", "gaps_seen",
        "adopted_seen", "prior_probability", "spend_level", "adopters_seen", "rank_in_pair", "calibration_factor", *money,
    ]
    compare("range_gaps", today, published, key, columns, money)
    rates = ["adoption_probability", "spend_in_orders"]
    compare("range_gaps rates", today, published, key, rates, rates, by=1.01e-6)
    spend = published["spend_in_orders"] * published["order_size"]
    value = published["adoption_probability"] * published["spend_if_adopted"] * published["calibration_factor"]
    slack = 1.01e-4 * published["calibration_factor"].clip(lower=1)
    is_wrong = (spend - published["spend_if_adopted"]).abs() > 1.01e-4
    is_wrong |= (value - published["expected_value"]).abs() > slack
    verdict("range_gaps products", published[is_wrong], f"{len(published)} rows, spend_if_adopted, expected_value")

    # What the gaps of a dealer come to together, from the published rows.
    p = published["adoption_probability"]
    rows = published.assign(
        variance=published["expected_value"] ** 2 * (2 - p) / p, log_nothing=np.log((1 - p).clip(lower=1e-9)),
    )
    sums = rows.groupby("dealer_id")[["expected_value", "variance", "log_nothing"]].sum()
    ends = [sum_interval(*row) for row in sums.itertuples(index=False)]
    names = ["dealer_expected_value", "dealer_low_value", "dealer_high_value"]
    mine = pd.DataFrame([[value, *end] for value, end in zip(sums["expected_value"], ends)], sums.index, names)
    once = published.drop_duplicates("dealer_id")
    compare("range_gaps of a dealer", mine.reset_index(), once, ["dealer_id"], names, names, by=0.01)
