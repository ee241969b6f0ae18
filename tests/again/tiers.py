"""Tiers of outlets."""

import numpy as np
import pandas as pd

from compared import compare
from exports import table


def tiers(sales):
    """Pareto tiers of positive sales, in ten-thousandths: by the share before an outlet; equal sales share a tier."""
    sold = sales[sales > 0].sort_values(ascending=False)
    steps = sold.groupby(sold).agg(["sum", "size"]).sort_index(ascending=False)
    before, outlets_before = steps["sum"].cumsum() - steps["sum"], steps["size"].cumsum() - steps["size"]
    tier = np.select([100 * before < 80 * sold.sum(), 100 * before < 95 * sold.sum()], ["A", "B"], "C")
    tier = dict(zip(steps.index, tier))
    return sales.map(lambda value: tier.get(value, "none")), sales.map(5 * outlets_before < len(sold)).eq(True)


def check_tiers(picture, run):
    pairs = picture.pairs[0].assign(units=(picture.pairs[0]["sales_52w"] * 10000).round().astype("int64"))
    tier, is_top = tiers(pairs.groupby("outlet_id")["units"].sum())
    mine = pairs[["dealer_id", "outlet_id"]].assign(
        value_tier=pairs["outlet_id"].map(tier), is_top_20pct=pairs["outlet_id"].map(is_top),
    )
    in_dealer = [tiers(own.set_index("outlet_id")["units"])[0].rename("tier").reset_index().assign(dealer_id=dealer)
                 for dealer, own in pairs.groupby("dealer_id")]
    mine = mine.merge(pd.concat(in_dealer).rename(columns={"tier": "value_tier_in_dealer"}), on=["dealer_id", "outlet_id"])
    published = table(run, "outlet_segments")
    published = published.merge(mine[["dealer_id", "outlet_id"]], on=["dealer_id", "outlet_id"])
    compare("tiers of outlets", mine, published, ["dealer_id", "outlet_id"],
            ["value_tier", "value_tier_in_dealer", "is_top_20pct"])
