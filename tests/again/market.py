"""What the market has and what was to be sold."""

import datetime

import numpy as np
import pandas as pd

from company import WINDOW
from counted import SNAPSHOTS
from exports import stated


def stated_market(folder, job, run):
    """Universe and value of each cell, as numbers."""
    market = stated(folder, job, run, "market", ["territory", "channel", "outlets_total", "market_value"])
    return market.assign(total=market["outlets_total"].astype(float), value=market["market_value"].astype(float))


def territories_of(dealers, snapshots):
    """The territories of each dealer at each snapshot: its home, and others from a share of 5 % on, until 2.5 %."""
    members, found = set(), {}
    for k in SNAPSHOTS:
        covered = snapshots[k][snapshots[k]["is_covered"]]
        number = covered.groupby("dealer_id").size()
        for (dealer, territory), outlets in covered.groupby(["dealer_id", "territory"]).size().items():
            if 20 * outlets >= number[dealer]:
                members.add((dealer, territory))
            elif 40 * outlets < number[dealer]:
                members.discard((dealer, territory))
        members &= set(zip(covered["dealer_id"], covered["territory"]))
        homes = dealers.dropna(subset="territory")
        found[k] = members | set(zip(homes["dealer_id"], homes["territory"]))
    return found


def distribution(pairs, territories, market):
    """Universe and distribution of each dealer over the cells of its territories."""
    cells = pd.DataFrame(sorted(territories), columns=["dealer_id", "territory"]).merge(market, on="territory")
    covered = pairs[pairs["is_covered"]].groupby(["dealer_id", "territory", "channel"]).size().rename("covered")
    cells = cells.merge(covered.reset_index(), on=["dealer_id", "territory", "channel"], how="left").fillna({"covered": 0})
    rows = []
    for dealer, own in cells.groupby("dealer_id"):
        total, weight = own["total"], own["value"].where((own["total"] > 0) & (own["value"] > 0))
        share = np.fmin(own["covered"], total) / total.where(total > 0)
        rows.append({
            "dealer_id": dealer, "universe": total.sum(), "in_universe": own["covered"].sum(),
            "numeric": min(1.0, own["covered"].sum() / total.sum()) if total.sum() > 0 else np.nan,
            "weighted": (weight * share).sum() / weight.sum() if weight.sum() > 0 else np.nan,
            "is_too_small": bool((own["covered"] > total).any()),
        })
    names = ["dealer_id", "universe", "in_universe", "numeric", "weighted", "is_too_small"]
    return pd.DataFrame(rows, columns=names).set_index("dealer_id")


def months_of(text):
    """First day and number of months of `2024-03` or `2024 3`, a quarter."""
    if "-" in text:
        return datetime.date.fromisoformat(text[:7] + "-01"), 1
    year, quarter = text.split()
    return datetime.date(int(year), 3 * int(quarter) - 2, 1), 3


def month_after(day):
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def daily_targets(targets):
    """Target of each dealer and day; a month is spread over its days."""
    daily = {}
    for dealer, text, amount in targets.itertuples(index=False):
        month, months = months_of(text)
        for _ in range(months):
            days = (month_after(month) - month).days
            for day in range(days):
                daily[dealer, month.toordinal() + day] = float(amount) / months / days
            month = month_after(month)
    return daily


def target_at(daily, dealer, last_day):
    """The target of a window, where targets fill it."""
    days = [daily.get((dealer, day)) for day in range(last_day.toordinal() - WINDOW + 1, last_day.toordinal() + 1)]
    return np.nan if None in days else sum(days)
