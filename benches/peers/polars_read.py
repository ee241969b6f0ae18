"""Exports in, rows that count and rows that are set aside out: the first half of the Polars night."""

import datetime

import polars as pl

from common import NULLS, sales_exports

MONEY = pl.Decimal(18, 4)
SALES = ["order_id", "line_no", "sold_on", "dealer_id", "outlet_id", "product_id", "quantity", "amount"]
OUTLETS = ["outlet_id", "dealer_id", "outlet_name", "channel", "territory", "account_id", "opened_on", "closed_on"]
DEALERS = ["dealer_id", "dealer_name", "region", "territory", "tier", "status", "onboarded_on", "manager"]
PRODUCTS = ["product_id", "product_name", "category", "brand", "list_price"]
MARKET = ["territory", "channel", "outlets_total", "market_value"]
TARGETS = ["dealer_id", "month", "target_amount"]


def texts(files, names, **options):
    """All columns as text, so that what is no date or number can be told from what is missing. Fields beyond the last
    column go to `rest`."""
    return pl.scan_csv(
        files,
        schema=dict.fromkeys([*names, "rest"], pl.String),
        has_header=False,
        skip_lines=1,
        null_values=NULLS,
        missing_columns="insert",
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
        row_index_name="line",
        **options,
    )


def day(name):
    return pl.col(name).str.to_date("%Y-%m-%d", strict=False)


def number(name, kind):
    return pl.col(name).cast(kind, strict=False)


def reasons(*rules):
    """The first rule that a row breaks."""
    chain = pl
    for broken, reason in rules:
        chain = chain.when(broken).then(pl.lit(reason))
    return chain.otherwise(None).alias("reason_code")


def any_contains(names, text):
    return pl.any_horizontal(pl.col(name).str.contains(text, literal=True).fill_null(False) for name in names)


class Masters:
    """Dealers, outlets, products, market and targets: of each id the first row counts, contradictions cancel out."""

    def __init__(self, folder):
        self.rejected = []
        dealers = texts(folder / "dealers.csv", DEALERS).with_columns(day("onboarded_on")).collect()
        self.dealers = self.first_rows("dealers", dealers, "dealer_id", ["dealer_id", "region"])
        known = self.dealers["dealer_id"].to_list()

        outlets = texts(folder / "outlets.csv", OUTLETS).with_columns(day("opened_on"), day("closed_on")).collect()
        outlets = self.first_rows("outlets", outlets, "outlet_id", ["outlet_id"])
        # An outlet of an unknown dealer stays, without a dealer.
        is_known = pl.col("dealer_id").is_in(known)
        self.outlets = outlets.with_columns(pl.when(is_known).then("dealer_id").otherwise(None).alias("dealer_id"))

        products = texts(folder / "products.csv", PRODUCTS).collect()
        self.products = self.first_rows("products", products, "product_id", ["product_id"])
        self.market = self.read_market(folder)
        self.targets = self.read_targets(folder, known)

    def first_rows(self, source, rows, key, required):
        is_missing = pl.any_horizontal(pl.col(required).is_null())
        judged = rows.with_columns(
            reasons(
                (is_missing, "missing_value"),
                (pl.col("line") != pl.col("line").filter(~is_missing).min().over(key), "duplicate_key"),
            )
        )
        return self.kept(source, judged)

    def read_market(self, folder):
        rows = texts(folder / "market.csv", MARKET).with_columns(
            number("outlets_total", pl.Int64).alias("total"), number("market_value", MONEY)
        )
        statements = (pl.col("total") >= 0).sum().over("territory", "channel")
        judged = rows.collect().with_columns(
            reasons(
                (pl.any_horizontal(pl.col("territory", "channel", "outlets_total").is_null()), "missing_value"),
                (pl.col("total").is_null(), "bad_integer"),
                (pl.col("total") < 0, "negative_count"),
                (statements > 1, "conflicting_rows"),
            )
        )
        return self.kept("market", judged).drop("outlets_total").rename({"total": "outlets_total"})

    def read_targets(self, folder, known):
        rows = texts(folder / "targets.csv", TARGETS).with_columns(
            (pl.col("month") + "-01").str.to_date("%Y-%m-%d", strict=False).alias("first_day"),
            number("target_amount", MONEY).alias("target"),
        )
        judged = rows.collect().with_columns(
            reasons(
                (pl.any_horizontal(pl.col("dealer_id", "month", "target_amount").is_null()), "missing_value"),
                (pl.col("first_day").is_null(), "bad_month"),
                (pl.col("target").is_null(), "bad_amount"),
                (~pl.col("dealer_id").is_in(known), "unknown_dealer"),
                (pl.len().over("dealer_id", "first_day") > 1, "conflicting_rows"),
            )
        )
        return self.kept("targets", judged).select("dealer_id", pl.col("first_day").alias("month"), "target")

    def kept(self, source, judged):
        broken = judged.filter(pl.col("reason_code").is_not_null())
        raw = pl.concat_str(pl.exclude("line", "rest", "reason_code").cast(pl.String), separator=",", ignore_nulls=True)
        self.rejected.append(broken.select(pl.lit(source).alias("source"), "reason_code", raw.alias("raw_value")))
        return judged.filter(pl.col("reason_code").is_null()).drop("line", "rest", "reason_code")


