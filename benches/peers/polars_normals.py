"""What an outlet normally sells and orders in 12 weeks (Buehlmann credibility), in Polars, for active pairs at as_of."""

import polars as pl

from polars_measures import PAIR, days_of, ratio, real

MEASURES = ["sales", "orders"]
LEVELS = [["channel", "region"], ["channel"], []]


def moments(periods, history, pairs, reports, window):
    """Mean and variance over the whole periods of the year before the window, from the first order on."""
    reported = reports.lazy().filter((pl.col("snapshot") == 0) & ~pl.col("is_not_reported")).select("dealer_id")
    first_period = days_of(window.as_of - pl.col("first_order_on")) // 28
    last = pl.min_horizontal(15, "first_period", window.whole_periods - 1)
    is_full_year = pl.min_horizontal(13, pl.col("first_period") - 2) >= min(13, window.whole_periods - 3)
    # The window is periods 0 to 2.
    is_now, is_learned = pl.col("period") <= 2, pl.col("period").is_between(3, last)
    firsts = history.lazy().select(*PAIR, first_period.alias("first_period"))
    learned = [
        part
        for name in MEASURES
        for part in (
            pl.when(is_now).then(pl.col(name)).sum().alias(name),
            pl.when(is_learned).then(real(name)).otherwise(0.0).sum().alias(f"{name}_sum"),
            pl.when(is_learned).then(real(name) ** 2).otherwise(0.0).sum().alias(f"{name}_squares"),
        )
    ]
    n = pl.col("n")
    means = []
    for name in MEASURES:
        total, squares = pl.col(f"{name}_sum"), pl.col(f"{name}_squares")
        spread = pl.max_horizontal(0.0, squares - total * total / n) / (n - 1)
        means.append(pl.when(n > 0).then(total / n).alias(f"{name}_mean"))
        means.append(pl.when(n > 1).then(spread).when(n == 1).then(0.0).alias(f"{name}_variance"))
    return (
        periods.lazy()
        .filter(pl.col("period") <= 15)
        .join(firsts, on=PAIR)
        .group_by(*PAIR, "first_period")
        .agg(learned)
        .filter(pl.col("orders") > 0)
        .join(reported, on="dealer_id", how="semi")
        .with_columns(
            pl.max_horizontal(0, last - 2).cast(pl.Int64).alias("n"), is_full_year.alias("is_full_year")
        )
        .with_columns(means)
        .drop("first_period", "sales_sum", "sales_squares", "orders_sum", "orders_squares")
        .join(pairs.lazy().select(*PAIR, "channel", "region"), on=PAIR)
        .collect()
    )


def by_level(rows, aggregations):
    """The same aggregations by channel and region, by channel, and over all; '*' where a group is wider."""
    levels = []
    for keys in LEVELS:
        grouped = rows.group_by(keys).agg(aggregations) if keys else rows.select(aggregations)
        wide = [pl.lit("*").alias(f"peer_{name}") for name in ("channel", "region") if name not in keys]
        levels.append(grouped.rename({name: f"peer_{name}" for name in keys}).with_columns(wide))
    columns = ["peer_channel", "peer_region"]
    return pl.concat([level.select(*columns, pl.exclude(columns)) for level in levels])


def peer_groups(moments):
    """Mean, noise and true spread of each group, from pairs that were there for the whole year before the window."""
    n = pl.col("n").cast(pl.Float64)
    w, r = 1.0 / (n * (n + 3)), 1.0 / (n + 1)
    sums = [pl.len().cast(pl.Int64).alias("pairs"), (w * r * r).sum().alias("wrr")]
    groups = []
    for name in MEASURES:
        mean, variance = pl.col(f"{name}_mean"), pl.col(f"{name}_variance")
        noise = ((n - 1) * variance).sum()
        sums += [
            mean.mean().alias(f"{name}_mean"),
            mean.var().alias(f"{name}_variance_of_means"),
            (noise / ((n - 1) * mean * mean).sum()).fill_nan(0.0).alias(f"{name}_cv2"),
            (w * (n - 1) * variance).sum().alias(f"{name}_wnss"),
            (w * n * r * mean * r).sum().alias(f"{name}_wqr"),
            (w * n * r * mean * n * r * mean).sum().alias(f"{name}_wqq"),
        ]
        m, cv2 = pl.col(f"{name}_mean"), pl.col(f"{name}_cv2")
        inner = pl.col(f"{name}_wqq") + 2 * m * pl.col(f"{name}_wqr") + m * m * pl.col("wrr")
        known = (pl.col(f"{name}_wnss") + 4 * cv2 * inner) / pl.col("pairs")
        spread = pl.max_horizontal(0.0, pl.col(f"{name}_variance_of_means") - known)
        groups += [m.alias(f"peer_{name}_mean"), cv2, spread.alias(f"{name}_spread")]
    rows = moments.filter(pl.col("is_full_year") & (pl.col("n") >= 2))
    return by_level(rows, sums).filter(pl.col("pairs") >= 2).select("peer_channel", "peer_region", "pairs", *groups)


