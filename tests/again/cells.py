"""Cells of territory and channel, and what new outlets are expected there."""

import numpy as np
import pandas as pd

from company import taught
from exports import stated, table


def cells_at(company, k, universe, direct):
    """Cells at a snapshot: universe, outlets that anyone covers, and the others that ordered in the 12 weeks after."""
    pairs = company.standing(k)
    covered = pairs[pairs["is_covered"]]
    placed = covered.dropna(subset="territory").groupby(["territory", "channel"])
    near = placed["outlet_id"].nunique().rename("covered_outlets")
    # A newcomer brings its outlets with it: only what dealers won counts that sold in the window.
    selling = pairs.groupby("dealer_id")["orders"].sum()
    new = pairs[pairs["dealer_id"].map(selling) > 0]
    new = new[~new["outlet_id"].isin(covered["outlet_id"]) & ~new["outlet_id"].isin(direct)].dropna(subset="territory")
    new = new.groupby(["outlet_id", "territory", "channel"], as_index=False)[["next_orders", "next_sales"]].sum()
    new = new[new["next_orders"] > 0]
    cells = universe.join(near, how="outer")
    cells = cells.join(new.groupby(["territory", "channel"]).size().rename("new_outlets"), how="outer").reset_index()
    cells[["covered_outlets", "new_outlets"]] = cells[["covered_outlets", "new_outlets"]].fillna(0)
    cells["uncovered_outlets"] = (cells["universe_outlets"] - cells["covered_outlets"]).clip(lower=0)
    return cells, new


def rate(past, is_counted, news, base):
    """New outlets per outlet of the base by channel, with 60 more at the rate of all channels."""
    rows = past[is_counted]
    overall = rows[news].sum() / rows[base].sum() if rows[base].sum() else np.nan
    totals = rows.groupby("channel")[[news, base]].sum().reindex(past["channel"].unique(), fill_value=0)
    return (totals[news] + 60 * overall) / (totals[base] + 60)


def regions_of_territories(company, dealers):
    """The region whose dealers have most outlets there, then most homes, then by name."""
    outlets = company.pairs.groupby(["territory", "region"]).size().rename("outlets")
    homes = dealers.groupby(["territory", "region"]).size().rename("homes")
    stated = pd.concat([outlets, homes], axis=1).fillna(0).reset_index()
    stated = stated.sort_values(["outlets", "homes", "region"], ascending=[False, False, True])
    return stated.drop_duplicates("territory").set_index("territory")["region"]


def ladder(keys, tables, enough):
    """For each key its first table with `enough` in the group: level, number and value; the last table is for all."""
    for channel, region in keys:
        for level, key in [("channel and region", (channel, region)), ("channel", channel), ("all", "all")]:
            number, value = tables[level].get(key, (0, np.nan))
            if number >= enough or level == "all":
                yield level, number, value
                break


def by_levels(frame, measure):
    groups = {"channel and region": ["channel", "region"], "channel": "channel", "all": np.array(["all"] * len(frame))}
    return {level: {key: measure(rows) for key, rows in frame.groupby(group)} for level, group in groups.items()}


def expected_cells(company, job, folder, run, published):
    """Every cell of today from which new outlets are expected, on the basis that the published table names."""
    universe = stated(folder, job, run, "market", ["territory", "channel", "outlets_total"])
    universe["universe_outlets"] = universe["outlets_total"].astype(float)
    universe = universe.set_index(["territory", "channel"])[["universe_outlets"]]
    outlets = table(run, "dim_outlet")
    direct = set(outlets[outlets["origin"] == "direct"]["outlet_id"])
    region = regions_of_territories(company, table(run, "dim_dealer"))

    days = [cells_at(company, k, universe, direct) for k in taught(company, 0)]
    if not days:  # the history does not fill a year before any outcome
        return pd.DataFrame(columns=["territory", "channel"])
    past, new = pd.concat([cells for cells, _ in days]), pd.concat([new for _, new in days])
    is_served, is_known = past["covered_outlets"] > 0, past["universe_outlets"].notna()
    rates = {
        "existing outlets": rate(past, is_served, "new_outlets", "covered_outlets"),
        "uncovered outlets": rate(past, is_served & is_known, "new_outlets", "uncovered_outlets"),
        "empty": rate(past, ~is_served & is_known, "new_outlets", "uncovered_outlets"),
    }

    cells, _ = cells_at(company, 0, universe, direct)
    cells["region"] = cells["territory"].map(region)
    keys = list(zip(cells["channel"], cells["region"]))
    cells["distribution"] = np.fmin(cells["covered_outlets"], cells["universe_outlets"]) / cells["universe_outlets"]
    measured = cells[cells["universe_outlets"] > 0]
    quantiles = by_levels(measured, lambda rows: (len(rows), rows["distribution"].quantile(0.75)))
    levels = pd.DataFrame(list(ladder(keys, quantiles, 8)), columns=["benchmark_level", "peer_count", "benchmark"])
    cells[levels.columns] = levels.where(cells["universe_outlets"] > 0)
    room = (cells["benchmark"] * cells["universe_outlets"] - cells["covered_outlets"]).clip(lower=0)
    # Without a universe there is no limit, and in a universe of none there is no room.
    room = np.fmin(room, cells["uncovered_outlets"])
    cells["room_outlets"] = room.where(cells["universe_outlets"] > 0, cells["universe_outlets"])

    new["region"] = new["territory"].map(region)
    values = by_levels(new, lambda rows: (rows["outlet_id"].nunique(), max(0.0, rows["next_sales"].mean())))
    levels = pd.DataFrame(list(ladder(keys, values, 30)), columns=["value_level", "value_outlets", "sales_per_outlet"])
    cells[levels.columns] = levels
    chosen = published["rate_basis"][published["covered_outlets"] > 0]
    chosen = "uncovered outlets" if "uncovered outlets" in set(chosen) else "existing outlets"
    only = [cells["covered_outlets"] == 0, cells["universe_outlets"].isna()]
    cells["rate_basis"] = np.select(only, ["uncovered outlets", "existing outlets"], chosen)
    basis = cells["rate_basis"].where(cells["covered_outlets"] > 0, "empty")
    found = [rates[name].get(channel, 0.0) for name, channel in zip(basis, cells["channel"])]
    cells["activation_rate"] = np.round(found, 6)
    is_existing = cells["rate_basis"] == "existing outlets"
    cells["rate_outlets"] = cells["covered_outlets"].where(is_existing, cells["uncovered_outlets"])
    expected = np.fmin(cells["rate_outlets"] * cells["activation_rate"], cells["room_outlets"])
    cells["expected_outlets"] = expected.round(4)
    return cells[(cells["expected_outlets"] * cells["sales_per_outlet"] >= 0.00005) & cells["region"].notna()]
