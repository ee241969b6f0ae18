"""Horizontal opportunities."""

import numpy as np
import pandas as pd

from cells import expected_cells, regions_of_territories
from compared import compare, verdict
from exports import table


def check_horizontal(company, folder, job, run):
    published = table(run, "horizontal_opportunities")
    cell = ["territory", "channel"]
    cells = expected_cells(company, job, folder, run, published)
    of_cell = [
        "universe_outlets", "covered_outlets", "uncovered_outlets", "benchmark", "benchmark_level", "peer_count",
        "room_outlets", "rate_basis", "rate_outlets", "activation_rate", "expected_outlets", "value_level",
        "value_outlets", "sales_per_outlet",
    ]
    rounded = ["room_outlets", "expected_outlets", "sales_per_outlet"]
    leads = published[published["is_lead"]]
    compare("horizontal cells", cells, leads, cell, of_cell, rounded)
    if published.empty:
        return
    values = [*of_cell, "expected_value", "low_value", "high_value"]
    copied = published[["dealer_id", *cell]].merge(leads[[*cell, *values]], on=cell)
    compare("horizontal candidates see their cell", copied, published, [*cell, "dealer_id"], values)
    value = published["expected_outlets"] * published["sales_per_outlet"] * published["calibration_factor"]
    slack = 1.01e-4 * published["calibration_factor"].clip(lower=1)
    wrong = published[(value - published["expected_value"]).abs() > slack]
    verdict("horizontal products", wrong, f"{len(published)} rows, expected_value")

    # Candidates have reported, sold in the window and are in the territory or in its region; who has most outlets there
    # comes first.
    dealers, today = table(run, "dim_dealer"), company.reported(0)
    selling = today.groupby("dealer_id")["orders"].sum()
    dealers = dealers[dealers["dealer_id"].map(selling).fillna(0) > 0]
    region = regions_of_territories(company, table(run, "dim_dealer"))
    covered = today[today["is_covered"]]
    in_cell = covered.groupby(["dealer_id", *cell]).size()
    in_territory = covered.groupby(["dealer_id", "territory"]).size()
    mine = []
    for territory, channel in cells[cell].itertuples(index=False):
        rows = dealers[["dealer_id", "region"]].assign(
            territory=territory, channel=channel, is_home=dealers["territory"] == territory,
            dealer_outlets_in_cell=[in_cell.get((dealer, territory, channel), 0) for dealer in dealers["dealer_id"]],
            dealer_outlets_in_territory=[in_territory.get((dealer, territory), 0) for dealer in dealers["dealer_id"]],
        )
        rows = rows[(rows["dealer_outlets_in_territory"] > 0) | rows["is_home"] | (rows["region"] == region[territory])]
        mine.append(rows.assign(candidates=len(rows)))
    mine = pd.concat(mine)
    mine["kind"] = np.select(
        [mine["dealer_outlets_in_cell"] > 0, (mine["dealer_outlets_in_territory"] > 0) | mine["is_home"]],
        ["new_outlets", "new_channel"], "new_market",
    )
    rows = mine.merge(published[["dealer_id", *cell]], on=["dealer_id", *cell])
    compare("horizontal candidates", rows, published, ["dealer_id", *cell],
            ["region", "kind", "dealer_outlets_in_cell", "dealer_outlets_in_territory", "candidates"])
    order = ["dealer_outlets_in_cell", "dealer_outlets_in_territory", "is_home"]
    best = mine.sort_values(order, ascending=False).groupby(cell).head(5)
    wrong = []
    placed = published.merge(rows[["dealer_id", *cell, "is_home"]], on=["dealer_id", *cell])
    for key, five in placed.sort_values("candidate_rank").groupby(cell):
        first = best[(best["territory"] == key[0]) & (best["channel"] == key[1])]
        if (five["is_lead"].tolist() != [True] + [False] * (len(first) - 1)
                or five["candidate_rank"].tolist() != list(range(1, len(first) + 1))
                or five[order].astype(int).to_numpy().tolist() != first[order].astype(int).to_numpy().tolist()):
            wrong.append(key)
    verdict("horizontal leads", wrong, f"{len(leads)} cells with one lead each, {len(published)} candidates in order")
