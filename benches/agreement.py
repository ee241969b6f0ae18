"""Whether two folders of tables hold the same values: money, counts, days and texts exactly, rates to 1e-9."""

import duckdb

# The tables that all three nights write, with what identifies a row.
TABLES = {
    "dealer_scorecard": ["dealer_id"],
    "growth_drivers": ["dealer_id", "channel"],
    "outlet_segments": ["dealer_id", "outlet_id"],
    "sales_by_month": ["month", "dealer_id", "channel", "category"],
}
# Written by the nights that measure the same marts only; dealerlens publishes it for opportunities that it lists.
NORMALS = {"outlet_normals": ["dealer_id", "outlet_id"]}
CLOSE = 1e-9


def columns(con, path):
    rows = con.execute(f"describe from '{path}'").fetchall()
    return {name: kind for name, kind, *_ in rows}


def condition(column, kind):
    """True where the two sides differ."""
    if kind == "DOUBLE":
        close = f"abs(a.{column} - b.{column}) <= {CLOSE} * greatest(1, abs(a.{column}), abs(b.{column}))"
        return f"(a.{column} is null) <> (b.{column} is null) or not coalesce({close}, true)"
    return f"a.{column} is distinct from b.{column}"


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
        where = condition(name, known[name])
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
