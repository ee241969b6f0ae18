"""Writes the exports of a company that chance makes up, with a job file: the same seed, the same bytes.

Companies are small and odd. Each feature that a real one may have (outlets of two dealers, dealers without outlets, names
with commas, months without sales, lines that are stated again, returns of what was never bought, a market of nobody ...) is
there or not by lot, so that they meet in combinations that nobody thought of.

usage: python make.py SEED FOLDER
"""

import csv
import datetime
import pathlib
import random
import sys

REGIONS = ["North", "South, East", "*", "West"]
TERRITORIES = ["T1", "T 2", "*", "T-4", "тест", "T6"]
CHANNELS = ["grocery", "bar & grill", "*", "O'Brien", "零售", "a,b"]
CATEGORIES = ["water", "beer", "juice, fresh", "unknown", "snacks"]
LAST_DAY = datetime.date(2025, 12, 7)

JOB = """[job]
name = "company {seed}"
out = "out"
goal = {goal}
lang = "{lang}"
{as_of}
[quality]
max_rejected_share = 1.0
{report_within_days}
[classes]
performance = "{performance}"

[sources.sales]
files = ["sales-*.csv"]
[sources.dealers]
files = ["dealers.csv"]
"""


class Chance(random.Random):
    """Lots of one company."""

    def has(self, probability):
        return self.random() < probability

    def maybe(self, probability, value):
        return value if self.has(probability) else ""

    def day(self, weeks):
        return LAST_DAY - datetime.timedelta(days=self.randrange(7 * weeks))


def dealers_of(chance, features):
    regions = REGIONS[: chance.randint(1, 4)]
    for number in range(features["dealers"]):
        yield {
            "dealer_id": f"D{number:02}", "region": chance.choice(regions), "dealer_name": f"Dealer {number}",
            "territory": chance.maybe(0.8, chance.choice(features["territories"])), "tier": chance.choice(["", "A", "B"]),
            "onboarded_on": chance.maybe(0.4, chance.day(120)),
        }


def outlets_of(chance, features, dealers):
    for number in range(features["outlets"]):
        opened = chance.maybe(features["dated"], chance.day(features["weeks"] + 30))
        yield {
            "outlet_id": f"O{number:03}",
            "dealer_id": chance.maybe(0.95, chance.choice(dealers)["dealer_id"]) if chance.has(0.97) else "D99",
            "outlet_name": f"Outlet {number}", "channel": chance.maybe(0.97, chance.choice(features["channels"])),
            "territory": chance.maybe(0.95, chance.choice(features["territories"])),
            "account_id": chance.maybe(0.1, f"chain {chance.randrange(3)}"),
            "opened_on": opened, "closed_on": chance.maybe(0.03, chance.day(features["weeks"])),
        }


def lines_of_outlet(chance, features, outlet, products, dealer, orders):
    """The order lines of an outlet with a dealer: at its own rate and size, which may change or end."""
    rate = chance.gammavariate(2, 0.5) * chance.choice([0.02, 0.2, 1])  # orders a week
    size = chance.lognormvariate(4, 0.7)
    first, last = sorted([chance.randrange(features["weeks"] + 1), chance.choice([0, 0, 0, chance.randrange(features["weeks"] + 1)])])
    for week in range(first, last):
        if week in features["silent_weeks"]:
            continue
        for _ in range(sum(chance.has(rate / 4) for _ in range(4))):
            day = LAST_DAY - datetime.timedelta(days=7 * week + chance.randrange(7))
            orders[0] += 1
            for line in range(1, chance.choice([1, 1, 2, 4]) + 1):
                is_return = chance.has(features["returns"])
                amount = round(size * chance.lognormvariate(0, 0.5) * (-1 if is_return else 1), chance.choice([0, 2, 2, 6]))
                yield {
                    "sold_on": day, "dealer_id": dealer, "amount": f"{amount if chance.has(0.99) else 0:f}",
                    "order_id": f"N{orders[0]}" if features["has_orders"] else "", "line_no": line if features["has_orders"] else "",
                    "outlet_id": outlet, "product_id": chance.choice(products)["product_id"],
                }