def read_sales(folder, masters):
    """Every line of the exports as it is, with its values and the reason why it does not count, if there is one.

    Quoting is off, because a quote that never closes would swallow the lines behind it."""
    ids = ["order_id", "outlet_id", "product_id"]
    lines = texts(sales_exports(folder), SALES, quote_char=None, include_file_paths="export", ignore_errors=True)
    judged = lines.with_columns(
        day("sold_on").alias("day"), number("amount", MONEY).alias("money"), number("quantity", MONEY).alias("pieces")
    ).with_columns(
        reasons(
            (pl.col("rest").is_not_null(), "ragged_row"),
            (any_contains(ids, "\0"), "nul_byte"),
            (any_contains(ids, "\ufffd"), "invalid_utf8"),
            (any_contains(ids, '"'), "unclosed_quote"),
            (pl.any_horizontal(pl.col("sold_on", "dealer_id", "amount").is_null()), "missing_value"),
            (pl.col("day").is_null(), "bad_date"),
            (pl.col("money").is_null(), "bad_amount"),
            (pl.col("pieces").is_null() & pl.col("quantity").is_not_null(), "bad_number"),
            (~pl.col("dealer_id").is_in(masters.dealers["dealer_id"].to_list()), "unknown_dealer"),
            (pl.col("day") > datetime.date.today(), "future_sale"),
        )
    )
    # Ids as codes: groups and joins run on integers, and a code is a quarter of a text.
    outlet = pl.coalesce("outlet_id", pl.col("dealer_id") + "#unknown")
    accepted = judged.filter(pl.col("reason_code").is_null()).select(
        "line",
        "order_id",
        "line_no",
        pl.col("day").alias("sold_on"),
        pl.col("dealer_id", "product_id", "export").cast(pl.Categorical),
        outlet.cast(pl.Categorical),
        pl.col("outlet_id").is_null().alias("is_direct"),
        pl.col("pieces").alias("quantity"),
        pl.col("money").alias("amount"),
    )
    raw = pl.concat_str(pl.col(SALES), separator=",", ignore_nulls=True)
    rejected = judged.filter(pl.col("reason_code").is_not_null()).select(
        pl.lit("sales").alias("source"), "reason_code", raw.alias("raw_value")
    )
    # One pass over the exports gives both.
    return pl.collect_all([accepted, rejected], engine="streaming")


def latest_lines(sales):
    """The latest statement of each order line; lines come in the order of exports."""
    key = ["order_id", "line_no"]
    repeated = (
        sales.lazy()
        .filter(pl.col("order_id").is_not_null() & pl.col("line_no").is_not_null())
        .group_by(key)
        .agg(pl.len(), pl.col("line").max().alias("latest"))
        .filter(pl.col("len") > 1)
        .select(*key, "latest")
    )
    return (
        sales.lazy()
        .join(repeated, on=key, how="left")
        .filter(pl.col("latest").is_null() | (pl.col("line") == pl.col("latest")))
        .drop("line", "line_no", "latest")
        .collect(engine="streaming")
    )
