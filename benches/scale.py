"""The arithmetic of docs/scale.md: what a night takes, from measured costs.

usage: python3 benches/scale.py --ingest S --facts S --heavy S --fetch S --rest S --settled S [options]

Costs are seconds on one core: ingest and facts per million new sales lines, heavy per million lines of the history, fetch
per million order days (one stream to one client, however many executors there are), rest and settled per million pairs. Prints a plan
for each number of lines a year as a table. The defaults of --bytes-shuffled, --overhead and --efficiency are guesses until
they have been measured.
"""

import argparse
import math

ORIGINS = 28  # earlier days that the settled picture measures
RELATIONS = 24  # of the built-in set, by the rule of queries/README.md: 19 of every night and 5 of the settled picture


def arguments():
    parser = argparse.ArgumentParser()
    for name, meaning in [
        ("ingest", "seconds a core and million lines, exports to staging"),
        ("facts", "seconds a core and million new lines, what is computed by export"),
        ("heavy", "seconds a core and million lines of the history, what else is heavy"),
        ("fetch", "seconds and million order days, result to the client's file"),
        ("rest", "seconds a core and million pairs, everything else of every night"),
        ("settled", "seconds a core and million pairs, the settled picture of one night in 28"),
    ]:
        parser.add_argument(f"--{name}", type=float, required=True, help=meaning)
    parser.add_argument("--lines", type=float, nargs="+", default=[1e9, 1e10, 1e11], help="sales lines a year")
    parser.add_argument("--years", type=float, default=2, help="years of history that each night reads")
    parser.add_argument("--lines-per-day-and-pair", type=float, default=3, help="order lines of a pair on one day")
    parser.add_argument("--days-per-pair", type=float, default=26, help="days a year on which a pair orders")
    parser.add_argument("--bytes-staged", type=float, default=44, help="of a line in staging, with its facts")
    parser.add_argument("--bytes-shuffled", type=float, default=100, help="of a line between executors")
    parser.add_argument("--overhead", type=float, default=2, help="seconds that a cluster adds to a heavy relation")
    parser.add_argument("--relations", type=int, default=RELATIONS, help="heavy relations")
    parser.add_argument("--efficiency", type=float, default=0.7, help="of cores of a cluster against one machine's")
    parser.add_argument("--client-cores", type=int, default=16)
    parser.add_argument("--executor-cores", type=int, default=16)
    parser.add_argument("--hours", type=float, default=4, help="that the heavy relations may take")
    parser.add_argument("--export-lines", type=float, default=5e6, help="of one export, which one core reads")
    return parser.parse_args()


def plan(given, lines_a_year):
    history = given.years * lines_a_year
    nightly = lines_a_year / 365
    order_days = nightly / given.lines_per_day_and_pair
    pairs = lines_a_year / given.lines_per_day_and_pair / given.days_per_pair
    million = 1e6
    fixed = given.relations * given.overhead
    first = history / million * (given.facts + given.heavy) / given.efficiency
    later = (nightly * given.facts + history * given.heavy) / million / given.efficiency
    cores = later / max(given.hours * 3600 - fixed, 1)
    executors = max(1, math.ceil(cores / given.executor_cores))
    busy = executors * given.executor_cores
    first_load = history / million * given.ingest / given.client_cores
    return {
        "sales lines a year": f"{lines_a_year:,.0f}",
        "lines of the history": f"{history:,.0f}",
        "new lines a night": f"{nightly:,.0f}",
        "exports a night": f"{math.ceil(nightly / given.export_lines):,}",
        "staging with facts, GB": f"{history * given.bytes_staged / 1e9:,.0f}",
        "first load on one client, h": f"{first_load / 3600:,.1f}",
        "machines for a first load in 8 h (ingest --part)": f"{max(1, math.ceil(first_load / 3600 / 8)):,}",
        f"executors of {given.executor_cores} cores": f"{executors:,}",
        "disk of executors for the largest shuffle, GB": f"{history * given.bytes_shuffled / 1e9:,.0f}",
        "heavy relations of the first night, h": f"{(first / busy + fixed) / 3600:.2f}",
        "heavy relations of a later night, h": f"{(later / busy + fixed) / 3600:.2f}",
        "the same on the client alone, without a cluster, h": f"{later * given.efficiency / given.client_cores / 3600:.2f}",
        "order days fetched in the first night, h": f"{history / given.lines_per_day_and_pair / million * given.fetch / 3600:.2f}",
        "order days fetched in a later night, h": f"{order_days / million * given.fetch / 3600:.2f}",
        "pairs": f"{pairs:,.0f}",
        f"rows of the widest relation of the client (pairs x {ORIGINS})": f"{pairs * ORIGINS:,.0f}",
        "the rest on the client, h": f"{pairs / million * given.rest / given.client_cores / 3600:.2f}",
        "the settled picture, one night in 28, h": f"{pairs / million * given.settled / given.client_cores / 3600:.2f}",
    }


def main():
    given = arguments()
    plans = [plan(given, lines) for lines in given.lines]
    names = list(plans[0])
    print("| " + " | ".join(["", *(one[names[0]] for one in plans)]) + " |")
    print("|---|" + "---|" * len(plans))
    for name in names[1:]:
        print("| " + " | ".join([name, *(one[name] for one in plans)]) + " |")


if __name__ == "__main__":
    main()
