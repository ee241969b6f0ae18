"""Proves that no failure at any moment shows half a night: faults from outside, into the real binary.

usage: python run.py BINARY [PART ...]     parts: calls documents order disk kills readers; all without one

It needs Linux, strace and duckdb, and the right to mount for the full disk. The cases are chosen by DEALERLENS_FAULT_SEED
(7); the kills are DEALERLENS_FAULT_KILLS (200), faults at calls at most DEALERLENS_FAULT_CALLS (all, some 400), and
DEALERLENS_FAULT_WORKERS (2) nights go on side by side. Each promise is a line with the number of its cases; a broken one
makes the exit code 1, what could not be tried is said.
"""

import os
import pathlib
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # no folder of compiled files beside the sources

import calls
import disk
import kills
import order
import readers

SEED = int(os.environ.get("DEALERLENS_FAULT_SEED", "7"))
KILLS = int(os.environ.get("DEALERLENS_FAULT_KILLS", "200"))
WORKERS = int(os.environ.get("DEALERLENS_FAULT_WORKERS", "2"))
CALLS = int(os.environ.get("DEALERLENS_FAULT_CALLS", "0")) or None
LEAST = 0.9  # of the chosen calls have to come up in the faulty run too

kept = broken = 0


def promise(text, cases, problems=()):
    global kept, broken
    kept, broken = kept + (not problems), broken + bool(problems)
    print(f"{'BROKEN' if problems else 'kept  '}  {text}: {cases}", flush=True)
    for problem in problems:
        print(f"        {problem}", flush=True)


def skipped(text, why):
    print(f"SKIPPED {text}: {why}", flush=True)


def sweep(binary, folder, documents, text):
    counts, problems = calls.sweep(binary, folder, SEED, WORKERS, documents, CALLS)
    missed = counts.pop("did not come up", 0)
    total = sum(counts.values()) + len(problems)
    if total < LEAST * (total + missed):
        problems.append(f"{missed} of {total + missed} calls did not come up")
    shown = ", ".join(f"{count} {fault.split('=')[1]}" for fault, count in sorted(counts.items()))
    promise(text, f"{total} cases ({shown}; {missed} calls did not come up), seed {SEED}", problems)


def part_calls(binary, folder):
    sweep(binary, folder, False, "a fault at any call of publishing or staging leaves the old run or the new one, and says so")


def part_documents(binary, folder):
    sweep(binary, folder, True, "so does a fault while report and workbook are written")


def part_order(binary, folder):
    count = order.check(binary, folder / "night")
    promise("every file and folder is synced before the rename that shows it, and latest after", f"{count} files and folders")


def part_disk(binary, folder):
    text = "a disk that fills, at any moment, leaves the old run or the new one"
    full = disk.full(binary, folder / "full", SEED)
    if full is None:
        skipped(text, "there is no right to mount a small tmpfs")
    else:
        promise(text, f"{full[0]} sizes, {full[1]} of them too small, seed {SEED}", few(*full))
    short = disk.short(binary, folder / "short", SEED)
    promise("so does a write that is cut short", f"{short[0]} sizes, {short[1]} of them too small, seed {SEED}", few(*short))


def few(cases, failed):
    return [] if cases / 3 < failed < cases else [f"{failed} of {cases} failed: the sizes do not test much"]


def part_kills(binary, folder):
    lines, stages, switched, problems = kills.kill(binary, folder, SEED, WORKERS, KILLS)
    shown = ", ".join(f"{count} in {name}" for name, count in stages.items())
    text = f"kill -9 at a random moment of a night over {lines} lines leaves the old run or the new one"
    promise(text, f"{KILLS} kills ({shown}; readers saw the new run after {switched}), seed {SEED}", problems)


def part_readers(binary, folder):
    pairs = readers.two_at_once(binary, folder / "two")
    promise("of two runs at once one exits 75 within a second", f"{pairs} pairs")
    publications, passes, seen, mixed = readers.looping(binary, folder / "loop")
    promise("a reader that resolves latest once never fails and never mixes two runs",
            f"{passes} passes over all tables during {publications} publications, {seen} runs seen "
            f"(through latest itself, {mixed} passes mixed two runs)")
    promise("what a reader opened within keep_hours is not pruned, and by keep_hours = 0 it is",
            f"{publications} newer runs, then {readers.told_to_prune(binary, folder / 'prune')} pruned")


PARTS = {name.removeprefix("part_"): part for name, part in list(globals().items()) if name.startswith("part_")}


def main(binary, *names):
    if shutil.which("strace") is None:
        sys.exit("strace is not installed")
    for name in names or PARTS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="dealerlens-faults-") as folder:
            try:
                PARTS[name](pathlib.Path(binary).resolve(), pathlib.Path(folder))
            except Exception as error:
                promise(name, type(error).__name__, [str(error)])
        print(f"        {name}: {time.monotonic() - began:.0f} s", flush=True)
    print(f"{kept} promises kept, {broken} broken")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main(*sys.argv[1:])
