"""Facts of pairs and what follows from them: coverage, scorecard, drivers, segments and months, in Polars."""

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


def scorecard(sums, inputs, classes, snapshots, masters, window):
    measured = ["sales", "order_value", "returns", "orders", "covered_outlets", "active_outlets"]
    now = sums.lazy().filter(pl.col("snapshot") == 0).drop("snapshot", "ends_on", "squared_order_value")
    base = sums.lazy().filter(pl.col("snapshot") == window.base_snapshot)
    base = base.select("dealer_id", pl.col(measured).name.suffix("_base"))
    positive = snapshots.lazy().filter((pl.col("snapshot") == 0) & (pl.col("sales_52w") > 0))
    hhi = positive.group_by("dealer_id").agg(
        ((real("sales_52w") ** 2).sum() / pl.col("sales_52w").sum().cast(pl.Float64) ** 2).alias("hhi")
    )
    dealers = masters.dealers.lazy().select("dealer_id", "dealer_name", "region", "territory", "tier")
    joined = dealers.with_columns(pl.col("dealer_id").cast(pl.Categorical)).join(now, on="dealer_id")
    axes = classes.lazy().filter(pl.col("snapshot") == 0)
    axes = axes.drop("snapshot", "ends_on", "tier", "is_new", "universe_outlets", "covered_in_universe", "sales_variance")
    current = [part.lazy().filter(pl.col("snapshot") == 0).drop("snapshot") for part in inputs.of_snapshots()]
    for part in [base, axes, hhi, inputs.first_sales.lazy(), *current]:
        joined = joined.join(part, on="dealer_id", how="left")
    is_reported = ~pl.col("is_not_reported")
    rates = []
    for end in ["", "_base"]:
        covered, active, orders = pl.col(f"covered_outlets{end}"), pl.col(f"active_outlets{end}"), pl.col(f"orders{end}")
        rates += [
            ratio(active, covered).alias(f"active_rate{end}"),
            ratio(orders, active).alias(f"orders_per_active_outlet{end}"),
            rounded(ratio(real(f"order_value{end}"), orders)).alias(f"average_order_value{end}"),
        ]
    return (
        joined.with_columns(
            pl.lit(window.as_of).alias("as_of"),
            pl.lit(window.base).alias("comparison_base"),
            pl.when((pl.col("sales_base") > 0) & is_reported)
            .then(real("sales") / real("sales_base") - 1)
            .alias("sales_growth"),
            pl.when((pl.col("target") > 0) & is_reported).then(real("sales") / real("target")).alias("attainment"),
            *rates,
        )
        .rename({name: f"{name}_12w" for name in ["sales", "order_value", "returns", "orders", "active_outlets", "target"]})
        .drop("target_days", "covered_in_universe")
        .sort(pl.col("dealer_id").cast(pl.String))
        .collect()
    )


def shapley(x, a, b, c):
    """The change of x times the weighted mean of the other three over all orders in which factors can switch."""
    a0, a1, b0, b1, c0, c1 = (pl.col(f"{name}{end}") for name in (a, b, c) for end in "01")
    others = (a0 * b0 * c0 + a1 * b1 * c1) / 4
    others += (a1 * b0 * c0 + a0 * b1 * c0 + a0 * b0 * c1 + a1 * b1 * c0 + a1 * b0 * c1 + a0 * b1 * c1) / 12
    effect = rounded((pl.col(f"{x}1") - pl.col(f"{x}0")) * others)
    return pl.when((pl.col("c0") > 0) & (pl.col("c1") > 0)).then(effect).otherwise(ZERO)


