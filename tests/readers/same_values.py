"""Reads every published table with DuckDB, pyarrow, pandas and polars and fails unless all four see the same values.

usage: python same_values.py RUN_FOLDER
"""

import datetime
import decimal
import math
import pathlib
import sys

import duckdb
import pandas
import polars
import pyarrow.parquet


def plain(value):
    """One spelling for each value, whatever type a reader gives it."""
    if value is None or value is pandas.NA or value is pandas.NaT:
        return None
    if isinstance(value, float):
        return None if math.isnan(value) else repr(value)
    if isinstance(value, decimal.Decimal):
        return str(value.quantize(decimal.Decimal("0.0001")))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def rows(records):
    return [tuple(plain(value) for value in record) for record in records]


def by_duckdb(path):
    return rows(duckdb.sql(f"select * from read_parquet('{path}')").fetchall())


def by_pyarrow(path):
    table = pyarrow.parquet.read_table(path)
    return rows(zip(*(column.to_pylist() for column in table.columns))) if table.num_rows else []


def by_pandas(path):
    frame = pandas.read_parquet(path, dtype_backend="pyarrow")
    return rows(frame.itertuples(index=False, name=None))


def by_polars(path):
    return rows(polars.read_parquet(path).rows())


def check_format(path):
    """The file keeps to what every BI tool reads."""
    file = pyarrow.parquet.ParquetFile(path)
    assert b"ARROW:schema" not in (file.metadata.metadata or {}), f"{path.name}: carries an Arrow schema"
    assert file.metadata.format_version == "1.0", f"{path.name}: format {file.metadata.format_version}"
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            chunk = file.metadata.row_group(group).column(column)
            assert chunk.compression == "SNAPPY", f"{path.name}: {chunk.compression}"
            unusual = {encoding for encoding in chunk.encodings if encoding.startswith("DELTA")}
            assert not unusual, f"{path.name}: {unusual}"


def main(folder):
    paths = sorted(pathlib.Path(folder).resolve().glob("*.parquet"))
    assert paths, f"no table in {folder}"
    for path in paths:
        check_format(path)
        seen = {"duckdb": by_duckdb(path), "pyarrow": by_pyarrow(path), "pandas": by_pandas(path), "polars": by_polars(path)}
        reference = seen["pyarrow"]
        for reader, found in seen.items():
            differences = [pair for pair in zip(reference, found) if pair[0] != pair[1]]
            assert len(found) == len(reference) and not differences, f"{path.name}: {reader} differs: {differences[:2]}"
        print(f"{path.stem}: {len(reference)} rows, equal in {', '.join(seen)}")
    print(f"{len(paths)} passed, 0 failed")


main(sys.argv[1])
