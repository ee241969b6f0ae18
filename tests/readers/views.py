"""Reads a published run as a BI tool does and fails unless the views, their comments and the star schema hold.

A fresh process in another working directory loads dealerlens.sql into a DuckDB file. This one opens the file
read-only and counts the rows of every view against manifest.json. If they agree, it compares the comments with the data
dictionary and checks every relation that docs/bi.md lists: the key is unique, and values find their rows as stated.

usage: python views.py RUN_FOLDER
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import duckdb

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "bi.md"
RELATION = re.compile(r"\| `(\w+)\.(\w+)` \| `(\w+)\.(\w+)` \| ([^|]+?) \|")
# What docs/bi.md says about a relation: whether a value may be NULL, whether it may find no row.
PROMISES = {"always": (False, False), "unless NULL": (True, False), "as far as there": (True, True)}

LOAD = """
import pathlib, sys, duckdb
database, folder = sys.argv[1:]
with duckdb.connect(database) as session:
    session.execute("create or replace macro dealerlens_folder() as '" + folder.replace("'", "''") + "'")
    session.execute((pathlib.Path(folder) / "dealerlens.sql").read_text(encoding="utf-8"))
"""


def load(folder, elsewhere):
    """The views of the run in a database file, made by another process in an empty folder."""
    database = pathlib.Path(elsewhere) / "dealers.duckdb"
    subprocess.run([sys.executable, "-c", LOAD, str(database), str(folder)], cwd=elsewhere, check=True)
    return duckdb.connect(str(database), read_only=True)


def rows(session, query):
    return session.execute(query).fetchall()


def number(session, query):
    return rows(session, query)[0][0]


def check_rows(session, manifest):
    """Every table of the manifest is a view of as many rows, and there is no other view."""
    expected = {table["name"]: table["rows"] for table in manifest["tables"]}
    views = [name for (name,) in rows(session, "select view_name from duckdb_views() where not internal")]
    found = {name: number(session, f'select count(*) from "{name}"') for name in views}
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            yield f"{name}: {expected.get(name)} rows in the manifest, {found.get(name)} in the view"


def check_comments(session):
    """Views say what they are for, columns what the data dictionary says, in the order of the data dictionary."""
    for name, comment in rows(session, "select view_name, comment from duckdb_views() where not internal"):
        if not comment:
            yield f"{name}: the view has no comment"
    dictionary = rows(
        session,
        """
        select table_name, column_name, description, unit
        from data_dictionary
        order by table_name, position
        """,
    )
    expected = [(table, column, words(text, unit)) for table, column, text, unit in dictionary]
    found = rows(
        session,
        """
        select table_name, column_name, comment
        from duckdb_columns()
        where not internal
        order by table_name, column_index
        """,
    )
    yield from (f"comment missing or changed: {row}" for row in expected if row not in found)
    yield from (f"comment not in the data dictionary: {row}" for row in found if row not in expected)
    if sorted(expected) == sorted(found) and expected != found:
        yield "the columns are not in the order of the data dictionary"


def words(description, unit):
    return " ".join(f"{description} Unit: {unit}.".split() if unit else description.split())


def check_relation(session, relation):
    table, column, dimension, key, promise = relation
    if promise not in PROMISES:
        yield f"{table}.{column}: docs/bi.md promises '{promise}', which is none of {', '.join(PROMISES)}"
        return
    may_be_null, may_be_orphan = PROMISES[promise]
    repeated = number(session, f"select count({key}) - count(distinct {key}) from {dimension}")
    if repeated:
        yield f"{dimension}.{key}: {repeated} rows repeat a key"
    nulls = number(session, f"select count(*) from {table} where {column} is null")
    if nulls and not may_be_null:
        yield f"{table}.{column}: {nulls} rows are NULL"
    orphans = number(
        session,
        f"""
        select count(*)
        from {table} as fact
        where fact.{column} is not null
          and not exists (select 1 from {dimension} as dimension where dimension.{key} = fact.{column})
        """,
    )
    if orphans and not may_be_orphan:
        yield f"{table}.{column}: {orphans} rows find no {dimension}.{key}"


def main(folder):
    folder = pathlib.Path(folder).resolve()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    relations = RELATION.findall(DOCUMENT.read_text(encoding="utf-8"))
    differences = []
    with tempfile.TemporaryDirectory() as elsewhere, load(folder, elsewhere) as session:
        differences += check_rows(session, manifest)
        if not differences:
            differences += check_comments(session)
            for relation in relations:
                differences += check_relation(session, relation)
    if not relations:
        differences.append(f"{DOCUMENT.name} lists no relation")
    for difference in differences:
        print(f"DIFFERENT {difference}")
    print(f"{len(manifest['tables'])} views, {len(relations)} relations, {len(differences)} differences")
    return 1 if differences else 0


sys.exit(main(sys.argv[1]))
