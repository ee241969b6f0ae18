"""Pairs by kind, and what came of them."""

import numpy as np

GAP_EDGES = [-0.5, -0.25, -0.1, 0.1, 0.25, 0.5, 0.8, 1.2, 1.8]

GAP_NAMES = ["-0.5", "-0.25", "-0.1", "0", "0.1", "0.25", "0.5", "0.8", "1.2", "1.8"]


def grow(active):
    rows = active[active["sales"] > 0].copy()
    has = rows["sales_normal"].notna()
    borders = active.groupby("channel")["sales_normal"].quantile([0.3333333333, 0.6666666667]).unstack()
    low, high = (rows["channel"].map(borders[column]) for column in borders.columns)
    size = np.select([rows["sales_normal"] <= low, rows["sales_normal"] <= high], ["small", "middle"], "large")
    gap = np.log(rows["sales_normal"].clip(lower=1e-300) / rows["sales"]).where(rows["sales_normal"] > 0, -9.0)
    names = np.array(GAP_NAMES)[np.searchsorted(GAP_EDGES, gap.fillna(0))]
    rows["kind"] = np.where(has, [f"{a} {b}" for a, b in zip(size, names)], "new")
    wide = np.select([gap > 0.1, gap <= -0.1], ["any below normal", "any above normal"], "any at normal")
    rows["wide"] = np.where(has, wide, "any new")
    rows["scale"] = rows["sales"]
    rows["outcome"] = rows["next_sales"] / rows["movement"]
    rows["is_hit"] = rows["outcome"] > 1.1 * rows["sales"]
    rows["is_candidate"] = has & (rows["sales_normal"] > rows["sales"]) & (rows["drop"].fillna(1) >= 0.8)
    return rows.assign(type="grow")


def activate(standing):
    rows = standing[standing["is_covered"] & standing["behaviour"].isin(["prospect", "lapsed", "churned"])].copy()
    is_prospect = rows["behaviour"] == "prospect"
    spans = np.array(["12-16", "16-20", "20-32", "32-52"])
    span = spans[np.searchsorted([3, 4, 7], rows["silent_periods"].fillna(0))]
    counts = np.array(["1 order", "2-3 orders", "4-6 orders", "7-12 orders", "13+ orders"])
    count = counts[np.searchsorted([1, 3, 6, 12], rows["orders_52w"])]
    lapsed = [f"silent {a} weeks, {b} in 52 weeks" for a, b in zip(span, count)]
    ever = np.array(["1 period", "2-3 periods", "4+ periods"])[np.searchsorted([1, 3], rows["bought_periods"])]
    churned = [f"silent 52+ weeks, bought in {a}" for a in ever]
    rows["kind"] = np.select([is_prospect, rows["behaviour"] == "lapsed"], ["prospect", lapsed], churned)
    lapsed = np.where(rows["silent_periods"] <= 4, "any silent 12-20 weeks", "any silent 20-52 weeks")
    rows["wide"] = np.where(rows["behaviour"] == "lapsed", lapsed, "any " + rows["behaviour"])
    rows["scale"] = rows["own_period"].where(~is_prospect, 1.0)
    # Undated prospects may be in the master only because they became customers later: they teach nothing.
    rows["outcome"] = rows["next_sales"].where(~is_prospect | rows["has_dated_opening"])
    rows["is_hit"] = rows["next_orders"] > 0
    return rows.assign(type="activate", is_candidate=True)


def retain(standing):
    rows = standing[(standing["orders"] > 0) & (standing["sales"] > 0)].copy()
    gaps = (rows["silent"] / rows["mean_gap"].where(rows["mean_gap"] > 0)).to_numpy()
    names = ["0-0.5 gaps", "0.5-1 gaps", "1-1.5 gaps", "1.5-2 gaps", "2-3 gaps", "3+ gaps"]
    silence = [f"silent {names[index]}" for index in np.searchsorted([0.5, 1, 1.5, 2, 3], np.nan_to_num(gaps))]
    silence = np.where(np.isnan(gaps), "first order", silence)
    orders = np.select([rows["orders"] == 1, rows["orders"] <= 3], ["1 order", "2-3 orders"], "4+ orders")
    rows["kind"] = [f"{a}, {b}" for a, b in zip(silence, orders)]
    wide = ["any first order", "any silent 0-2 gaps"]
    rows["wide"] = np.select([np.isnan(gaps), gaps <= 2], wide, "any silent 2+ gaps")
    rows["scale"], rows["is_hit"] = rows["sales"], rows["next_orders"] == 0
    rows["outcome"] = rows["sales"].where(rows["is_hit"], 0.0)
    return rows.assign(type="retain", is_candidate=rows["behaviour"] == "at_risk")
