"""Facts of pairs and what each pair and dealer was at the end of each window, in Polars."""

import datetime

import polars as pl

from polars_read import MONEY

PAIR = ["dealer_id", "outlet_id"]
ZERO = pl.lit(0, MONEY)


def real(name):
    return pl.col(name).cast(pl.Float64)


def ratio(above, below):
    """NULL without a denominator."""
    return pl.when(below != 0).then(above / below)


def money_or_zero(*names):
    return pl.col(*names).cast(MONEY).fill_null(ZERO)


def rounded(amount):
    """Half away from zero, as money is rounded; a cast alone rounds half to even."""
    return ((amount * 10_000).round(0, mode="half_away_from_zero") / 10_000).cast(MONEY)


def days_of(span):
    return span.dt.total_days()


class Window:
    """as_of, the start of the history and the comparison base."""

    def __init__(self, as_of, starts_on):
        self.as_of, self.starts_on = as_of, starts_on
        days = (as_of - starts_on).days
        self.whole_periods = (days + 1) // 28
        self.base, self.base_snapshot = "none", None
        if days >= 16 * 28 - 1:
            self.base, self.base_snapshot = "year_ago", 13
        elif days >= 6 * 28 - 1:
            self.base, self.base_snapshot = "prior", 3
        snapshots = range(14)
        self.snapshots = pl.LazyFrame(
            {
                "snapshot": snapshots,
                "ends_on": [as_of - datetime.timedelta(28 * k) for k in snapshots],
                "starts_on": [as_of - datetime.timedelta(28 * k + 83) for k in snapshots],
            },
            schema_overrides={"snapshot": pl.Int64},
        )

    def period(self):
        return days_of(self.as_of - pl.col("sold_on")) // 28


def pair_days(sales):
    value = pl.col("value")
    is_order = value > 0
    return (
        sales.lazy()
        .group_by(*PAIR, "sold_on", "order_id")
        .agg(pl.col("amount").sum().alias("value"))
        .group_by(*PAIR, "sold_on")
        .agg(
            is_order.sum().cast(pl.Int64).alias("orders"),
            pl.when(is_order).then(value).otherwise(ZERO).sum().alias("order_value"),
            value.sum().alias("sales"),
            (real("value") ** 2).sum().alias("squared_order_value"),
        )
        .collect(engine="streaming")
    )


def pair_periods(days, window):
    sums = pl.col("orders", "order_value", "sales", "squared_order_value").sum()
    return days.lazy().group_by(*PAIR, window.period().alias("period")).agg(sums).collect(engine="streaming")


def pair_history(days):
    return (
        days.lazy()
        .filter(pl.col("orders") > 0)
        .group_by(PAIR)
        .agg(
            pl.col("sold_on").min().alias("first_order_on"),
            pl.col("sold_on").max().alias("last_order_on"),
            pl.col("orders").sum(),
            pl.len().cast(pl.Int64).alias("order_days"),
        )
        .collect(engine="streaming")
    )


def all_outlets(sales, masters):
    home = masters.dealers.lazy().select(pl.col("dealer_id").cast(pl.Categorical), pl.col("territory").alias("home"))
    sold = (
        sales.lazy()
        .group_by("outlet_id")
        .agg(pl.col("is_direct").any(), pl.col("dealer_id").max())
        .join(home, on="dealer_id", how="left")
        .select("outlet_id", pl.when("is_direct").then("home").alias("home"))
    )
    master = masters.outlets.lazy().with_columns(pl.col(PAIR).cast(pl.Categorical), pl.lit(True).alias("is_known"))
    return (
        master.join(sold, on="outlet_id", how="full", coalesce=True)
        .with_columns(
            pl.col("outlet_name").fill_null(pl.col("outlet_id").cast(pl.String)),
            pl.col("channel").fill_null("unknown"),
            pl.when("is_known").then("territory").otherwise("home").alias("territory"),
        )
        .drop("home", "is_known")
        .collect()
    )


