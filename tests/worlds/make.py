"""Writes the exports of made-up companies of which the truth is known. The same bytes come out every time.

usage: python make.py FOLDER [WORLD ...]

Each world is a folder with sales.csv, dealers.csv, outlets.csv, truth.csv, rates.csv (what each outlet orders and sells on
average in each period of 28 days), a job file and one mart of its own. It has 1,000 outlets of 20 dealers in 4 regions and
two channels, and 104 weeks of orders up to 2025-12-07. Outlets order at random (at most one order a day, with a
probability that follows the season), order values vary by half.

alike     all outlets of a channel are the same: every difference is chance
stable    outlets differ for good, in frequency and in order value, and never change
halved    as stable, but in every 12 weeks one outlet in ten orders half as often, and recovers
lapsing   as stable, with few orders; in every 12 weeks one outlet in twenty stops, and one stopped in five returns
"""

import csv
import datetime
import pathlib
import random
import sys

# A day of the calendar of the settled picture: both pictures show the same, and outlets change between windows.
AS_OF = datetime.date(2025, 12, 7)
DAYS = 728
WINDOW = 84
OUTLETS = 1000
DEALERS = 20
REGIONS = ["north", "east", "south", "west"]
ORDER_VALUES = {"grocery": 40.0, "restaurant": 90.0}  # by channel

# Seed, orders a period of 28 days, and the probabilities with which an outlet enters and leaves the other state.
WORLDS = {
    "alike": (11, 8.0, 0.0, 1.0),
    "stable": (12, 8.0, 0.0, 1.0),
    "halved": (13, 10.0, 0.1, 0.9),
    "lapsing": (14, 3.0, 0.05, 0.2),
}
# What the orders of an outlet in the other state are multiplied by.
OTHER_STATE = {"alike": 1.0, "stable": 1.0, "halved": 0.5, "lapsing": 0.0}

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

[queries]
extra = "queries"
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


def season(day):
    """Sales swing by a fifth over the year, alike for all outlets."""
    return 1.0 + 0.2 * (1.0 - abs((day % 364) / 182.0 - 1.0) * 2.0)


def states(rng, world):
    """Whether an outlet is in the other state in each window of 84 days, oldest first; the last one ends at AS_OF."""
    _, _, enters, leaves = WORLDS[world]
    is_other, path = False, []
    for _ in range(-(-DAYS // WINDOW)):
        is_other = rng.random() >= leaves if is_other else rng.random() < enters
        path.append(is_other)
    return path


def expected_factor(world, is_other):
    """What the orders of the 12 weeks after AS_OF are multiplied by, on average, given the state of the last window."""
    _, _, enters, leaves = WORLDS[world]
    chance = 1.0 - leaves if is_other else enters
    return 1.0 - chance * (1.0 - OTHER_STATE[world])


def table(folder, name, header, rows):
    with open(folder / name, "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def write(folder, world):
    marts = folder / "queries" / "marts"
    marts.mkdir(parents=True, exist_ok=True)
    (folder / "dealerlens.toml").write_text(JOB.format(world=world))
    (marts / "world_outlets.sql").write_text(MART)
    (marts / "world_outlets.contract.toml").write_text(contract())

    seed, orders_a_period, _, _ = WORLDS[world]
    rng = random.Random(seed)
    # Windows are counted back from AS_OF, so that the oldest one is cut short.
    offset = -DAYS % WINDOW
    next_days = sum(season(DAYS + day) for day in range(WINDOW))
    outlets, sales, truth, rates = [], [], [], []
    for number in range(OUTLETS):
        dealer, outlet = f"D{number % DEALERS:02}", f"O{number:04}"
        channel = list(ORDER_VALUES)[(number // DEALERS) % len(ORDER_VALUES)]
        frequency, value = orders_a_period, ORDER_VALUES[channel]
        if world != "alike":
            frequency *= rng.lognormvariate(0.0, 0.2)
            value *= rng.lognormvariate(0.0, 0.8)
        path = states(rng, world)
        outlets.append([outlet, dealer, channel, "2020-01-01"])
        next_sales = value * frequency / 28.0 * next_days * expected_factor(world, path[-1])
        truth.append([outlet, dealer, path[-1], f"{next_sales:.4f}"])
        orders = [0.0] * (DAYS // 28)  # by period, the last one first
        for day in range(DAYS):
            factor = OTHER_STATE[world] if path[(day + offset) // WINDOW] else 1.0
            chance = frequency / 28.0 * season(day) * factor
            orders[(DAYS - 1 - day) // 28] += chance
            if rng.random() < chance:
                sold_on = AS_OF - datetime.timedelta(days=DAYS - 1 - day)
                # Lognormal with mean 1 and standard deviation 0.5.
                amount = max(1.0, value * rng.lognormvariate(-0.1116, 0.4724))
                sales.append([sold_on, dealer, outlet, f"N{len(sales) + 1:07}", f"{amount:.2f}"])
        rates += [[outlet, dealer, period, n, n * value] for period, n in enumerate(orders)]
    dealers = [[f"D{dealer:02}", REGIONS[dealer % len(REGIONS)]] for dealer in range(DEALERS)]
    table(folder, "dealers.csv", ["dealer_id", "region"], dealers)
    table(folder, "outlets.csv", ["outlet_id", "dealer_id", "channel", "opened_on"], outlets)
    table(folder, "sales.csv", ["sold_on", "dealer_id", "outlet_id", "order_id", "amount"], sales)
    table(folder, "rates.csv", ["outlet_id", "dealer_id", "period", "orders", "sales"], rates)
    table(folder, "truth.csv", ["outlet_id", "dealer_id", "is_other", "next_sales"], truth)


if __name__ == "__main__":
    for name in sys.argv[2:] or WORLDS:
        write(pathlib.Path(sys.argv[1]) / name, name)
