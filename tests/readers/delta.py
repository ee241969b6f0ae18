"""Reads every Delta table of an output and fails unless its versions are the runs.

The newest version of each table must hold the rows, columns and types of the run under `latest`, and each earlier run that
is still kept must be found by its id and hold its own rows. No run may stand in a history twice. Columns must carry the
descriptions of the data dictionary.

usage: python delta.py OUTPUT_FOLDER
"""

import json
import pathlib
import sys

import polars
import pyarrow.parquet
from deltalake import DeltaTable


def manifest_of(run):
    return json.loads((run / "manifest.json").read_text(encoding="utf-8"))


def versions_of(table):
    """The version of each run, and runs that were committed more than once."""
    found, repeated = {}, []
    for commit in table.history():
        run = commit.get("userMetadata")
        if run in found:
            repeated.append(run)
        found[run] = commit["version"]
    return found, repeated


def check_version(place, version, run, table):
    """A version holds what the file of the run holds: names, types, rows and their order."""
    expected = pyarrow.parquet.read_table(run / table["file"])
    delta = DeltaTable(place, version=version)
    found = delta.to_pyarrow_table()
    if found.schema.names != expected.schema.names or found.schema.types != expected.schema.types:
        yield f"{table['name']} version {version}: {found.schema} instead of {expected.schema}"
    elif [field.nullable for field in found.schema] != [field.nullable for field in expected.schema]:
        yield f"{table['name']} version {version}: other columns may be NULL than in the run"
    elif not found.equals(expected):
        yield f"{table['name']} version {version}: other rows than in run {run.name}"
    if not polars.read_delta(str(place), version=version).equals(polars.read_parquet(run / table["file"])):
        yield f"{table['name']} version {version}: polars sees other rows than in run {run.name}"
    counted = delta.count()
    if counted != table["rows"]:
        yield f"{table['name']} version {version}: {counted} rows counted from the log, {table['rows']} in the manifest"


def check_comments(place, name, dictionary):
    comments = {field.name: field.metadata.get("comment") for field in DeltaTable(place).schema().fields}
    if comments != dictionary.get(name):
        yield f"{name}: descriptions differ from the data dictionary"


def dictionary_of(run):
    """The description of each column by table, with its unit."""
    found = {}
    for row in pyarrow.parquet.read_table(run / "data_dictionary.parquet").to_pylist():
        unit = f" Unit: {row['unit']}." if row["unit"] else ""
        found.setdefault(row["table_name"], {})[row["column_name"]] = row["description"] + unit
    return found


def check_table(output, table, runs, dictionary):
    name, latest = table["name"], runs[-1].name
    place = output / "delta" / name
    versions, repeated = versions_of(DeltaTable(place))
    yield from (f"{name}: run {run} is there twice" for run in repeated)
    if DeltaTable(place).version() != versions.get(latest):
        yield f"{name}: the newest version is not run {latest}"
    for run in runs:
        published = {entry["name"]: entry for entry in manifest_of(run)["tables"]}
        if run.name not in versions:
            yield f"{name}: there is no version of run {run.name}"
        elif name in published:
            yield from check_version(place, versions[run.name], run, published[name])
    yield from check_comments(place, name, dictionary)


def main(output):
    output = pathlib.Path(output).resolve()
    latest = (output / "latest").resolve()
    runs = sorted(run for run in (output / "runs").iterdir() if run.name <= latest.name and (run / "manifest.json").is_file())
    assert len(runs) > 1 and runs[-1] == latest, f"{len(runs)} runs, where an earlier one is to be read"
    tables, dictionary = manifest_of(latest)["tables"], dictionary_of(latest)
    differences = [line for table in tables for line in check_table(output, table, runs, dictionary)]
    for difference in differences:
        print(f"DIFFERENT {difference}")
    print(f"{len(tables)} Delta tables, {len(runs)} runs each, {len(differences)} differences")
    return 1 if differences else 0


sys.exit(main(sys.argv[1]))
