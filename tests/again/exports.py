"""What the exports and the published dimensions say."""

import csv
import datetime
import decimal

import pandas as pd

# The columns that are read.
COLUMNS = ["sold_on", "dealer_id", "amount", "order_id", "line_no", "outlet_id", "product_id"]
COLUMNS += ["territory", "channel", "outlets_total", "market_value", "month", "target_amount"]

CENT_OF_CENT = decimal.Decimal("0.0001")


def table(run, name):
    frame = pd.read_parquet(run / f"{name}.parquet")
    for column in frame.columns:
        first = frame[column].dropna()
        if len(first) and isinstance(first.iloc[0], decimal.Decimal):
            frame[column] = frame[column].astype(float)
    return frame


def accepted_rows(folder, source, rejected):
    """The rows of a source that the run accepted, by the contract's names; a file of equal content is read once."""
    refused = set(zip(rejected["export"], rejected["line"]))
    seen = set()
    for pattern in source["files"]:
        for path in sorted(folder.glob(pattern)):
            content = path.read_bytes()
            if content in seen:
                continue
            seen.add(content)
            name = path.relative_to(folder).as_posix()
            lines = content.decode("utf-8-sig", "replace").split("\n")
            header = next(csv.reader([lines[0].rstrip("\r")]))
            names = {column: source.get("columns", {}).get(column, column) for column in COLUMNS}
            parts = {column: name["from"] if isinstance(name, dict) else [name] for column, name in names.items()}
            place = {column: [header.index(part) for part in of] for column, of in parts.items() if {*of} <= {*header}}
            for number, line in enumerate(lines[1:], start=2):
                if line.strip() and (name, number) not in refused:
                    row = next(csv.reader([line.rstrip("\r")]))
                    cells = {column: " ".join(row[at] for at in of).strip() or None for column, of in place.items()}
                    yield cells | {"export": name}


def load_sales(folder, job, rejected):
    """The later of two lines with the same order and number counts; days are ordinals."""
    lines = {}
    for row in accepted_rows(folder, job["sources"]["sales"], rejected[rejected["source"] == "sales"]):
        is_numbered = row.get("order_id") and row.get("line_no")
        lines[(row["order_id"], row["line_no"]) if is_numbered else len(lines)] = row
    sales = pd.DataFrame(list(lines.values()))
    sales["sold_on"] = [datetime.date.fromisoformat(day).toordinal() for day in sales["sold_on"]]
    sales["amount"] = [
        float(decimal.Decimal(amount).quantize(CENT_OF_CENT, decimal.ROUND_HALF_UP)) for amount in sales["amount"]
    ]
    sales["is_direct"] = sales["outlet_id"].isna()
    sales["outlet_id"] = sales["outlet_id"].fillna(sales["dealer_id"] + "#unknown")
    return sales


def stated(folder, job, run, source, columns):
    """The accepted rows of a source, as text; none without the source."""
    if source not in job["sources"]:
        return pd.DataFrame(columns=columns)
    rejected = table(run, "rejected_rows")
    rows = accepted_rows(folder, job["sources"][source], rejected[rejected["source"] == source])
    return pd.DataFrame(list(rows)).reindex(columns=columns)
