"""The night as a DuckDB script: generated exports in, Parquet tables out, by the rules of `queries/`.

usage: python benches/peers/duckdb_night.py JOB_FOLDER OUT_FOLDER [--threads N] [--memory 4GiB]

benches/README.md says what it does like dealerlens and what it leaves out.
"""

import pathlib

import duckdb

from common import NULLS, Stages, arguments, sales_exports

SALES = {
    "order_id": "varchar",
    "line_no": "varchar",
    "sold_on": "date",
    "dealer_id": "varchar",
    "outlet_id": "varchar",
    "product_id": "varchar",
    "quantity": "decimal(18, 4)",
    "amount": "decimal(18, 4)",
}
MASTERS = {
    "dealers": {
        "dealer_id": "varchar",
        "dealer_name": "varchar",
        "region": "varchar",
        "territory": "varchar",
        "tier": "varchar",
        "status": "varchar",
        "onboarded_on": "date",
        "manager": "varchar",
    },
    "outlets": {
        "outlet_id": "varchar",
        "dealer_id": "varchar",
        "outlet_name": "varchar",
        "channel": "varchar",
        "territory": "varchar",
        "account_id": "varchar",
        "opened_on": "date",
        "closed_on": "date",
    },
    "products": {
        "product_id": "varchar",
        "product_name": "varchar",
        "category": "varchar",
        "brand": "varchar",
        "list_price": "decimal(18, 4)",
    },
    "market": {
        "territory": "varchar",
        "channel": "varchar",
        "outlets_total": "bigint",
        "market_value": "decimal(18, 4)",
    },
    "targets": {"dealer_id": "varchar", "month": "varchar", "target_amount": "decimal(18, 4)"},
}

# Reading. What CSV reading itself refuses goes to <source>_errors with its line; quoting is off for sales, because a
# quote that never closes would swallow the lines behind it.
READ = """
create table staged_{source} as
select *{file_index}
from read_csv(
    {files}, columns = {columns}, auto_detect = false, header = true, delim = ',', quote = '{quote}', escape = '{quote}',
    nullstr = {nulls}, dateformat = '%Y-%m-%d', store_rejects = true,
    rejects_table = '{source}_errors', rejects_scan = '{source}_scans'
);
"""

QUERIES = pathlib.Path(__file__).resolve().parent / "duckdb"
STAGES = ["masters", "sales", "supersede", "facts", "outlets", "snapshots", "classes"]
STAGES += ["scorecard", "drivers", "segments", "normals", "months"]

# What is written, and by what it is sorted.
TABLES = {
    "dealer_scorecard": "dealer_id",
    "growth_drivers": "dealer_id, channel",
    "outlet_segments": "dealer_id, outlet_id",
    "sales_by_month": "month, dealer_id, channel, category",
    "outlet_normals": "dealer_id, outlet_id",
    "class_inputs": "dealer_id, snapshot",
    "rejected_rows": "source, reason_code, raw_value",
}


def read(con, source, files, columns, quote='"', file_index=""):
    files = [str(file) for file in files]
    con.execute(
        READ.format(source=source, files=files, columns=columns, quote=quote, nulls=NULLS, file_index=file_index)
    )


def count(con, table):
    return con.execute(f"select count(*) from {table}").fetchone()[0]


def main():
    options = arguments("the night as a DuckDB script")
    options.out.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    con.execute(f"set memory_limit = '{options.memory}'; set temp_directory = '{options.out / '.spill'}'")
    if options.threads:
        con.execute(f"set threads = {options.threads}")
    stages = Stages()

    with stages.stage("read"):
        for source, columns in MASTERS.items():
            read(con, source, [options.job / f"{source}.csv"], columns)
        read(con, "sales", sales_exports(options.job), SALES, quote="", file_index=", file_index as export")
    for name in STAGES:
        with stages.stage(name):
            con.execute((QUERIES / f"{name}.sql").read_text())
    with stages.stage("write"):
        for table, key in TABLES.items():
            con.execute(f"copy (from {table} order by {key}) to '{options.out / table}.parquet' (format parquet)")

    rejected = count(con, "rejected_rows where source = 'sales'")
    accepted, superseded = count(con, "staged_sales"), count(con, "superseded")
    stages.finish(read=accepted + rejected + superseded, accepted=accepted, rejected=rejected, superseded=superseded)


if __name__ == "__main__":
    main()
