"""Whether two folders of tables hold the same values: money, counts, days and texts exactly, rates to 1e-9.

Two exceptions. Money that is rounded from a quotient of floats may differ in its last digit, where the quotient lies
half-way: Polars divides by a constant by multiplying with its reciprocal, which moves the last bit. And the normals of
outlets agree to 1e-7, those of orders to 1e-5: `peer_moments` cuts each term to 8 decimals before it is summed, so that
the order of rows moves nothing, and squares of orders a period are small. With the terms cut alike in the script, all
columns agree to 1e-9.

usage: python agreement.py OURS THEIRS [--normals] [--sales JSON]

OURS is a run of dealerlens. JSON is what a script counted of the sales: lines read, accepted, rejected, superseded.
"""

import argparse
import json
import pathlib
import sys

import duckdb

# The tables that all three nights write, with what identifies a row.
TABLES = {
    "dealer_scorecard": ["dealer_id"],
    "growth_drivers": ["dealer_id", "channel"],
    "outlet_segments": ["dealer_id", "outlet_id"],
    "sales_by_month": ["month", "dealer_id", "channel", "category"],
}
# Made by benches/same_marts/ only; otherwise dealerlens publishes it for outlets whose opportunities it lists.
NORMALS = {"outlet_normals": ["dealer_id", "outlet_id"]}
# How close floats have to be: of a column, else of its table, else 1e-9.
CLOSE = {"outlet_normals": 1e-7, "normal_orders": 1e-5}
# Money from quotients of floats, with what it may differ by; the ticket takes what the other three effects leave.
QUOTIENTS = dict.fromkeys(["average_order_value", "average_order_value_base"], "0.0001")
QUOTIENTS |= dict.fromkeys(["coverage_effect", "activity_effect", "frequency_effect"], "0.0001")
QUOTIENTS |= {"ticket_effect": "0.0003"}


def columns(con, path):
    rows = con.execute(f"describe from '{path}'").fetchall()
    return {name: kind for name, kind, *_ in rows}


def condition(column, kind, close):
    """True where the two sides differ."""
    a, b = f"a.{column}", f"b.{column}"
    if kind == "DOUBLE":
        room = f"{close} * greatest(1, abs({a}), abs({b}))"
    elif column in QUOTIENTS:
        room = QUOTIENTS[column]
    else:
        return f"{a} is distinct from {b}"
    return f"({a} is null) <> ({b} is null) or not coalesce(abs({a} - {b}) <= {room}, true)"


def differences_of(con, table, key, ours, theirs):
    """What is different in one table, a sentence for each column with an example."""
    left, right = ours / f"{table}.parquet", theirs / f"{table}.parquet"
    known, compared = columns(con, left), columns(con, right)
    missing = [name for name in compared if name not in known]
    if missing:
        return [f"{table}: {', '.join(missing)} of {right} is not in {left}"]
    rows = [con.execute(f"select count(*) from '{path}'").fetchone()[0] for path in (left, right)]
    joined = f"from '{left}' as a inner join '{right}' as b using ({', '.join(key)})"
    both = con.execute(f"select count(*) {joined}").fetchone()[0]
    if rows != [both, both]:
        return [f"{table}: {rows[0]} rows in {left}, {rows[1]} in {right}, {both} in both"]
    found = []
    for name in compared:
        if name in key:
            continue
        shown = ", ".join([*key, f"a.{name}", f"b.{name}"])
        close = CLOSE.get(name, CLOSE.get(table, 1e-9))
        where = condition(name, known[name], close)
        count, *example = con.execute(f"select count(*), any_value(({shown})::varchar) {joined} where {where}").fetchone()
        if count:
            found.append(f"{table}.{name}: {count} of {both} rows differ, such as {example[0]}")
    return found


def differences(ours, theirs, tables):
    """What is different in all tables; nothing if the values agree."""
    con = duckdb.connect()
    return [text for table, key in tables.items() for text in differences_of(con, table, key, ours, theirs)]


def compared_columns(folder, tables):
    """How many columns the comparison looks at, keys included."""
    con = duckdb.connect()
    return sum(len(columns(con, folder / f"{table}.parquet")) for table in tables)


def different_counts(ours, counted):
    """Lines of sales that the two programs did not count alike."""
    con = duckdb.connect()
    totals = f"select outcome, sum(rows)::bigint from '{ours / 'data_quality.parquet'}' where source = 'sales' group by all"
    own = dict(con.execute(totals).fetchall())
    outcomes = ["read", "accepted", "rejected", "superseded"]
    pairs = [(outcome, own.get(outcome, 0), counted[outcome]) for outcome in outcomes]
    return [f"sales {outcome}: {mine} and {other} lines" for outcome, mine, other in pairs if mine != other]


def main():
    parser = argparse.ArgumentParser(description="compares the tables of two folders")
    parser.add_argument("ours", type=pathlib.Path)
    parser.add_argument("theirs", type=pathlib.Path)
    parser.add_argument("--normals", action="store_true", help="outlet_normals too")
    parser.add_argument("--sales", type=json.loads, help="lines that a script counted, as JSON")
    options = parser.parse_args()
    tables = TABLES | (NORMALS if options.normals else {})
    found = differences(options.ours, options.theirs, tables)
    found += different_counts(options.ours, options.sales) if options.sales else []
    if found:
        sys.exit("\n".join(found))
    print(f"{len(tables)} tables, {compared_columns(options.theirs, tables)} columns agree")


if __name__ == "__main__":
    main()
