"""The generated exports of a night, and the job file over them."""

import datetime
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
    kind = "daily" if options.incremental else "monthly"
    folder = cache / f"{options.lines}-{options.dealers}-{options.outlets}-{kind}"
    made = folder / "made"
    if made.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sizes = ["--lines", options.lines, "--dealers", options.dealers, "--outlets", options.outlets]
    command = [options.binary, "generate", folder, "--quiet", *sizes]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    if options.incremental:
        add_next_day(folder)
    made.touch()
    return folder


def last_month(folder):
    """The newest monthly export: sales-2025-12.csv, not its copies nor a daily one."""
    return max(path for path in (folder / "sales").glob("sales-????-??.csv"))


def days_of(folder):
    """The last day of the newest monthly export, and the day after it."""
    year, month = map(int, last_month(folder).stem.split("-")[1:])
    first = datetime.date(year + month // 12, month % 12 + 1, 1)
    return first - datetime.timedelta(1), first


def next_day(folder):
    """The name of the daily export behind the history."""
    return f"sales-{days_of(folder)[1]}.csv"


def add_next_day(folder):
    """Writes the daily export: the orders of the last day once more, a day later and under numbers of their own."""
    last, following = days_of(folder)
    header, *lines = last_month(folder).read_text(errors="replace").splitlines()
    of_last_day = [line for line in lines if f",{last}," in line and line.count(",") == header.count(",")]
    renewed = [f"N{line[1:]}".replace(f",{last},", f",{following},") for line in of_last_day]
    (folder / "sales" / next_day(folder)).write_text("\n".join([header, *renewed, ""]))


def write_job(folder, threads, memory):
    job = folder / "dealerlens.toml"
    job.write_text(JOB.format(threads=threads, memory=memory))
    return job
