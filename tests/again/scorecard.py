"""The scorecard and the classes of a year."""

import numpy as np
import pandas as pd

from compared import compare
from counted import COUNTS, comparison_base
from exports import table


def check_history(picture, run):
    mine = picture.history.rename(columns={"coverage": "coverage_value", "performance": "performance_value"})
    is_open = lambda axis: mine["is_new"] | mine[f"{axis}_probability"].isna()
    mine["is_coverage_strong"] = mine["is_strong"].astype(object).mask(is_open("coverage"), None)
    mine["is_performance_high"] = mine["is_high"].astype(object).mask(is_open("performance"), None)
    axes = [f"{axis}_{what}" for axis in ["coverage", "performance"] for what in ["value", "threshold", "probability"]]
    columns = ["dealer_class", "previous_class", *axes, "is_coverage_strong", "is_performance_high"]
    compare("classes of a year", mine, table(run, "dealer_class_history"), ["dealer_id", "snapshot"], columns)


def concentration(pairs):
    sold = pairs[pairs["sales_52w"] > 0]
    sums = sold.assign(squares=sold["sales_52w"] ** 2).groupby("dealer_id")[["sales_52w", "squares"]].sum()
    return sums["squares"] / sums["sales_52w"] ** 2


def check_scorecard(picture, run):
    now, k = picture.at[0], comparison_base(picture.company)
    then = picture.at[k] if k else now.assign(**dict.fromkeys(COUNTS.values(), np.nan))
    mine = pd.DataFrame({"covered_outlets": now["covered"], "covered_outlets_base": then["covered"]})
    mine["active_outlets_12w"], mine["active_outlets_base"] = now["active"], then["active"]
    for suffix, rows in [("12w", now), ("base", then)]:
        mine[f"sales_{suffix}"], mine[f"orders_{suffix}"] = rows["sales"], rows["orders"]
        mine[f"order_value_{suffix}"], mine[f"returns_{suffix}"] = rows["order_value"], rows["sales"] - rows["order_value"]
    is_known = ~now["is_not_reported"]
    mine["sales_growth"] = (now["sales"] / then["sales"].where(then["sales"] > 0) - 1).where(is_known)
    mine["attainment"] = (now["sales"] / now["target"].where(now["target"] > 0)).where(is_known)
    mine["sales_52w"], mine["target_12w"], mine["is_not_reported"] = now["sales_52w"], now["target"], now["is_not_reported"]
    mine["universe_outlets"], mine["numeric_distribution"] = now["universe"], now["numeric"]
    mine["weighted_distribution"], mine["hhi"] = now["weighted"], concentration(picture.pairs[0])
    today = picture.history[picture.history["snapshot"] == 0].set_index("dealer_id")
    mine["dealer_class"] = today["dealer_class"].reindex(mine.index).fillna("unrated")
    for name in ["coverage_benchmark_level", "coverage_peers", "performance_benchmark_level", "performance_peers"]:
        mine[name] = today[name]
    published = table(run, "dealer_scorecard")
    money = [name for name in mine if name.startswith(("sales_", "order_value_", "returns_", "target_")) and name != "sales_growth"]
    compare("dealer_scorecard", mine.reset_index(), published, ["dealer_id"], list(mine), money, by=2e-3)
