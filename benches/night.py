"""Runs the same night with dealerlens, DuckDB and Polars in turns, and compares time, memory and values.

usage: python benches/night.py BINARY [--lines N] [--rounds N] [--incremental] [--walk PROGRAM] ...

Run it with a Python that has benches/peers/requirements.txt. Where values disagree, nothing is reported.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

import child
import same_marts
from exports import make_exports, next_day, write_job
from ingest import events_of, seconds_of_ingest

HERE = pathlib.Path(__file__).resolve().parent
DUCKDB = "DuckDB"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--lines", type=int, default=10_000_000, help="sales lines, about")
    parser.add_argument("--dealers", type=int, default=500)
    parser.add_argument("--outlets", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds, behind one that warms up")
    parser.add_argument("--threads", type=int, default=0, help="of each program; 0: all cores")
    parser.add_argument("--memory", default="4GiB", help="limit of each program that has one")
    parser.add_argument("--data", type=pathlib.Path, help="where generated exports are kept")
    parser.add_argument("--incremental", action="store_true", help="also a night with one new daily export")
    parser.add_argument("--daily", action="store_true", help="exports of a day instead of a month")
    parser.add_argument("--walk", type=pathlib.Path, help="the built program of benches/walk.rs")
    parser.add_argument("--without", action="append", default=[], help="a program to leave out, such as Polars")
    return parser.parse_args()


class Dealerlens:
    """A cold night: nothing in the output folder, so nothing in staging. `queries` replaces the built-in set."""

    def __init__(self, options, job, queries=None):
        self.command = [options.binary, "run", "--job", job, "--log-format", "json"]
        self.command += ["--queries", queries] if queries else []
        self.has_normals = queries is not None

    def prepare(self, out):
        pass

    def run(self, out):
        result = child.run([*self.command, "--out", out])
        stages = {"ingest": seconds_of_ingest(events_of(result.err))}
        return result, stages, out / "latest", None


class Increment(Dealerlens):
    """A night with the history in staging: the output of an earlier run lies there, without the newest export."""

    def __init__(self, options, job, queries, history):
        super().__init__(options, job, queries)
        self.history = history

    def prepare(self, out):
        # Links instead of copies: a run writes new files and never changes one.
        shutil.copytree(self.history, out, symlinks=True, copy_function=os.link)


class Script:
    """One of benches/peers/, which keeps nothing between nights."""

    def __init__(self, options, job, name):
        script = HERE / "peers" / name
        settings = ["--threads", options.threads, "--memory", options.memory]
        self.command = [sys.executable, script, job.parent, *settings]
        self.has_normals = True

    def prepare(self, out):
        pass

    def run(self, out):
        command = self.command[:3] + [out] + self.command[3:]
        result = child.run(command)
        last = json.loads(result.out.splitlines()[-1])
        return result, last.pop("stages"), out, last


class Walk:
    """Merely walks the bytes of the sales: what reading them costs at least."""

    def __init__(self, options, folder):
        self.command = [options.walk, folder / "sales", options.threads or os.cpu_count()]

    def prepare(self, out):
        pass

    def run(self, out):
        result = child.run(self.command)
        return result, {"walk": json.loads(result.out)["seconds"]}, None, None


def contestants(options, folder, scratch):
    job = write_job(folder, options.threads, options.memory)
    queries = scratch / "queries"
    same_marts.write(queries)
    chosen = {
        "dealerlens, same marts": Dealerlens(options, job, queries),
        "dealerlens, everything": Dealerlens(options, job),
        DUCKDB: Script(options, job, "duckdb_night.py"),
        "Polars": Script(options, job, "polars_night.py"),
    }
    if options.incremental:
        for name, set_of in [("same marts", queries), ("everything", None)]:
            history = scratch / "histories" / name.replace(" ", "_")
            prepare_history(options, job, set_of, history, folder)
            chosen[f"increment, {name}"] = Increment(options, job, set_of, history)
    if options.walk:
        chosen["walk"] = Walk(options, folder)
    return {name: program for name, program in chosen.items() if name not in options.without}


def prepare_history(options, job, queries, out, folder):
    """A night before the newest daily export came."""
    newest = folder / "sales" / next_day(folder)
    aside = folder / newest.name
    newest.rename(aside)
    try:
        Dealerlens(options, job, queries).run(out)
    finally:
        aside.rename(newest)


def disagreement(outputs):
    """What differs between dealerlens and the scripts; nothing if all of them computed the same."""
    ours = {name: output for name, output in outputs.items() if isinstance(output[0], Dealerlens)}
    theirs = {name: output for name, output in outputs.items() if isinstance(output[0], Script)}
    found = []
    for our_name, (program, tables, _) in ours.items():
        for name, (_, other, counted) in theirs.items():
            command = [sys.executable, HERE / "agreement.py", tables, other, "--sales", json.dumps(counted)]
            command += ["--normals"] if program.has_normals else []
            compared = subprocess.run([str(part) for part in command], capture_output=True, text=True)
            if compared.returncode != 0:
                found.append(f"{our_name} and {name} disagree:\n{compared.stdout}{compared.stderr}")
    return "\n".join(found)


def measure(programs, scratch, rounds):
    """All runs by name, in turns, every second round in the other order. The first round warms up and does not count."""
    runs = {name: [] for name in programs}
    for number in range(rounds + 1):
        names = list(programs) if number % 2 == 0 else list(reversed(programs))
        outputs = {}
        for name in names:
            out = scratch / "out" / name.replace(", ", "_").replace(" ", "_")
            programs[name].prepare(out)
            result, stages, tables, counted = programs[name].run(out)
            outputs[name] = (programs[name], tables, counted)
            print(f"round {number} {name}: {result.wall:.2f} s, {result.peak:.0f} MiB, {stages}", file=sys.stderr)
            if number > 0:
                runs[name].append((result, stages))
        found = disagreement(outputs)
        if found:
            sys.exit(f"No times are reported, since the work was not the same.\n{found}")
        shutil.rmtree(scratch / "out")
    return runs


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def ratio(values, others):
    """Within a round all had the same machine, so the rounds are compared, not the medians."""
    return f"{statistics.median(mine / other for mine, other in zip(values, others)):.3f}"


def report(runs):
    measures = {
        name: {
            "wall": [result.wall for result, _ in results],
            "cpu": [result.cpu for result, _ in results],
            "peak": [result.peak for result, _ in results],
        }
        for name, results in runs.items()
    }
    print("| median (least to most) | wall, s | processor, s | peak, MiB | wall / DuckDB | peak / DuckDB |")
    print("|---|---|---|---|---|---|")
    base = measures.get(DUCKDB)
    for name, own in measures.items():
        cells = [spread(own["wall"], 2), spread(own["cpu"], 2), spread(own["peak"], 0)]
        cells += [ratio(own[what], base[what]) if base else "" for what in ("wall", "peak")]
        print(f"| {name} | {' | '.join(cells)} |")
    print("\nMedians of stages, s:\n")
    for name, results in runs.items():
        stages = {stage: statistics.median(stages[stage] for _, stages in results) for stage in results[0][1]}
        print(f"- {name}: {', '.join(f'{stage} {seconds:.2f}' for stage, seconds in stages.items())}")
    for name, results in runs.items():
        if "walk" in runs and "ingest" in results[0][1]:
            ingest = [stages["ingest"] for _, stages in results]
            walk = [stages["walk"] for _, stages in runs["walk"]]
            print(f"- speed of reading against a mere walk, {name}: {ratio(walk, ingest)}")


def describe(options, folder):
    cpu = next((line for line in cpu_lines() if line.startswith("model name")), platform.machine()).split(":")[-1]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    versions = [child.run([options.binary, "--version"]).out.strip()]
    versions += [f"{package} {importlib.metadata.version(package)}" for package in ("duckdb", "polars")]
    exports = list((folder / "sales").glob("*.csv"))
    size = sum(path.stat().st_size for path in exports) / 1e6
    print(f"{datetime.date.today()}, {os.cpu_count()} cores ({cpu.strip()}), {memory:.0f} GiB, {platform.system()}.")
    print(f"{', '.join(versions)}, Python {platform.python_version()}.")
    print(f"{options.lines:,} lines asked for, {len(exports)} exports of sales, {size:.0f} MB, {options.dealers} dealers,")
    print(f"{options.outlets:,} outlets; {options.rounds} rounds, threads {options.threads or 'all'}, {options.memory}.\n")


def cpu_lines():
    path = pathlib.Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def main():
    options = arguments()
    if options.rounds < 1:
        sys.exit("--rounds: at least one round has to count")
    options.binary = options.binary.resolve()
    cache = options.data or pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"), "dealerlens")
    folder = make_exports(options, cache.resolve() / "nights")
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        scratch = pathlib.Path(scratch)
        programs = contestants(options, folder, scratch)
        runs = measure(programs, scratch, options.rounds)
    describe(options, folder)
    report(runs)


if __name__ == "__main__":
    main()