def drivers(leaves, masters, window):
    """Why sales changed; c, a, f, t are covered, active rate, frequency, ticket, 0 in the base window and 1 now."""
    measured = ["covered_outlets", "active_outlets", "orders", "order_value", "sales", "returns"]
    keys = ["dealer_id", "channel"]

    def at(snapshot, end):
        rows = leaves.lazy().filter(pl.col("snapshot") == snapshot)
        covered, active, orders = real("covered_outlets"), real("active_outlets"), real("orders")
        return rows.select(
            *keys,
            pl.col(measured).name.suffix(end),
            ratio(active, covered).alias(f"active_rate{end}"),
            ratio(orders, active).alias(f"frequency{end}"),
            ratio(real("order_value"), orders).alias(f"ticket{end}"),
        )

    def factor(short, name):
        return [
            pl.coalesce(f"{name}1", f"{name}0", 0.0).alias(f"{short}1"),
            pl.coalesce(f"{name}0", f"{name}1", 0.0).alias(f"{short}0"),
        ]

    regions = masters.dealers.lazy().select(pl.col("dealer_id").cast(pl.Categorical), "region")
    value = pl.col("order_value1") - pl.col("order_value0")
    is_split = (pl.col("c0") > 0) & (pl.col("c1") > 0)
    return (
        at(0, "1")
        .join(at(window.base_snapshot, "0"), on=keys, how="full", coalesce=True)
        .with_columns(
            *(money_or_zero(f"{name}{end}") for name in ["sales", "order_value", "returns"] for end in "01"),
            *(real(f"covered_outlets{end}").fill_null(0.0).alias(f"c{end}") for end in "01"),
            *factor("a", "active_rate"),
            *factor("f", "frequency"),
            *factor("t", "ticket"),
        )
        .with_columns(
            shapley("c", "a", "f", "t").alias("coverage_effect"),
            shapley("a", "c", "f", "t").alias("activity_effect"),
            shapley("f", "c", "a", "t").alias("frequency_effect"),
        )
        .join(regions, on="dealer_id")
        .select(
            pl.lit(window.as_of).alias("as_of"),
            *keys,
            "region",
            pl.lit(window.base).alias("comparison_base"),
            pl.col("sales1").alias("sales_12w"),
            pl.col("sales0").alias("sales_base"),
            (pl.col("sales1") - pl.col("sales0")).alias("sales_change"),
            pl.when(pl.col("c0") > 0).then(ZERO).otherwise("order_value1").alias("entered"),
            pl.when((pl.col("c1") > 0) | (pl.col("c0") == 0)).then(ZERO).otherwise(-pl.col("order_value0")).alias("exited"),
            "coverage_effect",
            "activity_effect",
            "frequency_effect",
            pl.when(is_split)
            .then(value - pl.col("coverage_effect") - pl.col("activity_effect") - pl.col("frequency_effect"))
            .otherwise(ZERO)
            .alias("ticket_effect"),
            (pl.col("returns1") - pl.col("returns0")).alias("returns_effect"),
        )
        .sort(pl.col("dealer_id").cast(pl.String), "channel")
        .collect()
    )


def tier(before, total):
    return (
        pl.when(before.is_null())
        .then(pl.lit("none"))
        .when(before * 100 < total * 80)
        .then(pl.lit("A"))
        .when(before * 100 < total * 95)
        .then(pl.lit("B"))
        .otherwise(pl.lit("C"))
    )


def value_tiers(snapshots):
    """Equal sales share a tier, so steps are taken over distinct sales."""
    # Whole units of 0.0001, so that steps are added up as integers.
    units = (pl.col("sales_52w") * 10_000).cast(pl.Int64).alias("units")
    now = snapshots.lazy().filter(pl.col("snapshot") == 0).select(*PAIR, units)
    outlets = now.group_by("outlet_id").agg(pl.col("units").sum())
    steps = outlets.filter(pl.col("units") > 0).group_by("units").agg(pl.len().cast(pl.Int64))
    total = pl.col("units") * pl.col("len")
    outlet_steps = steps.sort("units", descending=True).select(
        "units",
        (total.cum_sum() - total).alias("before"),
        total.sum().alias("total"),
        (pl.col("len").cum_sum() - pl.col("len")).alias("outlets_before"),
        pl.col("len").sum().alias("outlets"),
    )
    steps = now.filter(pl.col("units") > 0).group_by("dealer_id", "units").agg(pl.len().cast(pl.Int64))
    pair_steps = steps.sort("units", descending=True).select(
        "dealer_id",
        "units",
        (total.cum_sum() - total).over("dealer_id").alias("before_in_dealer"),
        total.sum().over("dealer_id").alias("total_in_dealer"),
    )
    by_outlet = outlets.join(outlet_steps, on="units", how="left").drop("units")
    return (
        now.join(by_outlet, on="outlet_id")
        .join(pair_steps, on=["dealer_id", "units"], how="left")
        .select(
            *PAIR,
            tier(pl.col("before"), pl.col("total")).alias("value_tier"),
            tier(pl.col("before_in_dealer"), pl.col("total_in_dealer")).alias("value_tier_in_dealer"),
            (pl.col("outlets_before") * 5 < pl.col("outlets")).fill_null(False).alias("is_top_20pct"),
        )
    )