def all_pairs(periods, outlets, masters):
    given = masters.outlets.lazy().filter(pl.col("dealer_id").is_not_null())
    given = given.select(pl.col(PAIR).cast(pl.Categorical), pl.lit(True).alias("is_in_master"))
    traded = periods.lazy().select(PAIR).unique().with_columns(pl.lit(True).alias("has_traded"))
    regions = masters.dealers.lazy().select(pl.col("dealer_id").cast(pl.Categorical), "region")
    about = outlets.lazy().select("outlet_id", "territory", "channel", "account_id", "opened_on", "closed_on")
    return (
        given.join(traded, on=PAIR, how="full", coalesce=True)
        .with_columns(pl.col("is_in_master", "has_traded").fill_null(False))
        .join(regions, on="dealer_id")
        .join(about, on="outlet_id")
        .collect()
    )


def pair_snapshots(periods, pairs, window):
    """Each pair at the end of each of 14 windows: covered or not, and what it bought."""
    age = pl.col("period") - pl.col("snapshot")
    in_window = {
        name: pl.when(age < 3).then(pl.col(name)).otherwise(zero).sum().alias(name)
        for name, zero in [("orders", 0), ("order_value", ZERO), ("sales", ZERO), ("squared_order_value", 0.0)]
    }
    reached = pl.int_ranges(pl.max_horizontal(pl.col("period") - 12, 0), pl.min_horizontal(pl.col("period"), 13) + 1)
    traded = (
        periods.lazy()
        .with_columns(reached.alias("snapshot"))
        .filter(pl.col("snapshot").list.len() > 0)
        .explode("snapshot")
        .group_by(*PAIR, "snapshot")
        .agg(
            *in_window.values(), pl.col("orders").sum().alias("orders_52w"), pl.col("sales").sum().alias("sales_52w")
        )
    )
    is_open = (pl.col("opened_on") <= pl.col("ends_on")).fill_null(True)
    is_open &= (pl.col("closed_on") > pl.col("ends_on")).fill_null(True)
    given = pairs.lazy().filter("is_in_master").join(window.snapshots, how="cross").filter(is_open)
    given = given.select(*PAIR, "snapshot", pl.lit(True).alias("is_given"))
    about = pairs.lazy().select(*PAIR, "region", "territory", "channel")
    return (
        traded.join(given, on=[*PAIR, "snapshot"], how="full", coalesce=True)
        .with_columns(
            (pl.col("is_given").fill_null(False) | (pl.col("orders_52w") > 0).fill_null(False)).alias("is_covered"),
            pl.col("orders").fill_null(0),
            pl.col("squared_order_value").fill_null(0.0),
            money_or_zero("order_value", "sales", "sales_52w"),
        )
        .join(about, on=PAIR)
        .drop("is_given", "orders_52w")
        .collect(engine="streaming")
    )


def leaf_snapshots(snapshots):
    return (
        snapshots.lazy()
        .group_by("dealer_id", "channel", "snapshot")
        .agg(
            pl.col("is_covered").sum().cast(pl.Int64).alias("covered_outlets"),
            (pl.col("orders") > 0).sum().cast(pl.Int64).alias("active_outlets"),
            pl.col("orders", "order_value", "sales", "squared_order_value", "sales_52w").sum(),
            (pl.col("sales") - pl.col("order_value")).sum().alias("returns"),
        )
        .collect()
    )


def dealer_sums(leaves, masters, window):
    counts = ["covered_outlets", "active_outlets", "orders"]
    money = ["order_value", "sales", "returns", "sales_52w"]
    sums = leaves.lazy().group_by("dealer_id", "snapshot").agg(pl.col(*counts, *money, "squared_order_value").sum())
    dealers = masters.dealers.lazy().select(pl.col("dealer_id").cast(pl.Categorical))
    return (
        dealers.join(window.snapshots.select("snapshot", "ends_on"), how="cross")
        .join(sums, on=["dealer_id", "snapshot"], how="left")
        .with_columns(pl.col(counts).fill_null(0), money_or_zero(*money), pl.col("squared_order_value").fill_null(0.0))
        .collect()
    )
