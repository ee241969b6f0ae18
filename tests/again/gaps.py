"""Range gaps."""

import numpy as np
import pandas as pd

from company import PERIOD, taught
from exports import table


def bought_by_category(company, products):
    """Pairs x categories x periods: what was bought of a category, and whether any line of it had a positive value."""
    known = products[products["is_in_master"] & (products["category"] != "unknown")]
    lines = company.lines[~company.lines["is_direct"]].merge(known[["product_id", "category"]], on="product_id")
    categories = sorted(lines["category"].unique())
    shape = (len(company.pairs), len(categories), company.sales.shape[1])
    amount, is_bought = np.zeros(shape), np.zeros(shape, dtype=bool)
    place = (lines["pair"], pd.Categorical(lines["category"], categories).codes, lines["age"] // PERIOD)
    np.add.at(amount, place, lines["amount"])
    is_bought[tuple(part[lines["amount"] > 0] for part in place)] = True
    return categories, amount, is_bought


def gaps_at(company, k, direct, categories, amount, is_bought):
    """Every category that half of the peers bought in the 52 weeks to a snapshot and the pair did not."""
    pairs = company.reported(k)
    pairs = pairs[(pairs["orders"] > 0) & (pairs["orders_52w"] >= 4) & (pairs["sales_52w"] > 0)]
    pairs = pairs[~pairs["outlet_id"].isin(direct)].copy()
    pairs["sales_per_order"] = (pairs["sales_52w"] / pairs["orders_52w"]).round(4)
    pairs["channel_sales_per_order"] = pairs.groupby("channel")["sales_per_order"].transform("mean").round(4)
    pairs["order_size"] = (pairs["sales_per_order"] + pairs["channel_sales_per_order"]) / 2
    pairs["band"] = np.searchsorted([6, 9, 13, 26], pairs["orders_52w"], side="right")
    buys = is_bought[pairs["pair"], :, k : k + 13].any(axis=2)
    rows = []
    for (channel, region), at in pairs.groupby(["channel", "region"]).indices.items():
        near = pairs["channel"].to_numpy() == channel
        if len(at) >= 30:
            level, peers = "channel and region", at
        elif near.sum() >= 30:
            level, peers = "channel", np.flatnonzero(near)
        else:
            level, peers = "all", np.arange(len(pairs))
        buyers = buys[peers].sum(axis=0)
        for index in np.flatnonzero((buyers > 0) & (2 * buyers >= len(peers))):
            missing = pairs.iloc[at[~buys[at, index]]]
            after = slice(max(0, k - 3), k)
            rows.append(missing.assign(
                category=categories[index], benchmark_level=level, peer_count=len(peers), peer_buyers=buyers[index],
                benchmark=buyers[index] / len(peers), is_adopted=is_bought[missing["pair"], index, after].any(axis=1),
                spent=amount[missing["pair"], index, after].sum(axis=1),
            ))
    return pd.concat(rows, ignore_index=True) if rows else pairs.iloc[:0]


def range_forecast(today, past):
    """The gaps of a day, at most five a pair, with what those of the snapshots before teach about them."""
    # How often gaps closed: of the channel, category and number of orders, with 60 more at the rate of that number.
    prior = past.groupby("band")["is_adopted"].mean().round(6).rename("prior_probability").reset_index()
    alike = past.groupby(["channel", "category", "band"])["is_adopted"].agg(["size", "sum"]).reset_index()
    today = today.merge(prior, on="band").merge(alike, on=["channel", "category", "band"], how="left")
    today["gaps_seen"], today["adopted_seen"] = today["size"].fillna(0), today["sum"].fillna(0).astype(float)
    adopted = today["adopted_seen"] + 60 * today["prior_probability"]
    today["adoption_probability"] = (adopted / (today["gaps_seen"] + 60)).round(6)

    # What adopters spent, in orders of their size: 30 of the channel and category, else 10 of the category.
    adopters = past[past["is_adopted"]]
    totals = {"n": ("spent", "size"), "spent": ("spent", "sum"), "size": ("order_size", "sum")}
    near = adopters.groupby(["channel", "category"]).agg(**totals).to_dict("index")
    wide = adopters.groupby("category").agg(**totals).to_dict("index")
    today["spend_in_orders"] = np.nan
    for row, (channel, category) in zip(today.index, zip(today["channel"], today["category"])):
        own, others = near.get((channel, category)), wide.get(category)
        if not others or others["n"] < 10:
            continue
        level, chosen = ("channel and category", own) if own and own["n"] >= 30 else ("category", others)
        today.loc[row, "spend_level"], today.loc[row, "adopters_seen"] = level, chosen["n"]
        today.loc[row, "spend_in_orders"] = round(max(0.0, chosen["spent"] / chosen["size"]), 6)
    today = today[today["spend_in_orders"] > 0].copy()
    today["spend_if_adopted"] = (today["spend_in_orders"] * today["order_size"]).round(4)
    today["value"] = (today["adoption_probability"] * today["spend_if_adopted"]).round(4)
    today = today.sort_values(["value", "category"], ascending=[False, True])
    today["rank_in_pair"] = today.groupby(["dealer_id", "outlet_id"]).cumcount() + 1
    p = today["adoption_probability"]
    today["variance"], today["log_nothing"] = today["value"] ** 2 * (2 - p) / p, np.log((1 - p).clip(lower=1e-9))
    return today[(today["rank_in_pair"] <= 5) & (today["value"] > 0)].copy()


def range_factor(past, origin):
    """Realised / expected of all gaps at the origins known by then, where 300 adoptions show it to be far off."""
    known = past[past["origin"] >= origin + 3] if len(past) else past
    if len(known) == 0 or known["origin"].nunique() < 3:
        return 1.0
    if max(known["is_adopted"].sum(), known["adoption_probability"].sum()) < 300:
        return 1.0
    ratio = known["realised"].sum() / known["value"].sum()
    return 1.0 if 0.8 <= ratio <= 1.25 else round(min(3.0, max(0.0, ratio)), 4)


def range_forecasts(today, settled, run):
    """The gaps of today and of all tested origins, with what came of them and their factors. Today, too, learns from
    settled snapshots, as far back as the settled history fills the 52 weeks before them."""
    outlets, products = table(run, "dim_outlet"), table(run, "dim_product")
    direct = set(outlets[outlets["origin"] == "direct"]["outlet_id"])
    gaps = {0: gaps_at(today, 0, direct, *bought_by_category(today, products))}
    bought = bought_by_category(settled, products)
    origins = [0] + [k for k in range(3, 14) if len(taught(settled, k)) >= 2]
    gaps |= {k: gaps_at(settled, k, direct, *bought) for k in sorted({*origins, *taught(settled, 0)} - {0})}
    gaps = {k: rows for k, rows in gaps.items() if len(rows)}
    days = []
    for k in (k for k in origins if k in gaps):
        past = [gaps[day] for day in taught(settled, k) if day in gaps]
        if not past:
            continue
        past = pd.concat(past)
        forecast = range_forecast(gaps[k], past).assign(origin=k, overall_rate=past["is_adopted"].mean())
        days.append(forecast.assign(realised=forecast["spent"].where(forecast["is_adopted"], 0.0)))
    if not days:
        return pd.DataFrame()
    forecasts = pd.concat(days, ignore_index=True)
    past = forecasts[forecasts["origin"] > 0]
    forecasts["factor"] = forecasts["origin"].map({k: range_factor(past, k) for k in origins})
    forecasts["calibrated"] = (forecasts["value"] * forecasts["factor"]).round(4)
    forecasts["variance"] *= forecasts["factor"] ** 2
    return forecasts
