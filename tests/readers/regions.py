"""Reads the report and the workbook of each region and fails if they name another region, or anything or anybody of it.

Looked for are ids and names of dealers and outlets, names of managers and regions, and the sales of dealers and regions,
wherever they belong to other regions only. It is meant for data whose ids are no plain numbers.

usage: python regions.py RUN_FOLDER
"""

import html
import pathlib
import re
import sys
import zipfile

import pyarrow.parquet

SALES = ("sales_12w", "sales_base", "sales_52w")
# Below this a figure of one region may well be one of another region too.
TELLING = 1000


def rows(run, table):
    return pyarrow.parquet.read_table(run / f"{table}.parquet").to_pylist()


def belongings(run):
    """Texts and figures with the regions that they belong to."""
    home = {dealer["dealer_id"]: dealer["region"] for dealer in rows(run, "dim_dealer")}
    outlets = {outlet["outlet_id"]: outlet for outlet in rows(run, "dim_outlet")}
    texts, figures = {}, {}
    for dealer in rows(run, "dim_dealer"):
        for column in ("dealer_id", "dealer_name", "manager", "region"):
            texts.setdefault(dealer[column], set()).add(dealer["region"])
    pairs = [(row["outlet_id"], row["dealer_id"]) for row in rows(run, "outlet_segments")]
    pairs += [(outlet["outlet_id"], outlet["dealer_id"]) for outlet in outlets.values() if outlet["dealer_id"] in home]
    for outlet, dealer in pairs:
        for column in ("outlet_id", "outlet_name"):
            texts.setdefault(outlets[outlet][column], set()).add(home[dealer])
    for row in rows(run, "dealer_scorecard") + rows(run, "region_summary"):
        for column in SALES:
            if row[column] is not None and abs(row[column]) >= TELLING:
                figures.setdefault(float(row[column]), set()).add(row["region"])
    texts.pop(None, None)
    return texts, figures


def strings(folder):
    """Every text that a reader can come to see: cells of the sheets, text and data of the page."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), page)
    yield from (html.unescape(text) for text in re.findall(r">([^<>]+)<", page))
    yield from re.findall(r'"((?:[^"\\]|\\.)*)"', plain)
    for text in sheets(folder):
        yield from (html.unescape(cell) for cell in re.findall(r"<t[^>]*>([^<]*)</t>", text))


def sheets(folder):
    with zipfile.ZipFile(folder / "dealerlens.xlsx") as book:
        for name in book.namelist():
            if name.startswith("xl/"):
                yield book.read(name).decode("utf-8")


def check(folder, region, texts, figures):
    whole = set(strings(folder))
    words = {word for text in whole for word in re.findall(r"[\w#-]+", text)}
    numbers = {float(value) for text in sheets(folder) for value in re.findall(r"<v>(-?[0-9.]+)</v>", text)}
    assert region in whole and len(numbers) > 100, f"{folder} is not the folder of {region}"
    for text in sorted(text for text, owners in texts.items() if region not in owners):
        if text in whole or text in words and not text.isalpha():
            yield f"{folder.name}: \"{text}\" belongs to {', '.join(sorted(texts[text]))}"
    for figure in sorted(figure for figure, owners in figures.items() if region not in owners):
        if figure in numbers:
            yield f"{folder.name}: {figure} are sales of {', '.join(sorted(figures[figure]))}"


def main(run):
    run = pathlib.Path(run).resolve()
    texts, figures = belongings(run)
    regions = sorted({region for owners in texts.values() for region in owners})
    found = [line for region in regions for line in check(run / "regions" / region, region, texts, figures)]
    for line in found:
        print(f"FOUND {line}")
    print(f"{len(regions)} regions, {len(texts)} texts, {len(figures)} figures, {len(found)} of another region")
    return 1 if found or len(regions) < 2 else 0


sys.exit(main(sys.argv[1]))
