"""The tables that are compared: scorecard, drivers, segments and months, in Polars."""

import datetime

import polars as pl

from polars_measures import PAIR, ZERO, days_of, money_or_zero, ratio, real, rounded


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
    """Tiers of outlets, and of pairs in their dealer. Equal sales share one, so steps are taken over distinct sales."""
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
    of_outlets = outlets.join(outlet_steps, on="units").select(
        "outlet_id",
        tier(pl.col("before"), pl.col("total")).alias("value_tier"),
        (pl.col("outlets_before") * 5 < pl.col("outlets")).alias("is_top_20pct"),
    )
    of_pairs = now.join(pair_steps, on=["dealer_id", "units"]).select(
        *PAIR, tier(pl.col("before_in_dealer"), pl.col("total_in_dealer")).alias("value_tier_in_dealer")
    )
    return of_outlets, of_pairs


def segments(snapshots, pairs, history, outlets, window):
    now = snapshots.lazy().filter(pl.col("snapshot") == 0)
    of_outlets, of_pairs = value_tiers(snapshots)
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
        .join(of_outlets, on="outlet_id", how="left")
        .join(of_pairs, on=PAIR, how="left")
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
