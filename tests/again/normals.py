"""What an outlet normally sells."""

import math

import numpy as np
import pandas as pd


def rows_of(frame, group):
    chosen = pd.Series(True, index=frame.index)
    for column, value in zip(["channel", "region"], group):
        if value != "*":
            chosen &= frame[column] == value
    return frame[chosen]


def steadied(n, variance, cv2, mean, group_mean):
    """The mean is the pair's with one period of the group's, so that nothing sold is not taken for no noise."""
    return ((n - 1) * variance + 4 * cv2 * ((n * mean + group_mean) / (n + 1)) ** 2) / (n + 3)


def normals(standing):
    """The active pairs of an origin with credibility, normal, drop probability and the movement of their group."""
    active = standing[standing["orders"] > 0].copy()
    makers = active[active["is_full"] & (active["n"] >= 2)]
    if len(makers) < 2:
        # So early in the history that there is nobody to be measured by.
        return None
    by_region, by_channel = makers.groupby(["channel", "region"]).size(), makers.groupby("channel").size()
    active["group"] = [
        (channel, region) if by_region.get((channel, region), 0) >= 30
        else (channel, "*") if by_channel.get(channel, 0) >= 30
        else ("*", "*")
        for channel, region in zip(active["channel"], active["region"])
    ]
    for name in ["sales", "orders"]:
        for group, members in active.groupby("group"):
            peers = rows_of(makers, group)
            n, mean, variance = peers["n"], peers[f"{name}_mean"], peers[f"{name}_variance"]
            squares = ((n - 1) * mean**2).sum()
            cv2 = ((n - 1) * variance).sum() / squares if squares > 0 else 0.0
            noise = steadied(n, variance, cv2, mean, mean.mean())
            spread = max(0.0, mean.var(ddof=1) - (noise / n).mean())
            own = members["n"].where(members["n"] > 0)
            noise = steadied(own, members[f"{name}_variance"], cv2, members[f"{name}_mean"], mean.mean())
            z = spread / (spread + noise / own) if spread > 0 else noise * 0
            at = members.index
            active.loc[at, f"{name}_noise"], active.loc[at, f"{name}_z"] = noise, z
            active.loc[at, f"{name}_peers"], active.loc[at, "peer_count"] = mean.mean(), len(peers)
            active.loc[at, f"{name}_base"] = z * members[f"{name}_mean"] + (1 - z) * mean.mean()
    for group, members in active.groupby("group"):
        peers = rows_of(active, group)
        for name in ["sales", "orders"]:
            base = peers[f"{name}_base"][peers["is_full"]]
            ratios = (peers[name] / (3 * base))[base.index][base > 0]
            active.loc[members.index, f"{name}_season"] = max(0.0, ratios.median()) if len(ratios) else 1.0
        sold = peers[peers["sales"] > 0]
        movement = sold["next_sales"].sum() / sold["sales"].sum()
        active.loc[members.index, "movement"] = movement if movement > 0 else np.nan
    for name in ["sales", "orders"]:
        active[f"{name}_normal"] = 3 * active[f"{name}_season"] * active[f"{name}_base"]
    deviation = active["sales_season"] * np.sqrt(
        3 * active["sales_noise"] + 9 * active["sales_z"] * active["sales_noise"] / active["n"].where(active["n"] > 0)
    )
    distance = (active["sales_normal"] - active["sales"]) / deviation.where(deviation > 0)
    active["drop"] = [math.erfc(-x / math.sqrt(2)) / 2 for x in distance]
    # The chance to grow 10 % more than the group, by the pair's own mean of the year before and the window.
    n, season = active["n"].where(active["n"] > 0), active["sales_season"]
    own = 3 * (season * n * active["sales_mean"] + active["sales"]) / (n + 3)
    deviation = season * np.sqrt(3 * active["sales_noise"] + 9 * active["sales_noise"] / (n + 3))
    distance = (own - 1.1 * active["sales"]) / deviation.where(deviation > 0)
    active["growth"] = [math.erfc(-x / math.sqrt(2)) / 2 for x in distance]
    return active
