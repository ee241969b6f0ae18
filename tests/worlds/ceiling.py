"""How well anybody could rank the outlets of made-up companies whose truth is known, beside how well dealerlens does.

usage: python ceiling.py BINARY [WORLD ...]

A hit is what the backtest calls one: grow, 10 % more than the peer group; activate, an order. Whoever orders at random now
and then skips 12 weeks, so that even an oracle that knows every outlet's true rate misses: its lift is the ceiling. Worlds
are those of make.py, and `drinks`, the company of `dealerlens generate`. There the true rates are read from a second
company of the same seed with 40 times the orders: the outlets are the same, and chance all but averages out. Outlets are
tested in the settled picture, so true rates are counted back from its day.

For each world and type: the base rate, 1 / base rate, which no ranking passes, and the lift of the top decile
  past      of the growth from the window to the own rate of 52 weeks (grow), of the shortest silence (activate)
  ours      of dealerlens
  rate      of an oracle that knows the true rate of the last 4 weeks before the origin, ranking by growth from the window
  hit       of the same oracle, ranking by the chance of a hit
  future    of one that knows the true rate of the 12 weeks to come, what will change included, by the chance of a hit
"""

import datetime
import pathlib
import subprocess
import sys
import tempfile

import duckdb

sys.dont_write_bytecode = True  # no folder of compiled files beside the sources

import make

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = REPOSITORY / "sample-data/beverages/dealerlens.toml"
QUERIES = REPOSITORY / "queries"
DENSER = 40
LINES = 150_000
# Variance of 12 weeks' sales over their squared mean, times the orders expected: that of the count and of the values.
NOISE = {"drinks": 0.8}
NOISE_OF_WORLDS = 1.25

MART = """-- purpose: every tested vertical prediction with what came of it
-- grain: dealer x outlet x origin x opportunity_type
select
    n.dealer_id,
    n.outlet_id,
    p.origin,
    p.opportunity_type,
    o.channel,
    o.region,
    p.probability,
    p.is_hit,
    o.sales as sales_12w,
    o.sales_52w,
    o.next_sales,
    cast(o.days_since_order as bigint) as days_since_order
from settled.vertical_predictions as p
inner join settled.pair_numbers as n on n.pair_number = p.pair_number
inner join settled.pair_origins as o on o.pair_number = p.pair_number and o.origin = p.origin
where p.expected_value is not null and p.is_hit is not null and p.opportunity_type <> 'retain'
"""
COLUMNS = [
    ("dealer_id", "text"), ("outlet_id", "text"), ("origin", "integer"), ("opportunity_type", "text"),
    ("channel", "text"), ("region", "text"), ("probability", "number"), ("is_hit", "boolean"),
    ("sales_12w", "money"), ("sales_52w", "money"), ("next_sales", "money"), ("days_since_order", "integer"),
]
KEY = ["dealer_id", "outlet_id", "origin", "opportunity_type"]


def add_mart(folder):
    """The predictions of earlier origins are not published: a mart of the world's own does it."""
    marts = folder / "queries/marts"
    marts.mkdir(parents=True, exist_ok=True)
    (marts / "world_predictions.sql").write_text(MART)
    parts = [f'purpose = "every tested prediction"\ngrain = "one row per prediction"\nkey = {KEY}\n'.replace("'", '"')]
    for name, kind in COLUMNS:
        nullable = "" if name in KEY else "nullable = true\n"
        text = "Key." if name in KEY else "NULL where it is not known."
        parts.append(f'[[column]]\nname = "{name}"\ntype = "{kind}"\n{nullable}description = "{text}"\n')
    (marts / "world_predictions.contract.toml").write_text("\n".join(parts))


def drinks(binary, folder):
    """The company of the sample without its faults, and the one that tells its true rates."""
    for name, lines in [("exports", LINES), ("dense", DENSER * LINES)]:
        company = ["--seed", "7", "--dealers", "60", "--outlets", "4000"]
        subprocess.run([binary, "generate", folder / name, "--lines", str(lines), "--clean", "-q", *company], check=True)
    job = SAMPLE.read_text(encoding="utf-8") + '\n[queries]\nextra = "queries"\n'
    (folder / "dealerlens.toml").write_text(job, encoding="utf-8")
    return f"""
        select "Dealer Code" as dealer_id, "Outlet Code" as outlet_id, (settled_on - "Date") // 28 as period,
            sum("Net Amount") / {DENSER} as sales,
            count(distinct case when "Net Amount" > 0 then "Order No" end) / {DENSER} as orders
        from read_csv('{folder}/dense/sales/*.csv') cross join settled_day
        where "Date" <= settled_on
        group by all"""