def lines_of(chance, features, dealers, outlets, products):
    orders = [0]
    sold = dealers[: max(1, len(dealers) - features["idle_dealers"])]
    for outlet in outlets:
        if chance.has(0.15):
            continue  # a prospect
        dealer = outlet["dealer_id"] if chance.has(0.97) else chance.choice(sold)["dealer_id"]
        yield from lines_of_outlet(chance, features, outlet["outlet_id"], products, dealer, orders)
        if chance.has(features["shared"]):
            yield from lines_of_outlet(chance, features, outlet["outlet_id"], products, chance.choice(sold)["dealer_id"], orders)
    for dealer in sold:
        if chance.has(features["direct"]):
            yield from lines_of_outlet(chance, features, "", products, dealer["dealer_id"], orders)
        for number in range(features["strangers"]):
            yield from lines_of_outlet(chance, features, f"X{dealer['dealer_id']}{number}", products, dealer["dealer_id"], orders)
    for number in range(features["only_returned"]):
        outlet = chance.choice(outlets)
        yield {
            "sold_on": chance.day(features["weeks"]), "dealer_id": chance.choice(sold)["dealer_id"],
            "amount": f"-{chance.randrange(1, 90)}.5", "order_id": f"R{number}", "line_no": 1,
            "outlet_id": outlet["outlet_id"], "product_id": "P00",
        }


def features_of(chance):
    weeks = chance.choice([3, 16, 40, 70, 104, 104, 120])
    silent = chance.randrange(weeks) if chance.has(0.2) else weeks
    return {
        "weeks": weeks, "dealers": chance.choice([1, 2, 5, 12, 24]), "outlets": chance.choice([1, 12, 60, 200, 400]),
        "territories": TERRITORIES[: chance.randint(1, 6)], "channels": CHANNELS[: chance.randint(1, 6)],
        "dated": chance.choice([0, 0.5, 1]), "returns": chance.choice([0, 0.02, 0.2]), "shared": chance.choice([0, 0.1]),
        "direct": chance.choice([0, 0.3]), "strangers": chance.choice([0, 0, 3]), "idle_dealers": chance.choice([0, 0, 2]),
        "only_returned": chance.choice([0, 0, 5]), "silent_weeks": range(silent, silent + chance.choice([5, 14])),
        "has_orders": chance.has(0.85), "restated": chance.choice([0, 0.02]), "stops": chance.has(0.2),
    }


def write(path, rows):
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_sales(chance, features, folder, lines):
    """One export a quarter; some lines are stated again, with another amount, in a later one."""
    if features["stops"]:  # a dealer whose sales end before those of the others
        lines = [line for line in lines if line["dealer_id"] != "D00" or (LAST_DAY - line["sold_on"]).days > 60]
    exports = {}
    for line in lines:
        exports.setdefault(f"sales-{line['sold_on']:%Y}-{(line['sold_on'].month - 1) // 3}.csv", []).append(line)
        if line["line_no"] and chance.has(features["restated"]):
            again = line | {"amount": f"{chance.randrange(1, 500)}.25"}
            exports.setdefault("sales-2026-late.csv", []).append(again)
    for name, rows in exports.items():
        write(folder / name, rows)


