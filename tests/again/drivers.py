"""Growth drivers."""

import itertools
import math

import pandas as pd

from compared import compare, verdict
from counted import comparison_base, totals
from exports import table


def shapley(before, after):
    """The mean effect of each factor over all orders in which they can switch."""
    effects = [0.0] * len(before)
    orders = list(itertools.permutations(range(len(before))))
    for order in orders:
        factors = list(before)
        for place in order:
            value = math.prod(factors)
            factors[place] = after[place]
            effects[place] += (math.prod(factors) - value) / len(orders)
    return effects


def factors_of(row, other):
    """Covered, active rate, frequency and ticket; a rate that is undefined is the other window's."""
    rate = lambda part, whole, rows: rows[part] / rows[whole] if rows[whole] else None
    found = [row["covered"]]
    for part, whole in [("active", "covered"), ("orders", "active"), ("order_value", "orders")]:
        own = rate(part, whole, row)
        found.append(own if own is not None else rate(part, whole, other) or 0.0)
    return found


EFFECTS = ["coverage_effect", "activity_effect", "frequency_effect", "ticket_effect"]


def check_drivers(picture, run):
    published, k = table(run, "growth_drivers"), comparison_base(picture.company)
    if k is None:
        verdict("growth_drivers", published, "no base window, no rows")
        return
    key = ["dealer_id", "channel"]
    now, then = (totals(picture.pairs[at], key) for at in (0, k))
    leaves, mine = now.index.union(then.index), []
    now, then = (rows.reindex(leaves, fill_value=0.0) for rows in (now, then))
    for leaf, row, old in zip(leaves, now.to_dict("records"), then.to_dict("records")):
        effects = [0.0] * 4
        if row["covered"] and old["covered"]:
            effects = shapley(factors_of(old, row), factors_of(row, old))
        mine.append({
            "dealer_id": leaf[0], "channel": leaf[1], "sales_12w": row["sales"], "sales_base": old["sales"],
            "entered": 0.0 if old["covered"] else row["order_value"],
            "exited": 0.0 if row["covered"] or not old["covered"] else -old["order_value"],
            "returns_effect": row["sales"] - row["order_value"] - old["sales"] + old["order_value"],
        } | dict(zip(EFFECTS, effects)))
    mine = pd.DataFrame(mine)
    money = ["sales_12w", "sales_base", "entered", "exited", "returns_effect", *EFFECTS]
    # What rounding leaves is in one of the effects.
    compare("growth_drivers", mine, published, key, money, money, by=1e-3)
