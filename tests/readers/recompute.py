"""Computes the AdventureWorks scorecard once more, from the exports alone and by another road, and compares it.

Nothing of dealerlens is used but its published table: days are counted by hand, orders are grouped in plain DuckDB.

usage: python recompute.py SAMPLE_FOLDER
"""

import pathlib
import sys

import duckdb

AS_OF = "date '2013-11-29'"


def load(con, folder):
    exports = folder / "exports"
    con.execute(f"""
        create table lines as
        select EmployeeKey::varchar as dealer, ResellerKey::varchar as outlet, OrderDate::date as day,
            SalesOrderNumber as order_no, SalesAmount::decimal(18, 4) as amount, {AS_OF} - OrderDate::date as age
        from read_csv('{exports / "reseller_sales.csv"}', all_varchar = true)""")
    con.execute(f"""
        create table master as
        select EmployeeKey::varchar as dealer, ResellerKey::varchar as outlet
        from read_csv('{exports / "resellers.csv"}', all_varchar = true)
        where EmployeeKey in (select EmployeeKey from read_csv('{exports / "salespeople.csv"}', all_varchar = true))""")
    con.execute(f"create table card as select * from read_parquet('{folder / 'out/latest/dealer_scorecard.parquet'}')")


def window(first_age):
    """Measures of the 84 days that end `first_age` days before as_of, by dealer."""
    last_age, year = first_age + 83, first_age + 363
    return f"""
        with orders as (
            select dealer, outlet, day, order_no, sum(amount) as value, any_value(age) as age
            from lines group by dealer, outlet, day, order_no
        ),
        covered as (
            select dealer, outlet from master
            union
            select dealer, outlet from orders where age between {first_age} and {year} and value > 0
        ),
        bought as (
            select dealer, count(*) filter (value > 0) as orders, count(distinct outlet) filter (value > 0) as active,
                coalesce(sum(value) filter (value > 0), 0) as order_value, sum(value) as sales
            from orders where age between {first_age} and {last_age} group by dealer
        )
        select c.dealer_id, coalesce(b.orders, 0) as orders, coalesce(b.active, 0) as active,
            coalesce(b.order_value, 0) as order_value, coalesce(b.sales, 0) as sales,
            (select count(*) from covered as k where k.dealer = c.dealer_id) as covered
        from card as c left join bought as b on b.dealer = c.dealer_id order by c.dealer_id"""


def compare(con, first_age, columns):
    mine = con.sql(window(first_age)).fetchall()
    published = con.sql(f"select dealer_id, {', '.join(columns)} from card order by dealer_id").fetchall()
    different = [pair for pair in zip(mine, published) if pair[0] != pair[1]]
    assert len(mine) == len(published) == 17 and not different, f"{columns}: {different[:3]}"
    print(f"{len(mine)} dealers agree on {', '.join(columns)}")


def main(folder):
    con = duckdb.connect()
    load(con, pathlib.Path(folder).resolve())
    now = ["orders_12w", "active_outlets_12w", "order_value_12w", "sales_12w", "covered_outlets"]
    base = ["orders_base", "active_outlets_base", "order_value_base", "sales_base", "covered_outlets_base"]
    compare(con, 0, now)
    # The history is long enough for the same window 13 periods of 28 days ago.
    compare(con, 13 * 28, base)
    print("2 passed, 0 failed")


main(sys.argv[1])
