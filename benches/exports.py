"""The generated exports of a night, and the job file over them."""

import datetime
import re
import shutil
import subprocess

# Reports and workbooks as they are by default; shares of rejected rows that small masters need for one bad row.
JOB = """[job]
name = "night"

[resources]
threads = {threads}
memory_limit = "{memory}"

[quality]
max_rejected_share = 0.05

[sources.sales]
files = ["sales/sales-*.csv"]
[sources.sales.columns]
sold_on = "Date"
dealer_id = "Dealer Code"
amount = "Net Amount"
order_id = "Order No"
line_no = "Line"
outlet_id = "Outlet Code"
product_id = "SKU"
quantity = "Qty"

[sources.dealers]
files = ["dealers.csv"]
[sources.dealers.columns]
dealer_id = "Dealer Code"
dealer_name = "Dealer Name"
region = "Region"
territory = "Home Territory"
tier = "Tier"
status = "Status"
onboarded_on = "Onboarded"
manager = "Manager"

[sources.outlets]
files = ["outlets.csv"]
[sources.outlets.columns]
outlet_id = "Outlet Code"
dealer_id = "Dealer Code"
outlet_name = "Outlet Name"
channel = "Channel"
territory = "Territory"
account_id = "Chain"
opened_on = "Opened"
closed_on = "Closed"

[sources.products]
files = ["products.csv"]
[sources.products.columns]
product_id = "sku"

[sources.market]
files = ["market.csv"]

[sources.targets]
files = ["targets.csv"]
"""


def make_exports(options, cache):
    """The folder of exports of this size, made once."""
    kind = ("days" if options.daily else "months") + ("-next" if options.incremental else "")
    folder = cache / f"{options.lines}-{options.dealers}-{options.outlets}-{kind}"
    made = folder / "made"
    if made.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sizes = ["--lines", options.lines, "--dealers", options.dealers, "--outlets", options.outlets]
    command = [options.binary, "generate", folder, "--quiet", *sizes]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    newest = add_next_day(folder) if options.incremental else ""
    if options.daily:
        split_by_day(folder)
    made.write_text(newest)
    return folder


def next_day(folder):
    """The name of the daily export behind the history."""
    return (folder / "made").read_text()


def monthly(folder):
    """The monthly exports in their order: sales-2025-12.csv, not its copies nor a daily one."""
    return sorted((folder / "sales").glob("sales-????-??.csv"))


def add_next_day(folder):
    """Writes the daily export, the orders of the last day once more, a day later and under numbers of their own; its name."""
    last_month = monthly(folder)[-1]
    year, month = map(int, last_month.stem.split("-")[1:])
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    last = following - datetime.timedelta(1)
    header, *lines = last_month.read_text(errors="replace").splitlines()
    of_last_day = [line for line in lines if f",{last}," in line and line.count(",") == header.count(",")]
    renewed = [f"N{line[1:]}".replace(f",{last},", f",{following},") for line in of_last_day]
    newest = folder / "sales" / f"sales-{following}.csv"
    newest.write_text("\n".join([header, *renewed, ""]))
    return newest.name


def split_by_day(folder):
    """An export a day instead of a month; lines of no day of their month stay together. Copies of a month go, since there is
    no export any more that they are a copy of."""
    for copy in (folder / "sales").glob("sales-*_copy.csv"):
        copy.unlink()
    for path in monthly(folder):
        header, *lines = path.read_bytes().splitlines(keepends=True)
        month, days = path.stem.removeprefix("sales-"), {}
        for line in lines:
            cells = line.split(b",", 3)
            day = cells[2].decode(errors="replace") if len(cells) > 3 else ""
            days.setdefault(day[8:] if re.fullmatch(month + r"-\d\d", day) else "00", []).append(line)
        path.unlink()
        for day, own in days.items():
            path.with_name(f"sales-{month}-{day}.csv").write_bytes(b"".join([header, *own]))


def write_job(folder, threads, memory):
    job = folder / "dealerlens.toml"
    job.write_text(JOB.format(threads=threads, memory=memory))
    return job
