"""What is expected of pairs by what came of those alike."""

import math

import numpy as np
import pandas as pd

from kinds import activate, grow, retain
from normals import normals


def sums(school, columns):
    """Totals of amounts rounded one by one, as the queries add them up: thousands of them would differ in what is shown."""
    school = school.assign(**school[["scale", "outcome"]].round(4))
    school = school.assign(
        hits=school["is_hit"].astype(int), hit_scale=school["scale"].where(school["is_hit"], 0.0),
        hit_outcome=school["outcome"].where(school["is_hit"], 0.0), pairs=1,
    )
    totals = school.groupby(columns)[["pairs", "hits", "scale", "outcome", "hit_scale", "hit_outcome"]].sum()
    return totals.to_dict("index")


def quantiles(school, columns):
    """Low, high and stretch of outcome / scale on a grid of 4 %: see learned_quantiles."""
    school = school[school["scale"] > 0]
    ratio = (school["outcome"] / school["scale"]).to_numpy()
    step = np.where(ratio > 0, np.round(25 * np.log(np.where(ratio > 0, ratio, 1))), -100000)
    found = {}
    for key, steps in pd.Series(step, index=school.index).groupby([school[column] for column in columns]):
        values, counts = np.unique(steps, return_counts=True)
        to, n = counts.cumsum(), counts.sum()
        low = (10 * to >= n).argmax()
        below = to[low] - counts[low]
        places = [(low, -0.5), ((10 * (to - below) >= 8 * n).argmax(), 0.5), ((4 * to >= 3 * n).argmax(), 0.5)]
        found[key] = [0.0 if values[at] == -100000 else math.exp((values[at] + edge) / 25) for at, edge in places]
    return found


def interval(kind, probability, ends):
    """Low, high and stretch as multiples of the scale; of a yes or no (retain) nothing, all, or both."""
    if kind == "retain":
        return (1.0 if probability > 0.9 else 0.0), (1.0 if probability > 0.2 else 0.0), np.nan
    if ends is None:
        return np.nan, np.nan, np.nan
    return tuple(end - 1 for end in ends) if kind == "grow" else tuple(ends)


def learned(rows, school):
    """What is expected of each of `rows` from what came of the pairs in `school`: the ladder of look-alikes."""
    near = sums(school, ["type", "channel", "kind"])
    anywhere, wide = sums(school, ["type", "kind"]), sums(school, ["type", "wide"])
    ends_near = quantiles(school, ["type", "channel", "kind"])
    ends_anywhere, ends_wide = quantiles(school, ["type", "kind"]), quantiles(school, ["type", "wide"])
    none = dict.fromkeys(["pairs", "hits", "scale", "outcome", "hit_scale", "hit_outcome"], 0)
    known = {}
    met = rows[["type", "channel", "kind", "wide"]].drop_duplicates()
    for kind, channel, name, wide_name in met.itertuples(index=False):
        own, all_of_kind = near.get((kind, channel, name), none), anywhere.get((kind, name), none)
        base = all_of_kind if all_of_kind["pairs"] >= 30 else wide.get((kind, wide_name), none)
        if base["pairs"] < 30:
            continue
        level = "channel" if own["pairs"] >= 200 else "all" if all_of_kind["pairs"] >= 30 else "wide"
        chosen = own if level == "channel" else base
        probability = (own["hits"] + 20 * base["hits"] / base["pairs"]) / (own["pairs"] + 20)
        hit_ratio = 0.0
        if base["hits"] > 0:
            brought = own["hit_outcome"] + 20 * base["hit_outcome"] / base["hits"]
            scale = own["hit_scale"] + 20 * base["hit_scale"] / base["hits"]
            hit_ratio = brought / scale if scale else 0.0
        ratio = {
            "grow": chosen["outcome"] / chosen["scale"] - 1 if chosen["scale"] else np.nan,
            "activate": probability * hit_ratio,
            "retain": probability,
        }[kind]
        ends = {"channel": ends_near.get((kind, channel, name)), "all": ends_anywhere.get((kind, name))}
        ends = interval(kind, probability, ends.get(level, ends_wide.get((kind, wide_name))))
        known[kind, channel, name] = (level, chosen["pairs"], probability, hit_ratio, ratio, *ends)
    unknown = (None, 0, *[np.nan] * 6)
    found = [known.get(key, unknown) for key in zip(rows["type"], rows["channel"], rows["kind"])]
    names = ["learned_level", "lookalikes", "probability", "hit_ratio", "ratio", "low", "high", "stretch"]
    rows = rows.assign(**dict(zip(names, zip(*found))))
    rows["probability"] = rows["growth"].where(rows["type"] == "grow", rows["probability"])
    rows["expected"] = (rows["ratio"] * rows["scale"]).round(4)
    rows["high"] = np.fmax(rows["high"], rows["ratio"])
    for end in ["low", "high", "stretch"]:
        rows[end] = (rows[end] * rows["scale"]).round(4)
    # Without any lesson a shortfall is listed by itself, a silent outlet is not.
    rows["is_listed"] = rows["is_candidate"] & np.where(
        rows["expected"].isna(), rows["type"] != "activate", rows["ratio"] * rows["scale"] > 0
    )
    rows["realised"] = (rows["outcome"] - rows["scale"].where(rows["type"] == "grow", 0.0)).round(4)
    return rows


def factor(predictions, origin, kind):
    """Realised / predicted of the listed pairs at tested origins whose outcome was known, where it is far off."""
    past = predictions[
        (predictions["type"] == kind) & (predictions["origin"] >= origin + 3)
        & predictions["is_listed"] & predictions["expected"].notna() & predictions["realised"].notna()
    ]
    if past["origin"].nunique() < 3 or len(past) < 100 or past["expected"].sum() == 0:
        return 1.0
    ratio = past["realised"].sum() / past["expected"].sum()
    return 1.0 if 0.8 <= ratio <= 1.25 else min(3.0, max(0.0, round(ratio, 4)))


# What only the rows of outlets with a normal have.
OF_NORMALS = ["group", "sales_normal", "orders_normal", "sales_peers", "sales_z", "sales_season", "drop", "peer_count", "growth"]


def predict(today, settled):
    """Predictions of today and of all tested origins, each from the year of origins known by then. Today, too, learns from
    the settled origins from 3 on, as if its day were the settled one."""
    rows = []
    for company, k in [(today, 0), *((settled, k) for k in settled.past_origins)]:
        standing = company.reported(k)
        active = normals(standing)
        rows += [activate(standing), retain(standing)] + ([] if active is None else [grow(active)])
    rows = pd.concat(rows, ignore_index=True)
    # So early in the history nobody may have a normal.
    rows = rows.reindex(columns=[*rows, *(name for name in OF_NORMALS if name not in rows)])
    rows["group"] = rows["group"].astype(object)
    predictions = []
    for k in sorted({0, *settled.tested} & set(rows["origin"])):
        school = rows[rows["origin"].between(max(3, k + 3), k + 15) & rows["outcome"].notna()]
        predictions.append(learned(rows[rows["origin"] == k], school))
    predictions = pd.concat(predictions, ignore_index=True)
    past = predictions[predictions["origin"] > 0]
    keys = predictions[["origin", "type"]].drop_duplicates().itertuples(index=False, name=None)
    factors = {key: factor(past, *key) for key in keys}
    predictions["factor"] = [factors[key] for key in zip(predictions["origin"], predictions["type"])]
    predictions["calibrated"] = (predictions["expected"] * predictions["factor"]).round(4)
    return predictions
