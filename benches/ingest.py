"""Compares how fast two builds of dealerlens read plain UTF-8 CSV, in one go and in turns.

usage: python3 benches/ingest.py OLD NEW [--lines N] [--rounds N] [--threads N] [--keep FOLDER]

OLD and NEW are binaries. Each round runs both on the same exports with an empty output folder, so that nothing is
reused from staging, and every second round in the other order. The table that is printed goes into benches/README.md.
"""

import argparse
import datetime
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import child

# Only the sources that no job can do without, and only keys that old builds know.
JOB = """[job]
name = "bench"

[resources]
threads = {threads}

[quality]
max_rejected_share = 1.0

[sources.dealers]
files = ["exports/dealers.csv"]
[sources.dealers.columns]
dealer_id = "Dealer Code"
region = "Region"

[sources.sales]
files = ["exports/sales/sales-*.csv"]
[sources.sales.columns]
sold_on = "Date"
dealer_id = "Dealer Code"
amount = "Net Amount"
order_id = "Order No"
line_no = "Line"
outlet_id = "Outlet Code"
product_id = "SKU"
quantity = "Qty"
"""

# Name, unit, and how a run gives the measure.
MEASURES = [
    ("reading the exports", "s", lambda run: run["ingest"]),
    ("the whole run", "s", lambda run: run["wall"]),
    ("processor time of the run", "s", lambda run: run["cpu"]),
    ("peak memory", "MiB", lambda run: run["peak"]),
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=pathlib.Path)
    parser.add_argument("new", type=pathlib.Path)
    parser.add_argument("--lines", type=int, default=2_000_000, help="sales lines, about")
    parser.add_argument("--rounds", type=int, default=5, help="measured runs of each binary")
    parser.add_argument("--threads", type=int, default=1, help="0: all cores; one thread is the steadier measure")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the exports, to use them again")
    return parser.parse_args()


def make_exports(binary, folder, lines):
    exports = folder / "exports"
    made_with = folder / "lines.txt"
    if made_with.exists() and made_with.read_text() == str(lines):
        return
    shutil.rmtree(exports, ignore_errors=True)
    command = [binary, "generate", exports, "--lines", str(lines), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    made_with.write_text(str(lines))


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*.csv"))


def moment(event):
    return datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))


def seconds_of_ingest(events):
    """From the first event of the stage to its last; the log has milliseconds."""
    own = [event for event in events if event.get("stage") == "ingest"]
    started = next(event for event in own if event["event"] == "stage_started")
    finished = next(event for event in own if event["event"] == "stage_finished")
    return (moment(finished) - moment(started)).total_seconds()


def what_was_read(events):
    """The conservation line of the sales: builds that read different things cannot be compared."""
    verdicts = [event["message"] for event in events if event["event"] == "verdict"]
    return next(line for line in verdicts if line.startswith("sales: read"))


def events_of(log):
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


def run(binary, job, scratch):
    out = scratch / "out"
    result = child.run([binary, "run", "--job", job, "--out", out, "--log-format", "json"])
    events = events_of(result.err)
    shutil.rmtree(out)
    return {
        "ingest": seconds_of_ingest(events),
        "wall": result.wall,
        "cpu": result.cpu,
        "peak": result.peak,
        "read": what_was_read(events),
    }


def measure(binaries, job, scratch, rounds):
    """All runs by binary. The first round warms up the file cache and does not count."""
    runs = {name: [] for name in binaries}
    for number in range(rounds + 1):
        names = list(binaries) if number % 2 == 0 else list(reversed(binaries))
        for name in names:
            result = run(binaries[name], job, scratch)
            if number > 0:
                runs[name].append(result)
            times = f"ingest {result['ingest']:.3f} s, run {result['wall']:.3f} s"
            print(f"round {number} {name}: {times}", file=sys.stderr)
    return runs


def refuse_different(runs):
    read = {result["read"] for results in runs.values() for result in results}
    if len(read) != 1:
        sys.exit("the runs did not read the same:\n" + "\n".join(sorted(read)))


def row(name, unit, value, runs):
    old, new = ([value(result) for result in runs[side]] for side in ("old", "new"))
    spread = " | ".join(f"{statistics.median(side):.3f} ({min(side):.3f} to {max(side):.3f})" for side in (old, new))
    # Within a round both had the same machine, so the rounds are compared, not the medians.
    ratio = statistics.median(after / before for before, after in zip(old, new))
    return f"| {name}, {unit} | {spread} | {ratio:.3f} |"


def report(options, runs, folder):
    exports = folder / "exports" / "sales"
    print(f"{len(list(exports.glob('*.csv')))} exports of sales, {size_of(exports) / 1e6:.1f} MB; ", end="")
    print(f"{options.rounds} rounds, threads = {options.threads}. {runs['old'][0]['read']}")
    print()
    print("| median (least to most) | old | new | new / old, median of the rounds |")
    print("|---|---|---|---|")
    for name, unit, value in MEASURES:
        print(row(name, unit, value, runs))


def main():
    options = arguments()
    if options.rounds < 1:
        sys.exit("--rounds: at least one round has to count")
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        folder = (options.keep or scratch / "exports_of_bench").resolve()
        folder.mkdir(parents=True, exist_ok=True)
        binaries = {"old": options.old.resolve(), "new": options.new.resolve()}
        make_exports(binaries["old"], folder, options.lines)
        job = folder / "dealerlens.toml"
        job.write_text(JOB.format(threads=options.threads))
        runs = measure(binaries, job, scratch, options.rounds)
        refuse_different(runs)
        report(options, runs, folder)


if __name__ == "__main__":
    main()