def made_up(binary, folder, world):
    make.write(binary, folder, world)
    return f"select dealer_id, outlet_id, period, sales, orders from read_csv('{folder}/rates.csv')"


def judge(con):
    """Every prediction with the true rates: of the window, of its last period times three, and of the weeks to come."""
    con.execute(f"""
        create table judged as
        with truth as (
            select
                p.dealer_id, p.outlet_id, p.origin, p.opportunity_type,
                coalesce(3 * sum(r.sales) filter (r.period = p.origin), 0) as rate,
                coalesce(3 * sum(r.orders) filter (r.period = p.origin), 0) as rate_orders,
                coalesce(sum(r.sales) filter (r.period between p.origin - 3 and p.origin - 1), 0) as future,
                coalesce(sum(r.orders) filter (r.period between p.origin - 3 and p.origin - 1), 0) as future_orders
            from world_predictions as p
            left join rates as r on r.dealer_id = p.dealer_id and r.outlet_id = p.outlet_id
            group by all
        )
        select
            p.*, t.rate, t.rate_orders, t.future, t.future_orders,
            cast(sum(p.next_sales) over peers as double) / cast(sum(p.sales_12w) over peers as double) as movement,
            sum(t.future) over peers / sum(t.rate) over peers as true_movement
        from world_predictions as p
        join truth as t using (dealer_id, outlet_id, origin, opportunity_type)
        window peers as (partition by p.origin, p.opportunity_type, p.channel, p.region)""")


def chance_above(mean, orders, noise):
    """Ranks by P(12 weeks' sales > 1.1 x the movement x now): gamma variables, cube roots of which are nearly normal."""
    shape = f"(greatest({orders}, 0.02) / {noise})"
    border = f"(1.1 * movement * cast(sales_12w as double) / greatest({mean}, 1e-9))"
    return f"(1 - 1 / (9 * {shape}) - cbrt({border})) * sqrt({shape})"


def scores(noise):
    return {
        "grow": {
            "past": "sales_52w / sales_12w",
            "ours": "probability",
            "rate": "rate / cast(sales_12w as double)",
            "hit": chance_above("rate * true_movement", "rate_orders", noise),
            "future": chance_above("future", "future_orders", noise),
        },
        "activate": {
            "past": "-coalesce(days_since_order, 99999)",
            "ours": "probability",
            "rate": "rate_orders",
            "hit": "rate_orders",
            "future": "future_orders",
        },
    }


def lift(con, kind, score):
    """Hits of the top tenths of all origins over the base rate; outlets alike are ranked by their ids."""
    return con.sql(f"""
        with scored as (
            select origin, is_hit, dealer_id, outlet_id, {score} as score
            from judged where opportunity_type = '{kind}'
        ),
        ranked as (
            select is_hit, ntile(10) over (
                partition by origin order by score desc nulls last, hash(dealer_id || outlet_id)
            ) as tenth
            from scored
        )
        select avg(is_hit::int) filter (tenth = 1) / avg(is_hit::int) from ranked""").fetchall()[0][0]


def report(con, world, noise):
    for kind, rankings in scores(noise).items():
        predictions, base = con.sql(
            f"select count(*), avg(is_hit::int) from judged where opportunity_type = '{kind}'").fetchall()[0]
        if not base:
            continue
        lifts = "  ".join(f"{name} {lift(con, kind, score):.2f}" for name, score in rankings.items())
        print(f"{world:8}  {kind:8}  {predictions:6} predictions, base rate {base:.3f}, at most {1 / base:.2f}:  {lifts}")


def settled_day(con):
    """The last day of the picture that tests outlets: every fourth Sunday, counted from the first day of the calendar."""
    as_of = con.sql("select max(as_of) from dim_dealer").fetchall()[0][0]
    return as_of - datetime.timedelta(days=as_of.toordinal() % 28)


def main(binary, worlds):
    with tempfile.TemporaryDirectory(prefix="dealerlens-ceiling-") as folder:
        for world in worlds or ["drinks", *make.WORLDS]:
            home = pathlib.Path(folder) / world
            home.mkdir()
            rates = drinks(binary, home) if world == "drinks" else made_up(binary, home, world)
            add_mart(home)
            job = home / "dealerlens.toml"
            subprocess.run([binary, "run", "--job", job, "--queries", QUERIES, "--quiet"], check=True)
            con = duckdb.connect()
            for name in ["dim_dealer", "world_predictions"]:
                con.execute(f"create table {name} as select * from read_parquet('{home}/out/latest/{name}.parquet')")
            con.execute(f"create table settled_day as select date '{settled_day(con)}' as settled_on")
            con.execute(f"create table rates as {rates}")
            judge(con)
            report(con, world, NOISE.get(world, NOISE_OF_WORLDS))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:])
