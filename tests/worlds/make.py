"""Writes the exports of companies of which the truth is known, with a job file and a mart of their own.

usage: python make.py BINARY FOLDER [WORLD ...]

Exports and truth come from `dealerlens generate --world` (src/generate/known): the same bytes every time. Each world is a
folder. Beside the exports it has truth.csv (whether an outlet is in its other state, and what it sells on average in the 12
weeks to come), rates.csv (what it orders and sells on average in each period of 28 days, the last one first) and, where
outlets open, cells.csv (how many will, on average, in the 12 weeks to come).

alike     all outlets of a channel are the same: every difference is chance
stable    outlets differ for good, in frequency and in order value, and never change
halved    as stable, but in every 12 weeks one outlet in ten orders half as often, and recovers
lapsing   as stable, with few orders; in every 12 weeks one outlet in twenty stops, and one stopped in five returns
opening   as stable; outlets that nobody covers become customers, in one channel eight times as soon as in the other
"""

import pathlib
import subprocess
import sys

WORLDS = ["alike", "stable", "halved", "lapsing", "opening"]

# A day of the calendar of the settled picture: both pictures show the same, and outlets change between windows.
JOB = """[job]
name = "{world}"
as_of = "2025-12-07"
out = "out"

[sources.sales]
files = ["sales.csv"]
[sources.dealers]
files = ["dealers.csv"]
[sources.outlets]
files = ["outlets.csv"]
{market}
[queries]
extra = "queries"
"""

MARKET = """[sources.market]
files = ["market.csv"]
"""

# The published table holds listed outlets only; promises are about all of them, so each world has a mart of its own.
MART = """-- purpose: what the run believes of every active outlet
-- grain: dealer x outlet
select
    dealer_id,
    outlet_id,
    region,
    channel,
    sales as sales_12w,
    credibility,
    drop_probability,
    expected_value,
    is_listed
from vertical_today
where opportunity_type = 'grow'
"""
CONTRACT = """purpose = "what the run believes of every active outlet"
grain = "one row per dealer and outlet"
key = ["dealer_id", "outlet_id"]
"""
COLUMNS = [
    ("dealer_id", "text", "Dealer."),
    ("outlet_id", "text", "Outlet."),
    ("region", "text", "Region of the dealer."),
    ("channel", "text", "Channel of the outlet."),
    ("sales_12w", "money", "Net sales of the current window."),
    ("credibility", "number", "Weight of the outlet's own mean; NULL where it has no normal."),
    ("drop_probability", "number", "Probability that the shortfall is no noise; NULL where it cannot be told."),
    ("expected_value", "money", "Expected growth; NULL if nothing could be learned."),
    ("is_listed", "boolean", "True for outlets in vertical_opportunities."),
]


def contract():
    parts = [CONTRACT]
    for name, kind, description in COLUMNS:
        nullable = "nullable = true\n" if "NULL" in description else ""
        parts.append(f'[[column]]\nname = "{name}"\ntype = "{kind}"\n{nullable}description = "{description}"\n')
    return "\n".join(parts)


def write(binary, folder, world):
    subprocess.run([binary, "generate", folder, "--world", world], check=True, stdout=subprocess.DEVNULL)
    market = MARKET if (folder / "market.csv").exists() else ""
    (folder / "dealerlens.toml").write_text(JOB.format(world=world, market=market))
    marts = folder / "queries" / "marts"
    marts.mkdir(parents=True, exist_ok=True)
    (marts / "world_outlets.sql").write_text(MART)
    (marts / "world_outlets.contract.toml").write_text(contract())


if __name__ == "__main__":
    for name in sys.argv[3:] or WORLDS:
        write(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]) / name, name)