def segments(snapshots, pairs, history, outlets, window):
    now = snapshots.lazy().filter(pl.col("snapshot") == 0)
    sums = now.select(*PAIR, "is_covered", "orders", "order_value", "sales", "sales_52w")
    covering = now.filter("is_covered").group_by("outlet_id").agg(pl.len().alias("covering"))
    names = outlets.lazy().select("outlet_id", "outlet_name")
    silent = days_of(window.as_of - pl.col("last_order_on"))
    gap = ratio(days_of(pl.col("last_order_on") - pl.col("first_order_on")).cast(pl.Float64), pl.col("order_days") - 1)
    border = window.as_of - datetime.timedelta(84)
    is_new = (pl.col("first_order_on") > border) & (window.starts_on <= border)
    behaviour = (
        pl.when(pl.col("last_order_on").is_null())
        .then(pl.lit("prospect"))
        .when(pl.col("days_since_order") >= 364)
        .then(pl.lit("churned"))
        .when(pl.col("days_since_order") >= 84)
        .then(pl.lit("lapsed"))
        .when(is_new)
        .then(pl.lit("new"))
        .when((pl.col("orders_right") >= 3) & (pl.col("days_since_order") > 2 * pl.col("mean_gap_days")))
        .then(pl.lit("at_risk"))
        .otherwise(pl.lit("active"))
    )
    return (
        pairs.lazy()
        .join(sums, on=PAIR, how="left")
        .join(history.lazy(), on=PAIR, how="left")
        .filter(pl.col("is_covered") | pl.col("has_traded"))
        .with_columns(
            pl.lit(window.as_of).alias("as_of"),
            pl.col("is_covered").fill_null(False),
            pl.col("orders").fill_null(0),
            money_or_zero("order_value", "sales", "sales_52w"),
            silent.alias("days_since_order"),
            gap.alias("mean_gap_days"),
        )
        .with_columns(behaviour.alias("behaviour"), (pl.col("sales") - pl.col("order_value")).alias("returns_12w"))
        .join(names, on="outlet_id")
        .join(covering, on="outlet_id", how="left")
        .join(value_tiers(snapshots), on=PAIR, how="left")
        .with_columns(
            (pl.col("is_covered") & (pl.col("covering") > 1).fill_null(False)).alias("is_shared"),
            pl.col("value_tier", "value_tier_in_dealer").fill_null("none"),
            pl.col("is_top_20pct").fill_null(False),
        )
        .rename({"orders": "orders_12w", "order_value": "order_value_12w", "sales": "sales_12w"})
        .drop("orders_right", "order_days", "covering", "opened_on", "closed_on", "is_in_master", "has_traded")
        .sort(pl.col(PAIR).cast(pl.String))
        .collect()
    )


def months(sales, outlets, masters, window):
    """A combination has a row for every month from its first sale on."""
    keys = ["month", "dealer_id", "channel", "category"]
    amount = pl.col("amount")
    products = masters.products.lazy().select(pl.col("product_id").cast(pl.Categorical), "category")
    regions = masters.dealers.lazy().select(pl.col("dealer_id").cast(pl.Categorical), "region")
    categories = products.with_columns(pl.col("category").cast(pl.Categorical))
    channels = outlets.lazy().select("outlet_id", pl.col("channel").cast(pl.Categorical))
    sold = (
        sales.lazy()
        .join(channels, on="outlet_id")
        .join(categories, on="product_id", how="left")
        .group_by(pl.col("sold_on").dt.truncate("1mo").alias("month"), "dealer_id", "channel", "category")
        .agg(
            pl.len().cast(pl.Int64).alias("order_lines"),
            amount.sum().alias("sales"),
            pl.when(amount < 0).then(amount).otherwise(ZERO).sum().alias("returns"),
            pl.col("quantity").sum(),
        )
        .with_columns(pl.col("channel").cast(pl.String), pl.col("category").cast(pl.String).fill_null("unknown"))
        .collect(engine="streaming")
    )
    until = window.as_of.replace(day=1)
    filled = sold.lazy().group_by(keys[1:]).agg(pl.col("month").min())
    filled = filled.with_columns(pl.date_ranges("month", until, interval="1mo")).explode("month")
    return (
        filled.join(sold.lazy(), on=keys, how="left")
        .join(regions, on="dealer_id")
        .with_columns(
            pl.lit(window.as_of).alias("as_of"),
            money_or_zero("sales", "returns", "quantity"),
            pl.col("order_lines").fill_null(0),
        )
        .sort("month", pl.col("dealer_id").cast(pl.String), "channel", "category")
        .collect()
    )
