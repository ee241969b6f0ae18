"""The numbers in the English reasons."""

import re

import pandas as pd

from compared import verdict
from exports import table


def is_shown(text, value):
    """Whether a number of a reason is the value of its column, rounded to the digits that are shown."""
    if text == "-":
        return pd.isna(value)
    digits = len(text.partition(".")[2])
    return abs(float(text) - value) <= 0.5 * 10**-digits + 1e-9 * abs(value)


def differs(template, row):
    parts = re.split(r"\{(\w+)\}", template)
    group = lambda name: "(.+?)" if isinstance(row[name], str) else r"(-?\d+(?:\.\d+)?|-)"
    pattern = "".join(re.escape(part) if index % 2 == 0 else group(part) for index, part in enumerate(parts))
    found = re.fullmatch(pattern, row["reason"])
    if not found:
        return True
    shown = zip(found.groups(), (row[name] for name in parts[1::2]))
    return any(text != value if isinstance(value, str) else not is_shown(text, value) for text, value in shown)


def vertical_reason(row):
    its_kind = "a wider kind than its own" if row["learned_level"] == "wide" else "its kind"
    start = {
        "grow": "normally sells {normal_sales} in {normal_orders} orders ({own_share} % its own history, "
        "{peer_share} % its peers), now {sales_12w} in {orders_12w}; shortfall {shortfall}, "
        "real with P {drop_share} %; {lever} makes up {potential} of it",
        "activate": f"{{chance}} % of {its_kind} ({{lookalike_kind}}) ordered within 12 weeks, "
        "and then about {potential}",
        "retain": f"{{chance}} % of {its_kind} ({{lookalike_kind}}) did not order again within 12 weeks; "
        "{sales_12w} at stake",
    }[row["opportunity_type"]]
    if pd.isna(row["expected_value"]):
        return start + "; no expected value: too few look-alikes"
    end = "; expected {expected_value} (80 %: {low_value} to {high_value}), as observed on {lookalikes} look-alikes"
    return start + end + ("" if row["calibration_factor"] == 1 else ", times {calibration_factor} by the backtest")


def horizontal_reason(row):
    market = "uncovered {uncovered_outlets} of {universe_outlets} outlets, covered by anyone {covered_outlets}"
    peers = "no market data; outlets covered by anyone {covered_outlets}"
    limit = ", limited by the {room_outlets} missing to the peers' 75 % quantile of distribution, {benchmark_share} %"
    limit += " ({peer_count} cells)"
    is_limited = row["expected_outlets"] < round(row["rate_outlets"] * row["activation_rate"], 4) - 1e-9
    return (
        (market if row["evidence"] == "market" else peers)
        + "; {expected_outlets} new outlets expected in 12 weeks = {rate_outlets} "
        + row["rate_basis"].removesuffix(" outlets") + " x {activation_rate}" + (limit if is_limited else "")
        + "; x {sales_per_outlet} that a new outlet bought ("
        + {"channel": "same channel", "all": "all channels"}.get(row["value_level"], "same channel and region")
        + ", {value_outlets} outlets)" + ("" if row["calibration_factor"] == 1 else " x {calibration_factor}")
        + " = {expected_value}; candidate {candidate_rank} of {candidates}, covers {dealer_outlets_in_cell} "
        "in the cell, {dealer_outlets_in_territory} in the territory"
    )


def range_reason(row):
    where = {"channel": "in the channel", "all": "in all channels"}
    return (
        "{peer_buyers} of {peer_count} peers " + where.get(row["benchmark_level"], "in the channel and region")
        + " buy it, this outlet did not in its {orders_52w} orders of 52 weeks; {adoption_share} % begin within "
        "12 weeks ({adopted_seen} of {gaps_seen} alike, and 60 more at {prior_share} %) and spend {spend_if_adopted} "
        "({adopters_seen} seen)" + ("" if row["calibration_factor"] == 1 else " x {calibration_factor}")
        + ": {expected_value}"
    )


def check_reasons(run):
    for name, template, shares in [
        ("vertical_opportunities", vertical_reason,
         {"own_share": "credibility", "drop_share": "drop_probability", "chance": "probability"}),
        ("horizontal_opportunities", horizontal_reason, {"benchmark_share": "benchmark"}),
        ("range_gaps", range_reason, {"adoption_share": "adoption_probability", "prior_share": "prior_probability"}),
    ]:
        frame = table(run, name)
        for share, column in shares.items():
            frame[share] = 100 * frame[column].astype(float)
        if "own_share" in frame:
            frame["peer_share"] = 100 - frame["own_share"]
        wrong = [row["reason"] for row in frame.to_dict("records") if differs(template(row), row)]
        verdict(f"{name} reasons", wrong, f"{len(frame)} rows, each number of the text is the one of its column")
