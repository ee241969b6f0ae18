"""Runs dealerlens on companies that chance makes up (make.py), and asks of each what has to be true of any.

- The night ends well: no check of the product's own refuses what it has computed itself.
- What it has published, computed once more by another road, is the same (tests/again).
- A night that goes on from one without the newest sales has the tables of a night from nothing; so has one thread.

usage: python run.py BINARY FIRST_SEED LAST_SEED [FOLDER]
A company that fails is named with its seed and its features, and what was said of it is printed. Without FOLDER the exports
are made in a temporary one.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # no folder of compiled files beside the sources

import make

AGAIN = pathlib.Path(__file__).resolve().parents[1] / "again" / "run.py"


class Wrong(Exception):
    """What of a company is not as it has to be."""


def said(command):
    """What a program printed, or what it printed when it failed."""
    ended = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if ended.returncode != 0:
        lines = (ended.stdout + ended.stderr).splitlines()
        shown = [line for line in lines if not line.startswith("agree ")]
        raise Wrong(f"{pathlib.Path(command[0]).name} ended with {ended.returncode}:\n" + "\n".join(shown[-20:]))
    return ended.stdout


def night(binary, folder, out, job="dealerlens.toml"):
    """The checksums of the tables of a night, by name. What the run before it saw is known to `out` alone."""
    said([binary, "run", "--quiet", "--job", folder / job, "--out", folder / out])
    manifest = json.loads((folder / out / "latest" / "manifest.json").read_text(encoding="utf-8"))
    return {mart["name"]: mart["sha256"] for mart in manifest["tables"] if mart["name"] != "restatements"}


def require_equal(tables, others, what):
    different = sorted(name for name in tables.keys() | others.keys() if tables.get(name) != others.get(name))
    if different:
        raise Wrong(f"{what}: {', '.join(different)} differ")


def night_after_another(binary, folder):
    """The tables of a night that had another before it, to which the newest sales were not yet exported."""
    newest = max(folder.glob("sales-*.csv"))
    kept = newest.rename(folder / "not-yet-exported")
    if any(folder.glob("sales-*.csv")):
        night(binary, folder, "goes-on")
    kept.rename(newest)
    return night(binary, folder, "goes-on")


def night_on_one_thread(binary, folder):
    job = (folder / "dealerlens.toml").read_text(encoding="utf-8")
    (folder / "one-thread.toml").write_text(job + "[resources]\nthreads = 1\n", encoding="utf-8")
    return night(binary, folder, "one-thread", "one-thread.toml")


def try_company(binary, seed, folder):
    features = make.make(seed, folder)
    try:
        tables = night(binary, folder, "out")
        said([sys.executable, "-W", "ignore", AGAIN, folder])
        require_equal(tables, night_after_another(binary, folder), "a night after another")
        require_equal(tables, night_on_one_thread(binary, folder), "one thread")
    except Wrong as wrong:
        print(f"WRONG   company {seed} {features}\n{wrong}", flush=True)
        return False
    print(f"right   company {seed}: {features['weeks']} weeks, {features['dealers']} dealers, {features['outlets']} outlets", flush=True)
    shutil.rmtree(folder)
    return True


def main(binary, first, last, folder):
    right = sum(try_company(binary, seed, folder / str(seed)) for seed in range(first, last + 1))
    print(f"{right} of {last - first + 1} companies are right")
    return 0 if right == last - first + 1 else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="dealerlens-chance-") as temporary:
        place = pathlib.Path(sys.argv[4] if len(sys.argv) > 4 else temporary)
        sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]), int(sys.argv[3]), place))
