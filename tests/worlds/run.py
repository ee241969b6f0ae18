"""Runs dealerlens on made-up companies of which the truth is known and compares what it says with the truth.

usage: python run.py BINARY [WORLD ...]

The worlds are those of make.py; they are made in a temporary folder. Each promise is a line: what was
observed and what is allowed. A broken one makes the exit code 1.
"""

import pathlib
import subprocess
import sys
import tempfile

import duckdb

sys.dont_write_bytecode = True  # no folder of compiled files beside the sources

import make

kept, broken = 0, 0


def promise(world, name, observed, low, high):
    global kept, broken
    is_kept = observed is not None and low <= observed <= high
    kept, broken = kept + is_kept, broken + (not is_kept)
    value = "missing" if observed is None else f"{observed:7.4f}"
    print(f"{'kept  ' if is_kept else 'BROKEN'}  {world:8}  {name:42} {value}  allowed {low} to {high}")


def load(folder):
    con = duckdb.connect()
    for name in ["world_outlets", "backtest", "horizontal_opportunities"]:
        con.execute(f"create table {name} as select * from read_parquet('{folder / 'out/latest' / name}.parquet')")
    con.execute(f"create table truth as select * from read_csv('{folder / 'truth.csv'}')")
    if (folder / "cells.csv").exists():
        con.execute(f"create table cells as select * from read_csv('{folder / 'cells.csv'}')")
    return con


def one(con, query):
    return con.sql(query).fetchall()[0][0]


def check_all_outlets(con, world):
    """What holds of all active outlets, listed or not."""
    credibility = one(con, "select avg(credibility) from world_outlets")
    if world != "opening":  # few orders of outlets that differ little: neither the peers nor the outlet alone
        promise(world, "mean credibility", credibility, *((0, 0.1) if world == "alike" else (0.9, 1)))
    flagged = "avg(cast(coalesce(drop_probability, 0) >= 0.8 as integer))"
    if world in ("alike", "stable"):
        # Nothing has dropped, and a border at 0.8 is passed by chance in a fifth of the cases: no more, and no less.
        share = one(con, f"select {flagged} from world_outlets")
        promise(world, "active outlets flagged as dropped", share, 0.16, 0.24)
    net = one(con, "select cast(sum(expected_value) as double) / cast(sum(sales_12w) as double) from world_outlets")
    promise(world, "expected value of all outlets / their sales", net, -0.02, 0.02)
    if world == "halved":
        found = one(con, f"select {flagged} from world_outlets join truth using (dealer_id, outlet_id) where is_other")
        promise(world, "halved outlets flagged as dropped", found, 0.8, 1)


def check_truth(con, world):
    """Expected value of listed outlets against what they will sell on average beyond the movement of their group."""
    ratio = one(con, """
        with outlets as (
            select region, channel, sales_12w, next_sales, expected_value, is_listed,
                sum(next_sales) over grp / cast(sum(sales_12w) over grp as double) as movement
            from world_outlets join truth using (dealer_id, outlet_id)
            window grp as (partition by region, channel)
        )
        select sum(next_sales / movement - cast(sales_12w as double)) / cast(sum(expected_value) as double)
        from outlets where is_listed""")
    promise(world, "grow: true growth / expected value", ratio, 0.8, 1.25)


def check_cells(con, world):
    """Outlets expected to open in listed cells against those that will open there on average."""
    ratio = one(con, """
        select sum(c.next_outlets) / cast(sum(o.expected_outlets) as double)
        from horizontal_opportunities as o join cells as c using (territory, channel)
        where o.is_lead""")
    promise(world, "horizontal: true openings / expected outlets", ratio, 0.8, 1.25)


# The types whose behaviour a world knows.
TYPES = {
    "alike": ["grow"],
    "stable": ["grow"],
    "halved": ["grow"],
    "lapsing": ["grow", "activate", "retain"],
    "opening": ["grow", "horizontal"],
}
# Where nothing tells who will: of three orders a period an oracle makes 2.1, and whoever stopped returns by lot.
UNKNOWABLE = [("lapsing", "grow"), ("lapsing", "activate")]


def check_backtest(con, world):
    """What the run says of its own past."""
    pooled = "from backtest where is_pooled and method = 'dealerlens'"
    for kind in TYPES[world]:
        row = f"{pooled} and scope = 'listed' and opportunity_type = '{kind}'"
        ratio = one(con, f"select realised_to_calibrated {row}")
        promise(world, f"{kind}: realised / expected in the past", ratio, 0.8, 1.25)
        row = f"{pooled} and scope = 'all' and opportunity_type = '{kind}'"
        if (world, kind) not in UNKNOWABLE:
            promise(world, f"{kind}: hits of the top decile / base rate", one(con, f"select top_decile_lift {row}"), 2, 20)
        # Who is at risk goes or stays: what can be held against the truth are sums of dealers.
        row = row.replace("'all'", "'dealer'") if kind == "retain" else row
        promise(world, f"{kind}: within the 80 % interval", one(con, f"select interval_coverage {row}"), 0.75, 0.85)
    row = f"{pooled} and scope = 'all' and opportunity_type = 'grow'"
    promise(world, "grow: outcomes above the stretch value", one(con, f"select share_above_stretch {row}"), 0.2, 0.3)


def main(binary, worlds):
    with tempfile.TemporaryDirectory(prefix="dealerlens-worlds-") as folder:
        for world in worlds or make.WORLDS:
            home = pathlib.Path(folder) / world
            make.write(binary, home, world)
            subprocess.run([binary, "run", "--job", home / "dealerlens.toml", "--quiet"], check=True)
            con = load(home)
            check_all_outlets(con, world)
            check_truth(con, world)
            if world == "opening":
                check_cells(con, world)
            check_backtest(con, world)
    print(f"{kept} kept, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]))