def bases(moments, groups):
    """Z m + (1 - Z) M, by the finest peer group with 30 pairs."""
    large = groups.filter(pl.col("pairs") >= 30)
    by_region = large.filter(pl.col("peer_region") != "*").select(
        pl.col("peer_channel").alias("channel"), pl.col("peer_region").alias("region"), pl.lit(True).alias("has_region")
    )
    by_channel = large.filter((pl.col("peer_region") == "*") & (pl.col("peer_channel") != "*")).select(
        pl.col("peer_channel").alias("channel"), pl.lit(True).alias("has_channel")
    )
    level = (
        pl.when(pl.col("has_region"))
        .then(pl.lit("channel_region"))
        .when(pl.col("has_channel"))
        .then(pl.lit("channel"))
        .otherwise(pl.lit("all"))
    )
    n = pl.col("n")
    noise, weight, base = [], [], []
    for name in MEASURES:
        mean, peer_mean = pl.col(f"{name}_mean"), pl.col(f"peer_{name}_mean")
        steady = 4 * pl.col(f"{name}_cv2") * ((n * mean + peer_mean) / (n + 1)) ** 2
        noise.append((((n - 1) * pl.col(f"{name}_variance") + steady) / (n + 3)).alias(f"{name}_noise"))
        spread = pl.col(f"{name}_spread")
        total = spread + pl.col(f"{name}_noise") / n
        weight.append(pl.when(total != 0).then(spread / total).otherwise(0.0).alias(f"{name}_credibility"))
        z = pl.col(f"{name}_credibility")
        base.append((z * mean + (1 - z) * peer_mean).alias(f"{name}_base"))
    return (
        moments.lazy()
        .filter(pl.col("n") > 0)
        .join(by_region.lazy(), on=["channel", "region"], how="left")
        .join(by_channel.lazy(), on="channel", how="left")
        .with_columns(level.alias("peer_level"))
        .with_columns(
            pl.when(pl.col("peer_level") == "all").then(pl.lit("*")).otherwise("channel").alias("peer_channel"),
            pl.when(pl.col("peer_level") == "channel_region").then("region").otherwise(pl.lit("*")).alias("peer_region"),
        )
        .join(groups.lazy(), on=["peer_channel", "peer_region"])
        .with_columns(noise)
        .with_columns(weight)
        .with_columns(base)
        .collect()
    )


def normals(bases):
    """3 h base, h the season of the group: the median of current / (3 base)."""
    seasons = [
        pl.max_horizontal(0.0, ratio(real(name), 3 * pl.col(f"{name}_base")).median().fill_null(1.0)).alias(f"{name}_season")
        for name in MEASURES
    ]
    rows = bases.filter("is_full_year").with_columns(
        pl.when(pl.col(f"{name}_base") > 0).then(pl.col(f"{name}_base")).alias(f"{name}_base") for name in MEASURES
    )
    n, noise, z = pl.col("n"), pl.col("sales_noise"), pl.col("sales_credibility")
    return (
        bases.join(by_level(rows, seasons), on=["peer_channel", "peer_region"])
        .select(
            *PAIR,
            "channel",
            "region",
            n.alias("learned_periods"),
            "sales_mean",
            "sales_noise",
            "peer_level",
            pl.col("pairs").alias("peer_count"),
            "peer_sales_mean",
            z.alias("credibility"),
            "sales_season",
            (3 * pl.col("sales_season") * pl.col("sales_base")).alias("normal_sales"),
            (3 * pl.col("orders_season") * pl.col("orders_base")).alias("normal_orders"),
            (pl.col("sales_season") * (3 * noise + 9 * z * noise / n).sqrt()).alias("deviation"),
        )
        .sort(pl.col(PAIR).cast(pl.String))
    )
