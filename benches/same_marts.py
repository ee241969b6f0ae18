"""A set of queries for the marts that all three programs compute, and nothing that only dealerlens has.

It is cut out of `queries/`: the marts that are compared, the tables that every run needs, all that they read, and the
checks that read nothing else. `benches/same_marts/` adds the normals of outlets as a mart. All of it is today's picture: the
scripts learn nothing from earlier days.
"""

import pathlib
import re
import shutil

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
OWN = pathlib.Path(__file__).resolve().parent / "same_marts"
COMPARED = ["dealer_scorecard", "growth_drivers", "outlet_segments", "sales_by_month", "outlet_normals"]
# Read by the program itself in every run, whatever the marts.
NEEDED = ["data_quality", "rejected_rows", "sales_span", "analysis_window", "run_metrics"]


def relations():
    """Every relation by name, with the folder it lies in; a file of ours goes before one of the same name."""
    found = {}
    for root in (REPOSITORY / "queries", OWN):
        for path in sorted(root.rglob("*.sql")):
            found[path.stem] = path
    return found


def references(path, names):
    code = re.sub(r"--[^\n]*", "", path.read_text())
    return (set(re.findall(r"[a-z_0-9]+", code)) & names) - {path.stem}


def closure(roots, found):
    reached, open_ends = set(), list(roots)
    while open_ends:
        name = open_ends.pop()
        if name not in reached:
            reached.add(name)
            open_ends += references(found[name], found.keys() - checks(found))
    return reached


def checks(found):
    return {name for name, path in found.items() if path.parent.name == "checks"}


def write(target):
    """Writes the set into an empty folder."""
    found = relations()
    chosen = closure(COMPARED + NEEDED, found)
    chosen |= {name for name in checks(found) if references(found[name], found.keys()) <= chosen}
    shutil.rmtree(target, ignore_errors=True)
    for name in sorted(chosen):
        path = found[name]
        folder = target / path.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder)
        contract = path.with_suffix(".contract.toml")
        if contract.exists():
            shutil.copy(contract, folder)
    return sorted(chosen)
