"""How often the labels of goals came true."""

import numpy as np
import pandas as pd

from compared import compare
from exports import table


def goal_trials(today, settled, past):
    """The dealers at each origin that both pictures test: sales, the usual season's, what came, and what the settled
    picture had listed for their outlets. A dealer that had not reported in one of the pictures until the outcome was over
    was not tested there: nobody knows what would have been listed, so it is left out."""
    past = past[past["is_listed"] & past["type"].isin(["grow", "activate"])]
    listed = past.groupby(["origin", "dealer_id"])[["calibrated", "variance"]].sum()
    trials = []
    for k in sorted({*today.tested} & {*settled.tested}):
        rows = today.reported(k)
        rows = rows[rows["dealer_id"].isin(settled.reported(k)["dealer_id"])]
        rows = rows.groupby("dealer_id", as_index=False)[["sales", "next_sales"]].sum().round(4)
        trials.append(rows[rows["sales"] > 0].assign(origin=k, season=today.usual_season(k)))
    if not trials:
        return pd.DataFrame(columns=["sales", "next_sales", "usual_sales", "stretch_total"])
    trials = pd.concat(trials).merge(listed, on=["origin", "dealer_id"], how="left")
    trials["usual_sales"] = trials["sales"] * trials["season"].fillna(1.0)
    trials["stretch_total"] = (trials["calibrated"] + 1.2816 * np.sqrt(trials["variance"])).fillna(0.0)
    return trials[trials["season"].isna() == np.isnan(today.usual_season(0))]


def check_goals(trials, run):
    """How many earlier goals had the label of a goal of today, and how many of them were reached."""
    key = ["scenario", "goal_factor", "reachability"]
    published = table(run, "growth_goals").dropna(subset="reachability")
    published = published[[*key, "label_trials", "label_reached_share"]].drop_duplicates()
    published["reached"] = (published["label_trials"] * published["label_reached_share"]).fillna(0.0)
    mine = []
    for scenario, factor in published[key[:2]].drop_duplicates().itertuples(index=False):
        goal = (factor * trials["sales"]).round(4)
        reaches = [trials["usual_sales"] >= goal, trials["usual_sales"] + trials["stretch_total"] >= goal]
        labels = np.select(reaches, ["reachable", "stretch"], "out_of_reach")
        is_reached = trials["next_sales"] >= goal
        mine.append(pd.DataFrame(
            {"scenario": scenario, "goal_factor": factor, "reachability": labels, "label_trials": 1, "reached": is_reached}
        ))
    mine = pd.concat(mine)
    if (table(run, "backtest")["opportunity_type"] == "horizontal").any():
        # What new outlets added to a stretch is not known here, so both labels beyond the season are one, if both are shown.
        beyond = {"stretch": "beyond the season", "out_of_reach": "beyond the season"}
        is_beyond = published["reachability"].isin(beyond)
        is_whole = is_beyond.groupby(published["scenario"]).transform("sum") == len(beyond)
        published = published[is_whole | ~is_beyond].replace({"reachability": beyond})
        mine = mine.replace({"reachability": beyond})
    counts = ["label_trials", "reached"]
    published = published.groupby(key, as_index=False)[counts].sum()
    mine = published[key].merge(mine.groupby(key, as_index=False)[counts].sum(), on=key, how="left").fillna(0)
    compare("how often labels of goals came true", mine, published, key, counts)
