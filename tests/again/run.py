"""Computes what a run has published once more, by another road, and compares every row.

The sales are read from the exports, without the rows that the run rejected; dealers, outlets and products are the
published dimensions, market and targets the accepted rows of their exports. Sales stand in dense arrays of pairs x periods,
and everything is computed from these arrays by the formulas of the design, with the decisions that the queries state.
Nothing of the queries is run: classes are replayed in a loop, probabilities of rates are binomial sums, drivers are means
over all orders in which factors can switch.

The arrays are made twice. Today's end at as_of. The settled ones end at the last fourth Sunday that is not after it and know
nothing of later days: theirs are the earlier origins of outlets and range, which teach and test. Earlier origins of new
outlets are today's.

Compared are the measures of the scorecard, both axes and the class of each dealer over a year, drivers, tiers of outlets;
for all pairs, where a table shows them, grow, activate and retain with which rows are listed and their intervals; their
backtest at all origins with deciles, intervals of dealers' sums and of ratios, and the baselines of grow; range gaps with
their backtest, its baselines and what the gaps of a dealer come to; horizontal opportunities with their candidates; the
days of all backtests; how often the labels of goals came true; ranks; the numbers in the English reasons.

Not computed: reasons of classes and notes, outlets that are suspected twice, targets by channel, thresholds of the job file;
the intervals of single range gaps and of cells, the backtest of horizontal opportunities, their calibration and the choice
between rates per existing and per uncovered outlet, performance as the last word between two candidates,
first_12w_value, areas under the curve, the top deciles of baselines, and, where horizontal opportunities were tested, which
of the goals that the season alone did not reach were a stretch; plan, summaries, promotions and visits.

usage: python run.py SAMPLE_FOLDER [RUN_FOLDER]
"""

import pathlib
import sys
import tomllib

sys.dont_write_bytecode = True  # no folder of compiled files beside the sources

import backtest
import drivers
import goals
import horizontal
import ranges
import ranks
import reasons
import scorecard
import tiers
import vertical
from company import REPORT_WITHIN_DAYS, Company, seen_on, settled_day
from compared import verdict, verdicts
from exports import load_sales, stated, table
from learned import predict
from market import daily_targets, stated_market
from picture import Picture


def check_sales(sales, run):
    quality = table(run, "data_quality")
    accepted = quality[(quality["source"] == "sales") & (quality["outcome"] == "accepted")]
    is_same = len(sales) == accepted["rows"].sum() and abs(sales["amount"].sum() - accepted["amount"].sum()) < 0.01
    verdict("accepted sales", [] if is_same else [(len(sales), sales["amount"].sum())], f"{len(sales)} rows")


def check_dealers(today, dealers, folder, job, run):
    market = stated_market(folder, job, run)
    targets = stated(folder, job, run, "targets", ["dealer_id", "month", "target_amount"])
    picture = Picture(today, dealers, market, daily_targets(targets), job)
    scorecard.check_history(picture, run)
    scorecard.check_scorecard(picture, run)
    drivers.check_drivers(picture, run)
    tiers.check_tiers(picture, run)


def check_opportunities(today, settled, folder, job, run):
    predictions = predict(today, settled)
    vertical.check_vertical(today, predictions, run)
    past = backtest.tested(predictions)
    backtest.check_backtest(past, run)
    backtest.check_grow_baselines(predictions, past, run)
    backtest.check_days(today, settled, run)
    goals.check_goals(goals.goal_trials(today, settled, past), run)
    ranges.check_range(today, settled, run)
    horizontal.check_horizontal(today, folder, job, run)
    ranks.check_all_ranks(run)
    if job["job"].get("lang", "en") == "en":
        reasons.check_reasons(run)


def main(folder, run):
    job = tomllib.loads((folder / "dealerlens.toml").read_text(encoding="utf-8"))
    outlets, dealers = table(run, "dim_outlet"), table(run, "dim_dealer")
    as_of = dealers["as_of"].iloc[0]
    sales = load_sales(folder, job, table(run, "rejected_rows"))
    within = job.get("quality", {}).get("report_within_days", REPORT_WITHIN_DAYS)
    today = Company(sales, outlets, dealers, as_of, within)
    day = settled_day(as_of)
    settled = Company(sales, seen_on(outlets, day), dealers, day, within)
    check_sales(sales, run)
    check_dealers(today, dealers, folder, job, run)
    check_opportunities(today, settled, folder, job, run)
    print(f"{verdicts['agree']} agree, {verdicts['DIFFER']} differ")
    return 1 if verdicts["DIFFER"] else 0


if __name__ == "__main__":
    sample = pathlib.Path(sys.argv[1]).resolve()
    sys.exit(main(sample, pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else sample / "out/latest").resolve()))
