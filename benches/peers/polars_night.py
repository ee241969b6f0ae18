"""The night as a Polars script: generated exports in, Parquet tables out, by the rules of `queries/`.

usage: python benches/peers/polars_night.py JOB_FOLDER OUT_FOLDER [--threads N]

benches/README.md says what it does like dealerlens and what it leaves out. Polars has no memory limit: `--memory` is
taken, so that both scripts are called alike, and does nothing.
"""

import os

from common import Stages, arguments

OPTIONS = arguments("the night as a Polars script")
if OPTIONS.threads:
    # Polars looks once, when it is imported.
    os.environ["POLARS_MAX_THREADS"] = str(OPTIONS.threads)

import polars as pl

import polars_classes as classes
import polars_marts as marts
import polars_measures as measures
from polars_normals import bases, moments, normals, peer_groups
from polars_read import Masters, latest_lines, read_sales


def main():
    OPTIONS.out.mkdir(parents=True, exist_ok=True)
    stages = Stages()
    with stages.stage("read"):
        masters = Masters(OPTIONS.job)
        accepted, rejected = read_sales(OPTIONS.job, masters)
        valid = accepted.height
    with stages.stage("supersede"):
        sales = latest_lines(accepted)
        del accepted
    with stages.stage("facts"):
        days = measures.pair_days(sales)
        window = measures.Window(sales["sold_on"].max(), sales["sold_on"].min())
        periods, history = measures.pair_periods(days, window), measures.pair_history(days)
    with stages.stage("outlets"):
        outlets = measures.all_outlets(sales, masters)
        pairs = measures.all_pairs(periods, outlets, masters)
    with stages.stage("snapshots"):
        snapshots = measures.pair_snapshots(periods, pairs, window)
        leaves = measures.leaf_snapshots(snapshots)
        sums = measures.dealer_sums(leaves, masters, window)
    with stages.stage("classes"):
        inputs = classes.Inputs(sales, days, snapshots, sums, masters, window)
        del days
        class_inputs = classes.class_inputs(classes.axis_values(sums, inputs, window))
    tables = {"class_inputs": class_inputs, "rejected_rows": pl.concat([*masters.rejected, rejected])}
    with stages.stage("scorecard"):
        tables["dealer_scorecard"] = marts.scorecard(sums, inputs, class_inputs, snapshots, masters, window)
    with stages.stage("drivers"):
        tables["growth_drivers"] = marts.drivers(leaves, masters, window)
    with stages.stage("segments"):
        tables["outlet_segments"] = marts.segments(snapshots, pairs, history, outlets, window)
    with stages.stage("normals"):
        learned = moments(periods, history, pairs, inputs.reports, window)
        tables["outlet_normals"] = normals(bases(learned, peer_groups(learned)))
    with stages.stage("months"):
        tables["sales_by_month"] = marts.months(sales, outlets, masters, window)
    with stages.stage("write"):
        for name, table in tables.items():
            plain = table.with_columns(pl.col(pl.Categorical).cast(pl.String))
            plain.write_parquet(OPTIONS.out / f"{name}.parquet", compression="snappy")
    stages.finish(
        read=valid + rejected.height,
        accepted=sales.height,
        rejected=rejected.height,
        superseded=valid - sales.height,
    )


if __name__ == "__main__":
    main()
