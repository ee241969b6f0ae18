"""Vertical opportunities."""

import numpy as np
import pandas as pd

from compared import compare
from exports import table


def peer_level(group):
    if not isinstance(group, tuple):
        return None
    channel, region = group
    return "channel_region" if region != "*" else "channel" if channel != "*" else "all"


def vertical_rows(predictions):
    """The listed rows of today by lever, under the names of the published table."""
    today = predictions[(predictions["origin"] == 0) & predictions["is_listed"]].copy()
    today["outlet_expected_value"] = today["calibrated"]
    today["high"] = np.fmax(today["high"], today["calibrated"])
    ends = ["low", "high", "stretch"]
    today = today.assign(**{f"{end}_value": today[end] for end in ends})
    rows = today[today["type"] != "grow"].copy()
    rows["lever"] = rows["type"]
    rows["potential"] = np.where(rows["type"] == "retain", rows["sales"], (rows["hit_ratio"] * rows["scale"]).round(4))
    rows["expected_value"], rows["benchmark"] = rows["calibrated"], rows["potential"]

    drops = today[today["type"] == "grow"].copy()
    drops["normal"] = drops["sales_normal"].round(4)
    drops["shortfall"] = (drops["normal"] - drops["sales"]).clip(lower=0)
    # Shapley: each factor moves once first and once last.
    orders, orders_normal = drops["orders"], drops["orders_normal"]
    ticket, ticket_normal = drops["sales"] / orders, drops["normal"] / orders_normal
    by_frequency = (orders_normal - orders) * ticket / 2 + (orders_normal - orders) * ticket_normal / 2
    by_ticket = (ticket_normal - ticket) * orders / 2 + (ticket_normal - ticket) * orders_normal / 2
    share = by_frequency.clip(lower=0) / (by_frequency.clip(lower=0) + by_ticket.clip(lower=0))
    drops["benchmark"] = drops["normal"]
    split = lambda part: {f"{end}_value": part * drops[end] for end in ends} | {"expected_value": part * drops["calibrated"]}
    frequency = drops.assign(lever="frequency", potential=by_frequency, **split(share))
    ticket = drops.assign(lever="ticket", potential=by_ticket, **split(1 - share))

    rows = pd.concat([rows, frequency, ticket], ignore_index=True)
    is_grow = rows["type"] == "grow"
    names = {
        "learned_periods": "n", "own_period_mean": "sales_mean", "peer_period_mean": "sales_peers",
        "credibility": "sales_z", "season": "sales_season", "normal_sales": "normal", "normal_orders": "orders_normal",
        "drop_probability": "drop",
    }
    rows = rows.assign(**{name: rows[column].where(is_grow) for name, column in names.items()})
    level = rows["group"].map(peer_level)
    return rows.assign(
        opportunity_type=rows["type"], sales_12w=rows["sales"], orders_12w=rows["orders"], lookalike_kind=rows["kind"],
        calibration_factor=rows["factor"], benchmark_level=rows["learned_level"].where(~is_grow, level),
        peer_count=rows["lookalikes"].where(~is_grow, rows["peer_count"]),
    )


def check_vertical(company, predictions, run):
    published = table(run, "vertical_opportunities")
    segments = table(run, "outlet_segments")
    standing = company.standing(0)
    covered = standing[standing["is_covered"]][["dealer_id", "outlet_id", "behaviour", "sales", "orders"]]
    covered = covered.rename(columns={"sales": "sales_12w", "orders": "orders_12w"})
    compare("outlets of today", covered, segments[segments["is_covered"]], ["dealer_id", "outlet_id"],
            ["behaviour", "sales_12w", "orders_12w"], ["sales_12w"])
    columns = [
        "region", "territory", "channel", "opportunity_type", "behaviour", "sales_12w", "orders_12w", "learned_periods",
        "own_period_mean", "peer_period_mean", "credibility", "season", "normal_sales", "normal_orders", "shortfall",
        "drop_probability", "probability", "potential", "lookalike_kind", "lookalikes", "learned_level", "benchmark",
        "benchmark_level", "peer_count", "calibration_factor", "expected_value", "outlet_expected_value",
        "low_value", "high_value", "stretch_value",
    ]
    money = ["sales_12w", "normal_sales", "shortfall", "potential", "benchmark", "expected_value"]
    money += ["outlet_expected_value", "low_value", "high_value", "stretch_value"]
    active = predictions[(predictions["origin"] == 0) & (predictions["type"] == "grow")]
    print(f"        {len(active)} active pairs have mean Z {active['sales_z'].mean():.3f}, "
          f"{(active['drop'] >= 0.8).mean():.1%} a drop probability of 0.8 or more")
    keys = ["dealer_id", "outlet_id", "lever"]
    # The ends of the ticket lever are what the rounded ends of the frequency leave.
    compare("vertical_opportunities", vertical_rows(predictions), published, keys, columns, money, by=2.1e-4)
