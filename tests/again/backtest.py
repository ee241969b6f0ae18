"""The backtest of vertical opportunities and its baselines."""

import datetime

import numpy as np
import pandas as pd

from company import PERIOD
from compared import compare, verdict
from exports import table
from intervals import dealer_sums, ratio_interval


def tested(predictions):
    """The predictions of earlier origins as the backtest judges them, with their tenth by the chance of a hit."""
    past = predictions[(predictions["origin"] > 0) & predictions["expected"].notna() & predictions["realised"].notna()]
    chance = past["probability"].fillna(0.0)
    is_grow = past["type"] == "grow"
    e, p = past["calibrated"], chance.clip(lower=1e-9)
    spread = (np.maximum(past["high"], e) - past["low"]) / 2.5631
    past = past.assign(
        is_hit=past["is_hit"].astype(int), error=(past["realised"] - past["expected"]).abs(),
        base=past["scale"].where(is_grow, 0.0), score=chance.round(9), tie=past["ratio"].round(9),
        is_inside=(past["realised"].between(past["low"], past["high"])).where(past["type"] != "retain"),
        is_above=(past["realised"] > past["stretch"]).where(past["stretch"].notna()),
        variance=np.select([is_grow, past["type"] == "activate"], [spread**2, e**2 * (2 - p) / p], e**2 * (1 - p) / p),
        log_nothing=np.log((1 - p).clip(lower=1e-9)).where(~is_grow),
    )
    order = ["type", "origin", "score", "tie", "dealer_id", "outlet_id"]
    past = past.sort_values(order, ascending=[True, True, False, False, True, True])
    return past.assign(decile=tenths(past, ["type", "origin"]))


def tenths(rows, group):
    """1 to 10 in the order of the rows of each group; the first ones get one more where the rows do not divide."""
    place, size = rows.groupby(group).cumcount(), rows.groupby(group)["origin"].transform("size")
    large = (size % 10) * (size // 10 + 1)
    tenth = np.where(place < large, place // (size // 10 + 1), (size % 10) + (place - large) // (size // 10).clip(lower=1))
    return tenth.astype(int) + 1


def judged(rows, scope, group):
    """One row of the backtest for each group of predictions."""
    for key, part in rows.groupby(group):
        key = dict(zip(group, key))
        low, high = ratio_interval(part.groupby("dealer_id")[["expected", "realised"]].sum())
        is_row = scope != "dealer"
        yield {
            "opportunity_type": key["type"], "scope": scope, "origin": key.get("origin", -1),
            "decile": key.get("decile", 0), "predictions": len(part), "hits": part["is_hit"].sum(),
            "hit_rate": part["is_hit"].mean(), "predicted": part["expected"].sum(),
            "predicted_calibrated": part["calibrated"].sum(), "realised": part["realised"].sum(),
            "absolute_error": part["error"].sum(), "sales_12w": part["base"].sum() if is_row else np.nan,
            "calibration_factor": part["factor"].iloc[0] if "origin" in key else np.nan,
            "ratio_low": low, "ratio_high": high, "interval_coverage": part["is_inside"].astype(float).mean(),
            "share_above_stretch": part["is_above"].astype(float).mean() if is_row else np.nan,
            "top_decile_hit_rate":
                part.loc[part["decile"] == 1, "is_hit"].mean() if scope == "all" else np.nan,
        }


def check_backtest(past, run):
    dealers = dealer_sums(past)
    mine = []
    for scope, rows, more in [
        ("all", past, []), ("listed", past[past["is_listed"]], []), ("decile", past, ["decile"]), ("dealer", dealers, []),
    ]:
        mine += [*judged(rows, scope, ["type", "origin", *more]), *judged(rows, scope, ["type", *more])]
    published = table(run, "backtest")
    published = published[
        (published["method"] == "dealerlens") & published["opportunity_type"].isin(["grow", "activate", "retain"])
    ]
    # Sums of thousands of values that were rounded one by one.
    money = ["predicted", "realised", "predicted_calibrated", "absolute_error", "sales_12w"]
    shares = ["hit_rate", "top_decile_hit_rate", "interval_coverage", "share_above_stretch"]
    key = ["opportunity_type", "scope", "origin", "decile"]
    columns = ["predictions", "hits", "calibration_factor", *shares, *money]
    compare("backtest", pd.DataFrame(mine), published, key, columns, money, by=0.01)
    # Where next to nothing was predicted in sum, the ratio magnifies what rounding moves.
    sure = published[published["predicted"].abs() > 100]
    ours = pd.DataFrame(mine, columns=[*key, "ratio_low", "ratio_high"]).merge(sure[key], on=key)
    ends = ["ratio_low", "ratio_high"]
    compare("backtest, how far chance may move the ratio", ours, sure, key, ends, ends, by=1e-4)


def check_grow_baselines(predictions, past, run):
    """The quantile is that of all who sold, also where nothing was known of what would come of it."""
    past = past[past["type"] == "grow"]
    sold = predictions[predictions["type"] == "grow"].groupby(["origin", "channel"])["scale"].quantile(0.75)
    p75 = past[["origin", "channel"]].merge(sold.reset_index(), how="left")["scale"].to_numpy()
    scale = past["scale"]
    forecasts = {
        "last_window": scale, "own_52w_rate": 3 * past["sales_52w"] / 13, "p75_gap": np.maximum(scale, p75),
        "normal_gap": np.fmax(scale, past["sales_normal"].fillna(0)),
    }
    mine = []
    for method, forecast in forecasts.items():
        gap = (forecast - scale).round(4)
        rows = past.assign(gap=gap, miss=(past["realised"] - gap).abs())
        for origin, part in rows.groupby("origin"):
            mine.append({
                "method": method, "origin": origin, "predictions": len(part), "predicted": part["gap"].sum(),
                "realised": part["realised"].sum(), "absolute_error": part["miss"].sum(), "hits": part["is_hit"].sum(),
            })
    published = table(run, "backtest")
    published = published[(published["opportunity_type"] == "grow") & (published["method"] != "dealerlens")]
    money = ["predicted", "realised", "absolute_error"]
    columns = ["predictions", "hits", *money]
    compare("backtest, baselines of grow", pd.DataFrame(mine), published[~published["is_pooled"]], ["method", "origin"],
            columns, money, by=0.01)


def check_days(today, settled, run):
    published = table(run, "backtest")
    published = published[~published["is_pooled"]]
    days = [
        (today if kind == "horizontal" else settled).as_of - datetime.timedelta(days=PERIOD * k)
        for kind, k in zip(published["opportunity_type"], published["origin"])
    ]
    wrong = published[published["origin_ends_on"] != pd.Series(days, published.index, dtype=object)]
    verdict("backtest, days of its origins", wrong, f"{len(published)} rows, origin_ends_on")
