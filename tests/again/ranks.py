"""Ranks of the published rows."""

from compared import verdict
from exports import table


def check_ranks(published, by_dealer, by_region, name):
    """Ranks count from 1 in each dealer and region in the order that is given."""
    for rank, group, order in [("rank_in_dealer", "dealer_id", by_dealer), ("rank_in_region", "region", by_region)]:
        groups = [group, "is_growth"] if "is_growth" in published else [group]
        ordered = published.sort_values([column for column, _ in order], ascending=[up for _, up in order])
        place = ordered.groupby(groups).cumcount() + 1
        verdict(f"{name} {rank}", ordered[place != ordered[rank]], f"{len(ordered)} rows")


def check_all_ranks(run):
    frame = table(run, "vertical_opportunities")
    frame["value"] = frame["expected_value"].fillna(frame["potential"])
    order = [("value", False), ("dealer_id", True), ("outlet_id", True), ("lever", True)]
    check_ranks(frame, order, order, "vertical_opportunities")
    order = [("is_lead", False), ("expected_value", False), ("territory", True), ("channel", True), ("dealer_id", True)]
    check_ranks(table(run, "horizontal_opportunities"), order, order, "horizontal_opportunities")
    order = [("expected_value", False), ("dealer_id", True), ("outlet_id", True), ("category", True)]
    check_ranks(table(run, "range_gaps"), order, order, "range_gaps")
