"""What the classes of dealers rest on, in Polars: distribution, targets, reports, and the medians of peers."""

import polars as pl

from polars_measures import days_of, ratio, real, rounded
from polars_read import MONEY

KEY = ["dealer_id", "snapshot"]


class Inputs:
    """The parts that class metrics are made of, each by dealer and snapshot."""

    def __init__(self, sales, days, snapshots, sums, masters, window):
        self.dealers = masters.dealers.with_columns(pl.col("dealer_id").cast(pl.Categorical))
        first = days.lazy().group_by("dealer_id").agg(pl.col("sold_on").min().alias("first_sold_on"))
        self.first_sales = first.collect()
        self.distribution = distribution(cells(snapshots, sums, self.dealers, masters.market, window))
        self.targets = targets(masters.targets, window)
        self.reports = reports(sales, self.dealers, window)

    def of_snapshots(self):
        return [self.distribution, self.targets, self.reports]


def cells(snapshots, sums, dealers, market, window):
    """The cells of a dealer: its home, and territories that hold 5 % of its covered outlets; one that joined stays down
    to 2.5 %."""
    place = [*KEY, "territory"]
    covered = (
        snapshots.lazy()
        .filter(pl.col("is_covered") & pl.col("territory").is_not_null())
        .group_by(*place, "channel")
        .agg(pl.len().cast(pl.Int64).alias("covered_outlets"))
    )
    by_territory = covered.group_by(place).agg(pl.col("covered_outlets").sum().alias("here"))
    here, everywhere = pl.col("here"), pl.col("covered_outlets")
    joins = (
        pl.when((here > 0) & (here * 20 >= everywhere))
        .then(True)
        .when(here.is_null() | (here * 40 < everywhere))
        .then(False)
        .when(pl.col("snapshot") == 13)
        .then(False)
    )
    members = (
        by_territory.select("dealer_id", "territory")
        .unique()
        .join(sums.lazy().select(*KEY, "covered_outlets"), on="dealer_id")
        .join(by_territory, on=place, how="left")
        .with_columns(joins.alias("joins"))
        .sort("snapshot", descending=True)
        .filter(pl.col("joins").forward_fill().over("dealer_id", "territory"))
        .select(place)
    )
    homes = dealers.lazy().filter(pl.col("territory").is_not_null()).select("dealer_id", "territory")
    homes = homes.join(window.snapshots.select("snapshot"), how="cross").select(place)
    return (
        pl.concat([members, homes])
        .unique()
        .join(market.lazy(), on="territory")
        .join(covered, on=[*place, "channel"], how="left")
        .with_columns(pl.col("covered_outlets").fill_null(0))
        .collect()
    )


def distribution(cells):
    covered, total = pl.col("covered_outlets"), pl.col("outlets_total")
    share = ratio(pl.min_horizontal(covered, total).cast(pl.Float64), total)
    weight = pl.when(total > 0).then("market_value").alias("weight")
    return (
        cells.with_columns(share.alias("share"), weight)
        .group_by(KEY)
        .agg(
            total.sum().alias("universe_outlets"),
            covered.sum().alias("covered_in_universe"),
            (covered > total).any().alias("is_universe_too_small"),
            (real("weight") * pl.col("share")).sum().alias("weighted"),
            pl.col("weight").sum().cast(pl.Float64),
        )
        .with_columns(
            pl.min_horizontal(ratio(pl.col("covered_in_universe"), pl.col("universe_outlets")), 1.0)
            .pipe(lambda rate: pl.when(pl.col("universe_outlets") > 0).then(rate))
            .alias("numeric_distribution"),
            ratio(pl.col("weighted"), pl.col("weight")).alias("weighted_distribution"),
        )
        .drop("weighted", "weight")
    )


def targets(months, window):
    """A month's target is spread evenly over its days; a window that targets do not fill has none."""
    next_month = pl.col("month").dt.offset_by("1mo")
    first, last = pl.max_horizontal("month", "starts_on"), pl.min_horizontal("next_month", "after")
    return (
        months.lazy()
        .with_columns(pl.col("dealer_id").cast(pl.Categorical), next_month.alias("next_month"))
        .join(window.snapshots.with_columns(pl.col("ends_on").dt.offset_by("1d").alias("after")), how="cross")
        .filter((pl.col("month") <= pl.col("ends_on")) & (pl.col("next_month") > pl.col("starts_on")))
        .with_columns(days_of(last - first).alias("days"), days_of(pl.col("next_month") - pl.col("month")).alias("of"))
        .with_columns(rounded(real("target") * pl.col("days") / pl.col("of")).alias("part"))
        .group_by(KEY)
        .agg(pl.col("days").sum().alias("target_days"), pl.col("part").sum().alias("target"))
        .with_columns(pl.when(pl.col("target_days") == 84).then("target").cast(MONEY).alias("target"))
        .collect()
    )


