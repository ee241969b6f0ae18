"""What a pair, a channel and a dealer have in a window."""

from company import PERIOD, WINDOW, YEAR

SNAPSHOTS = range(13, -1, -1)  # the oldest first


def order_values(company):
    """Orders with their value, as returns and orders are told apart by it."""
    orders = company.lines.groupby(["pair", "age", "order_id"], dropna=False, as_index=False)["amount"].sum()
    return orders.assign(amount=orders["amount"].round(4))


def pairs_at(company, orders, k):
    """All pairs at a snapshot with what they ordered in the window, and whether they are anything at all by then."""
    window = orders[orders["age"].between(PERIOD * k, PERIOD * k + WINDOW - 1)]
    year = orders[orders["age"].between(PERIOD * k, PERIOD * k + YEAR - 1)]
    pairs = company.standing(k)
    of_pair = lambda values: values.groupby(window["pair"]).sum().reindex(pairs["pair"], fill_value=0.0).to_numpy()
    pairs["order_value"] = of_pair(window["amount"].clip(lower=0)).round(4)
    pairs["squares"] = of_pair(window["amount"] ** 2)
    pairs["is_active"] = pairs["orders"] > 0
    pairs["is_there"] = pairs["is_covered"] | pairs["pair"].isin(year["pair"])
    return pairs[pairs["is_there"]]


COUNTS = {"is_covered": "covered", "is_active": "active", "orders": "orders", "order_value": "order_value",
          "sales": "sales", "squares": "squares", "sales_52w": "sales_52w"}


def totals(pairs, group):
    return pairs.groupby(group)[list(COUNTS)].sum().rename(columns=COUNTS).astype(float).round(4)


def comparison_base(company):
    return 13 if company.history >= 16 * PERIOD else 3 if company.history >= 6 * PERIOD else None