def optional_sources(chance, features, folder, dealers, outlets, products):
    """The exports that a company may not have; yields their names."""
    if chance.has(0.9):
        write(folder / "outlets.csv", outlets)
        yield "outlets"
    if chance.has(0.8):
        write(folder / "products.csv", products)
        yield "products"
    if chance.has(0.7):
        cells = [(territory, channel) for territory in features["territories"] for channel in features["channels"]]
        rows = [
            {"territory": territory, "channel": channel, "outlets_total": chance.choice([0, 3, 20, 20, 100]),
             "market_value": chance.choice(["", 0, 1000, 250000])}
            for territory, channel in cells if chance.has(0.9)
        ]
        if rows:
            write(folder / "market.csv", rows)
            yield "market"
    if chance.has(0.7):
        months = [f"{2023 + month // 12}-{month % 12 + 1:02}" for month in range(36)]
        write(folder / "targets.csv", (
            {"dealer_id": dealer["dealer_id"], "month": month, "target_amount": chance.choice([0, 500, 2000, 10000])}
            for dealer in dealers if chance.has(0.9) or dealer is dealers[0] for month in months if chance.has(0.98) or month == "2025-01"
        ))
        yield "targets"
    if chance.has(0.4):
        write(folder / "promotions.csv", promotions_of(chance, features, dealers, products))
        yield "promotions"
    if chance.has(0.4):
        write(folder / "visits.csv", visits_of(chance, features, dealers, outlets))
        yield "visits"


def promotions_of(chance, features, dealers, products):
    """Promotions of anything, also of what is not there, also at the same time; two are always in the history."""
    scopes = {
        "dealer_id": [dealer["dealer_id"] for dealer in dealers] + ["D98"], "region": REGIONS,
        "territory": features["territories"], "channel": features["channels"], "category": CATEGORIES,
        "product_id": [product["product_id"] for product in products] + ["P98"],
    }
    for number in range(chance.choice([2, 8])):
        starts = chance.day(features["weeks"] + 10)
        yield {
            "promotion_id": f"A{number}", "starts_on": starts,
            "ends_on": starts + datetime.timedelta(days=chance.choice([0, 6, 27, 90])),
            "cost": chance.maybe(0.7, chance.choice([0, 120, 5000.5])),
        } | {column: chance.maybe(0.25, chance.choice(values)) for column, values in scopes.items()}


def visits_of(chance, features, dealers, outlets):
    for number in range(chance.choice([1, 50, 400])):
        names_dealer = chance.has(0.5)
        yield {
            "visit_id": f"V{number}", "visited_on": chance.day(features["weeks"] + 2),
            "dealer_id": chance.choice(dealers)["dealer_id"] if names_dealer else "",
            "outlet_id": "" if names_dealer and chance.has(0.3) else chance.choice(outlets)["outlet_id"],
            "visit_type": chance.choice(["", "sales", "audit", "*"]), "cost": chance.maybe(0.5, chance.choice([0, 15, 80])),
        }


def make(seed, folder):
    chance = Chance(seed)
    features = features_of(chance)
    folder.mkdir(parents=True, exist_ok=True)
    dealers = list(dealers_of(chance, features))
    outlets = list(outlets_of(chance, features, dealers))
    products = [
        {"product_id": f"P{number:02}", "product_name": f"Product {number}", "category": chance.choice(CATEGORIES)}
        for number in range(chance.choice([1, 5, 12]))
    ]
    write(folder / "dealers.csv", dealers)
    lines = list(lines_of(chance, features, dealers, outlets, products))
    lines.append({  # somebody sold something
        "sold_on": chance.day(1), "dealer_id": "D00", "amount": "10", "order_id": "N0", "line_no": 1,
        "outlet_id": "O000", "product_id": "P00",
    })
    write_sales(chance, features, folder, lines)
    job = JOB.format(
        seed=seed, as_of=f'as_of = "{LAST_DAY}"' if chance.has(0.5) else "",
        report_within_days=f"report_within_days = {chance.choice([1, 14, 400])}" if chance.has(0.3) else "",
        performance=chance.choice(["auto", "auto", "sales_per_outlet"]), goal=chance.choice([0.9, 1.2, 3]),
        lang=chance.choice(["en", "en", "zh"]),
    )
    for name in optional_sources(chance, features, folder, dealers, outlets, products):
        job += f'[sources.{name}]\nfiles = ["{name}.csv"]\n'
    (folder / "dealerlens.toml").write_text(job, encoding="utf-8")
    return features


if __name__ == "__main__":
    print(make(int(sys.argv[1]), pathlib.Path(sys.argv[2])))