def reports(sales, dealers, window):
    """Up to which day each dealer is known: dealers with recent lines in one export share a feed."""
    last = pl.col("last_sold_on")
    dated = (
        sales.lazy()
        .group_by("export", "dealer_id")
        .agg(pl.col("sold_on").max().alias("last_sold_on"))
        .with_columns(last.max().over("export").alias("export_ends_on"), last.max().over("dealer_id").alias("ends"))
    )
    feeds = dated.filter(days_of(pl.col("export_ends_on") - last) < 28).group_by("export").agg(pl.col("ends").max())
    until = (
        dated.filter(days_of(pl.col("ends") - last) < 28)
        .drop("ends")
        .join(feeds, on="export")
        .group_by("dealer_id")
        .agg(pl.col("ends").max().alias("reported_until"))
    )
    late = days_of(pl.col("ends_on") - pl.col("reported_until")) > 14
    return (
        dealers.lazy()
        .select("dealer_id")
        .join(window.snapshots.select("snapshot", "ends_on"), how="cross")
        .join(until, on="dealer_id", how="left")
        .select(*KEY, "reported_until", late.fill_null(False).alias("is_not_reported"))
        .collect()
    )


def axis_values(sums, inputs, window):
    """Both class metrics of each dealer at each snapshot. One choice of metrics a run: those that half of the selling
    dealers have."""
    joined = sums.lazy().join(inputs.dealers.lazy().select("dealer_id", "tier", "onboarded_on"), on="dealer_id")
    for part in inputs.of_snapshots():
        joined = joined.join(part.lazy(), on=KEY, how="left")
    joined = joined.join(inputs.first_sales.lazy(), on="dealer_id", how="left").collect()

    selling = joined.filter((pl.col("snapshot") == 0) & (pl.col("orders") > 0))
    with_universe = selling.filter(pl.col("universe_outlets") > 0).height
    with_target = selling.filter(pl.col("target") > 0).height
    by_universe = with_universe * 2 >= max(1, selling.height)
    by_target = with_target * 2 >= max(1, selling.height)

    started_on = pl.coalesce("onboarded_on", "first_sold_on")
    is_start_known = pl.col("onboarded_on").is_not_null()
    is_start_known |= (days_of(pl.col("first_sold_on") - window.starts_on) >= 84).fill_null(False)
    is_new = is_start_known & (days_of(pl.col("ends_on") - started_on) < 84).fill_null(False)
    is_reported, is_seen = ~pl.col("is_not_reported"), pl.col("ends_on") >= window.starts_on
    coverage = pl.col("numeric_distribution") if by_universe else pl.when(is_seen).then(real("active_outlets"))
    base = pl.when(pl.col("target") > 0).then(real("target")) if by_target else real("covered_outlets")
    return joined.filter((pl.col("snapshot") <= 12) & (started_on <= pl.col("ends_on")).fill_null(True)).select(
        *KEY,
        "ends_on",
        "tier",
        is_new.alias("is_new"),
        pl.lit("numeric_distribution" if by_universe else "active_outlets").alias("coverage_metric"),
        "universe_outlets",
        "covered_in_universe",
        pl.when(is_reported).then(coverage).alias("coverage_value"),
        pl.lit("attainment" if by_target else "sales_per_outlet").alias("performance_metric"),
        pl.col("squared_order_value").alias("sales_variance"),
        pl.when(is_reported & is_seen).then(ratio(real("sales"), base)).alias("performance_value"),
    )


def class_inputs(values):
    """Every dealer against the median of its tier, if that has 8 rated dealers, else of all."""

    def medians(rows, keys, end):
        parts = [
            part
            for axis in ("coverage", "performance")
            for part in (
                pl.col(f"{axis}_value").count().cast(pl.Int64).alias(f"{axis}_peers{end}"),
                pl.col(f"{axis}_value").median().alias(f"{axis}_threshold{end}"),
            )
        ]
        return rows.group_by(keys).agg(parts)

    rated = values.filter(~pl.col("is_new"))
    tiers = medians(rated.filter(pl.col("tier").is_not_null()), ["snapshot", "tier"], "_tier")
    joined = values.join(medians(rated, ["snapshot"], "_all"), on="snapshot", how="left")
    joined = joined.join(tiers, on=["snapshot", "tier"], how="left")
    chosen = []
    for axis in ("coverage", "performance"):
        is_tier = (pl.col(f"{axis}_peers_tier") >= 8).fill_null(False)
        chosen.append(
            pl.when(is_tier).then(pl.lit("tier")).otherwise(pl.lit("all")).alias(f"{axis}_benchmark_level")
        )
        for name in ("peers", "threshold"):
            chosen.append(
                pl.when(is_tier).then(f"{axis}_{name}_tier").otherwise(f"{axis}_{name}_all").alias(f"{axis}_{name}")
            )
    return joined.with_columns(chosen).select(pl.exclude("^.*_(tier|all)$"))
