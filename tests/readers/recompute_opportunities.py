"""Computes the opportunities of a sample once more, by another road, and compares them with the published tables.

The sales are read from the exports, without the rows that the run rejected; dealers, outlets and products are the
published dimensions. Sales stand in dense arrays of pairs x periods, and everything is computed from these arrays by
the formulas of the design (what an outlet normally sells, vertical opportunities, range gaps, horizontal opportunities)
with the decisions that the queries state. Nothing of the queries is run.

The arrays are made twice. Today's end at as_of. The settled ones end at the last fourth Sunday that is not after it and know
nothing of later days: theirs are the earlier origins of outlets and range, which teach and test. Earlier origins of new
outlets are today's.

Recomputed for all pairs, compared where a table shows them: grow, activate and retain with which rows are listed and
their intervals; their backtest at all origins with deciles, intervals of dealers' sums and of ratios, and the baselines of
grow; range gaps with their backtest, its baselines and what the gaps of a dealer come to; horizontal opportunities with
their candidates; the days of all backtests; how often the labels of goals came true; ranks; the numbers in the English
reasons. Not recomputed: the intervals of single range gaps and of cells, the backtest of horizontal opportunities, their
calibration and the choice between rates per existing and per uncovered outlet, performance as the last word between two
candidates, first_12w_value, areas under the curve, the top deciles of baselines, and, where horizontal opportunities were
tested, which of the goals that the season alone did not reach were a stretch.

usage: python recompute_opportunities.py SAMPLE_FOLDER [RUN_FOLDER]
"""

import csv
import datetime
import decimal
import math
import pathlib
import re
import sys
import tomllib

import numpy as np
import pandas as pd

PERIOD, WINDOW, YEAR = 28, 84, 364
REPORT_WITHIN_DAYS = 14  # where the job file does not say
CENT_OF_CENT = decimal.Decimal("0.0001")
GAP_EDGES = [-0.5, -0.25, -0.1, 0.1, 0.25, 0.5, 0.8, 1.2, 1.8]
GAP_NAMES = ["-0.5", "-0.25", "-0.1", "0", "0.1", "0.25", "0.5", "0.8", "1.2", "1.8"]

# The columns of sales and market that are read.
COLUMNS = ["sold_on", "dealer_id", "amount", "order_id", "line_no", "outlet_id", "product_id"]
COLUMNS += ["territory", "channel", "outlets_total"]

passed, failed = 0, 0


def verdict(name, differences, what):
    """Prints one comparison: what was compared, or the first rows that differ."""
    global passed, failed
    if len(differences) == 0:
        passed += 1
        print(f"agree   {name}: {what}")
    else:
        failed += 1
        print(f"DIFFER  {name}: {len(differences)} differences\n{str(differences)[:2000]}")


def compare(name, mine, published, keys, columns, rounded=(), by=1.01e-4):
    """The same keys and values: texts equal, numbers to 1e-6, `rounded` columns also to what rounding moves."""
    both = mine.merge(published, on=keys, how="outer", suffixes=("", "_published"), indicator=True)
    odd = both[both["_merge"] != "both"][[*keys, "_merge"]]
    if len(odd):
        verdict(name, odd, "")
        return
    differences = []
    for column in columns:
        a, b = both[column], both[f"{column}_published"]
        if pd.api.types.is_numeric_dtype(a):
            a, b = a.astype(float).to_numpy(), b.astype(float).to_numpy()
            slack = 1e-6 * np.maximum(np.abs(a), np.abs(b)) + (by if column in rounded else 1e-9)
            same = (np.isnan(a) & np.isnan(b)) | (np.abs(a - b) <= slack)
        else:
            same = ((a == b) | (a.isna() & b.isna())).to_numpy(dtype=bool)
        for row in np.flatnonzero(~same)[:3]:
            values = both.loc[row, [*keys, column, f"{column}_published"]]
            differences.append((column, *values))
    verdict(name, differences, f"{len(both)} rows, {', '.join(columns)}")


# What the exports and the published dimensions say


def table(run, name):
    frame = pd.read_parquet(run / f"{name}.parquet")
    for column in frame.columns:
        first = frame[column].dropna()
        if len(first) and isinstance(first.iloc[0], decimal.Decimal):
            frame[column] = frame[column].astype(float)
    return frame


def accepted_rows(folder, source, rejected):
    """The rows of a source that the run accepted, by the contract's names; a file of equal content is read once."""
    refused = set(zip(rejected["export"], rejected["line"]))
    seen = set()
    for pattern in source["files"]:
        for path in sorted(folder.glob(pattern)):
            content = path.read_bytes()
            if content in seen:
                continue
            seen.add(content)
            name = path.relative_to(folder).as_posix()
            lines = content.decode("utf-8-sig", "replace").split("\n")
            header = next(csv.reader([lines[0].rstrip("\r")]))
            names = {column: source.get("columns", {}).get(column, column) for column in COLUMNS}
            place = {column: header.index(name) for column, name in names.items() if name in header}
            for number, line in enumerate(lines[1:], start=2):
                if line.strip() and (name, number) not in refused:
                    row = next(csv.reader([line.rstrip("\r")]))
                    yield {column: row[index].strip() or None for column, index in place.items()} | {"export": name}


def load_sales(folder, job, rejected):
    """The later of two lines with the same order and number counts; days are ordinals."""
    lines = {}
    for row in accepted_rows(folder, job["sources"]["sales"], rejected[rejected["source"] == "sales"]):
        is_numbered = row.get("order_id") and row.get("line_no")
        lines[(row["order_id"], row["line_no"]) if is_numbered else len(lines)] = row
    sales = pd.DataFrame(list(lines.values()))
    sales["sold_on"] = [datetime.date.fromisoformat(day).toordinal() for day in sales["sold_on"]]
    sales["amount"] = [
        float(decimal.Decimal(amount).quantize(CENT_OF_CENT, decimal.ROUND_HALF_UP)) for amount in sales["amount"]
    ]
    sales["is_direct"] = sales["outlet_id"].isna()
    sales["outlet_id"] = sales["outlet_id"].fillna(sales["dealer_id"] + "#unknown")
    return sales


def settled_day(as_of):
    """The last day of the settled picture: every fourth Sunday, counted from the first day of the calendar."""
    return as_of - datetime.timedelta(days=as_of.toordinal() % PERIOD)


def seen_on(outlets, day):
    """The outlets as they were seen on an earlier day. One that the master opens later is known by its sales alone, and
    sales state no channel. That one closes later needs no rule: no origin looks beyond its own day."""
    is_later = [not pd.isna(opened) and opened > day for opened in outlets["opened_on"]]
    outlets = outlets.astype({"opened_on": object})
    outlets.loc[is_later, ["origin", "channel", "opened_on"]] = ["sales", "unknown", None]
    return outlets


def known_until(sales):
    """The age of the newest day of which each dealer's sales are known: dealers of one export share a feed, so as long
    as one of them has newer sales the others sold nothing. Feeds are told by the last 28 days of a dealer and an export."""
    newest = sales.groupby(["export", "dealer_id"])["age"].min().reset_index()
    of_export, of_dealer = (newest.groupby(column)["age"].transform("min") for column in ["export", "dealer_id"])
    feeds = of_dealer[newest["age"] - of_export < PERIOD].groupby(newest["export"]).min()
    is_fed = newest["age"] - of_dealer < PERIOD
    return newest["export"].map(feeds)[is_fed].groupby(newest["dealer_id"]).min()


class Company:
    """One picture of the sales up to `as_of`: pairs x periods of 28 days, period 0 the last one; rows of the arrays are
    the rows of `pairs`."""

    def __init__(self, sales, outlets, dealers, as_of, report_within_days):
        sales = sales.assign(age=as_of.toordinal() - sales["sold_on"])
        sales = sales[sales["age"] >= 0]
        self.as_of, self.report_within_days = as_of, report_within_days
        given = outlets[(outlets["origin"] == "master") & outlets["dealer_id"].isin(dealers["dealer_id"])]
        pairs = pd.concat([given[["dealer_id", "outlet_id"]].assign(is_given=True), sales[["dealer_id", "outlet_id"]]])
        pairs["is_given"] = pairs["is_given"].eq(True)
        pairs = pairs.groupby(["dealer_id", "outlet_id"], as_index=False)["is_given"].any()
        pairs = pairs.merge(outlets.drop(columns="dealer_id"), on="outlet_id").merge(
            dealers[["dealer_id", "region"]], on="dealer_id"
        )
        pairs["known_until"] = pairs["dealer_id"].map(known_until(sales))
        self.pairs = pairs
        age = lambda days: np.array([np.nan if pd.isna(day) else (as_of - day).days for day in days])
        self.opened_age, self.closed_age = age(pairs["opened_on"]), age(pairs["closed_on"])

        # Orders are lines of one id within a pair and day; of positive value, or returns.
        row = pd.Series(range(len(pairs)), index=pd.MultiIndex.from_frame(pairs[["dealer_id", "outlet_id"]]))
        sales = sales.assign(pair=row.loc[list(zip(sales["dealer_id"], sales["outlet_id"]))].to_numpy())
        orders = sales.groupby(["pair", "age", "order_id"], dropna=False, as_index=False)["amount"].sum().round(4)
        self.history = int(orders["age"].max()) + 1
        self.whole_periods = self.history // PERIOD
        shape = (len(pairs), max(self.history // PERIOD, 45) + 20)
        self.sales, self.orders, self.order_days = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.newest = np.full(shape, np.inf)
        np.add.at(self.sales, (orders["pair"], orders["age"] // PERIOD), orders["amount"])
        bought = orders[orders["amount"] > 0]
        place = (bought["pair"], bought["age"] // PERIOD)
        np.add.at(self.orders, place, 1)
        np.minimum.at(self.newest, place, bought["age"])
        days = bought[["pair", "age"]].drop_duplicates()
        np.add.at(self.order_days, (days["pair"], days["age"] // PERIOD), 1)
        self.first_age = np.full(len(pairs), np.nan)
        first = bought.groupby("pair")["age"].max()
        self.first_age[first.index] = first
        self.lines = sales

        # Origins with an outcome. Six whole periods before the window of the oldest one; an origin is tested if three of
        # them teach it.
        oldest = min(28, self.whole_periods - 9)
        self.past_origins = range(3, oldest + 1)
        self.tested = range(3, min(13, oldest - 5) + 1)

    def standing(self, k):
        """All pairs as they stood at origin k, with what came after it."""
        ever = self.orders[:, k:] > 0
        has = ever.any(axis=1)
        last_period = np.where(has, ever.argmax(axis=1) + k, -1)
        last_age = np.where(has, self.newest[np.arange(len(ever)), last_period], np.nan)
        days = self.order_days[:, k:].sum(axis=1)
        bought = ever.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean_gap = np.where(days > 1, (self.first_age - last_age) / (days - 1), np.nan)
            own = np.maximum(0, np.where(ever, self.sales[:, k:], 0).sum(axis=1) / bought)
        silent = last_age - PERIOD * k
        is_open = ~(self.opened_age < PERIOD * k) & ~(self.closed_age >= PERIOD * k) & self.pairs["is_given"].to_numpy()
        is_first = (self.first_age - PERIOD * k < WINDOW) & (self.history - 1 >= PERIOD * k + WINDOW)
        is_late = (self.orders[:, k:].sum(axis=1) >= 3) & (silent > 2 * mean_gap)
        behaviour = np.select(
            [~has, silent >= YEAR, silent >= WINDOW, is_first, is_late],
            ["prospect", "churned", "lapsed", "new", "at_risk"], "active",
        )
        # From the period of the first order on, only whole periods, at most the year before the window.
        first_period = self.first_age // PERIOD
        n = np.clip(np.fmin(np.fmin(first_period, k + 15), self.whole_periods - 1) - (k + 2), 0, None)
        n = np.where(has, n, 0).astype(int)
        is_learned = np.arange(3, 16)[None, :] <= n[:, None] + 2
        year_sales = np.where(is_learned, self.sales[:, k + 3 : k + 16], 0)
        year_orders = np.where(is_learned, self.orders[:, k + 3 : k + 16], 0)
        frame = self.pairs[["dealer_id", "outlet_id", "region", "channel", "territory"]].assign(
            pair=np.arange(len(ever)), origin=k, behaviour=behaviour, has_dated_opening=~np.isnan(self.opened_age),
            is_covered=is_open | (has & (silent < YEAR)), silent=silent, mean_gap=mean_gap, own_period=own,
            silent_periods=last_period - k, bought_periods=bought,
            orders=self.orders[:, k : k + 3].sum(axis=1), sales=self.sales[:, k : k + 3].sum(axis=1).round(4),
            orders_52w=self.orders[:, k : k + 13].sum(axis=1), sales_52w=self.sales[:, k : k + 13].sum(axis=1).round(4),
            next_orders=self.orders[:, max(0, k - 3) : k].sum(axis=1),
            next_sales=self.sales[:, max(0, k - 3) : k].sum(axis=1).round(4),
            n=n, is_full=np.minimum(13, first_period - (k + 2)) >= min(13, self.whole_periods - k - 3),
        )
        for name, values in [("sales", year_sales), ("orders", year_orders)]:
            with np.errstate(divide="ignore", invalid="ignore"):
                mean = values.sum(axis=1) / n
                squares = (np.where(is_learned, values - mean[:, None], 0) ** 2).sum(axis=1)
                variance = np.where(n > 1, squares / (n - 1), 0)
            frame[f"{name}_mean"], frame[f"{name}_variance"] = mean, variance
        return frame

    def reported(self, k):
        """The standing without dealers that stopped reporting before the outcome was over, or before today: their
        silence is none of their outlets'."""
        unknown_days = self.pairs["known_until"] - PERIOD * k + (WINDOW if k else 0)
        return self.standing(k)[~(unknown_days > self.report_within_days)]

    def usual_season(self, k):
        """What all sales of the 12 weeks before an origin became in the 12 weeks after it, a year before."""
        before, after = (self.sales[:, start : start + 3].sum() for start in (k + 13, k + 10))
        is_seen = self.history - 1 - PERIOD * k >= 16 * PERIOD - 1
        return round(after / before, 6) if is_seen and before > 0 and after > 0 else np.nan


# What an outlet normally sells


def rows_of(frame, group):
    chosen = pd.Series(True, index=frame.index)
    for column, value in zip(["channel", "region"], group):
        if value != "*":
            chosen &= frame[column] == value
    return frame[chosen]


def steadied(n, variance, cv2, mean, group_mean):
    """The mean is the pair's with one period of the group's, so that nothing sold is not taken for no noise."""
    return ((n - 1) * variance + 4 * cv2 * ((n * mean + group_mean) / (n + 1)) ** 2) / (n + 3)


def normals(standing):
    """The active pairs of an origin with credibility, normal, drop probability and the movement of their group."""
    active = standing[standing["orders"] > 0].copy()
    makers = active[active["is_full"] & (active["n"] >= 2)]
    if len(makers) < 2:
        # So early in the history that there is nobody to be measured by.
        return None
    by_region, by_channel = makers.groupby(["channel", "region"]).size(), makers.groupby("channel").size()
    active["group"] = [
        (channel, region) if by_region.get((channel, region), 0) >= 30
        else (channel, "*") if by_channel.get(channel, 0) >= 30
        else ("*", "*")
        for channel, region in zip(active["channel"], active["region"])
    ]
    for name in ["sales", "orders"]:
        for group, members in active.groupby("group"):
            peers = rows_of(makers, group)
            n, mean, variance = peers["n"], peers[f"{name}_mean"], peers[f"{name}_variance"]
            squares = ((n - 1) * mean**2).sum()
            cv2 = ((n - 1) * variance).sum() / squares if squares > 0 else 0.0
            noise = steadied(n, variance, cv2, mean, mean.mean())
            spread = max(0.0, mean.var(ddof=1) - (noise / n).mean())
            own = members["n"].where(members["n"] > 0)
            noise = steadied(own, members[f"{name}_variance"], cv2, members[f"{name}_mean"], mean.mean())
            z = spread / (spread + noise / own) if spread > 0 else noise * 0
            at = members.index
            active.loc[at, f"{name}_noise"], active.loc[at, f"{name}_z"] = noise, z
            active.loc[at, f"{name}_peers"], active.loc[at, "peer_count"] = mean.mean(), len(peers)
            active.loc[at, f"{name}_base"] = z * members[f"{name}_mean"] + (1 - z) * mean.mean()
    for group, members in active.groupby("group"):
        peers = rows_of(active, group)
        for name in ["sales", "orders"]:
            base = peers[f"{name}_base"][peers["is_full"]]
            ratios = (peers[name] / (3 * base))[base.index][base > 0]
            active.loc[members.index, f"{name}_season"] = max(0.0, ratios.median()) if len(ratios) else 1.0
        sold = peers[peers["sales"] > 0]
        movement = sold["next_sales"].sum() / sold["sales"].sum()
        active.loc[members.index, "movement"] = movement if movement > 0 else np.nan
    for name in ["sales", "orders"]:
        active[f"{name}_normal"] = 3 * active[f"{name}_season"] * active[f"{name}_base"]
    deviation = active["sales_season"] * np.sqrt(
        3 * active["sales_noise"] + 9 * active["sales_z"] * active["sales_noise"] / active["n"].where(active["n"] > 0)
    )
    distance = (active["sales_normal"] - active["sales"]) / deviation.where(deviation > 0)
    active["drop"] = [math.erfc(-x / math.sqrt(2)) / 2 for x in distance]
    # The chance to grow 10 % more than the group, by the pair's own mean of the year before and the window.
    n, season = active["n"].where(active["n"] > 0), active["sales_season"]
    own = 3 * (season * n * active["sales_mean"] + active["sales"]) / (n + 3)
    deviation = season * np.sqrt(3 * active["sales_noise"] + 9 * active["sales_noise"] / (n + 3))
    distance = (own - 1.1 * active["sales"]) / deviation.where(deviation > 0)
    active["growth"] = [math.erfc(-x / math.sqrt(2)) / 2 for x in distance]
    return active


# Pairs by kind, and what came of them


def grow(active):
    rows = active[active["sales"] > 0].copy()
    has = rows["sales_normal"].notna()
    borders = active.groupby("channel")["sales_normal"].quantile([0.3333333333, 0.6666666667]).unstack()
    low, high = (rows["channel"].map(borders[column]) for column in borders.columns)
    size = np.select([rows["sales_normal"] <= low, rows["sales_normal"] <= high], ["small", "middle"], "large")
    gap = np.log(rows["sales_normal"].clip(lower=1e-300) / rows["sales"]).where(rows["sales_normal"] > 0, -9.0)
    names = np.array(GAP_NAMES)[np.searchsorted(GAP_EDGES, gap.fillna(0))]
    rows["kind"] = np.where(has, [f"{a} {b}" for a, b in zip(size, names)], "new")
    wide = np.select([gap > 0.1, gap <= -0.1], ["any below normal", "any above normal"], "any at normal")
    rows["wide"] = np.where(has, wide, "any new")
    rows["scale"] = rows["sales"]
    rows["outcome"] = rows["next_sales"] / rows["movement"]
    rows["is_hit"] = rows["outcome"] > 1.1 * rows["sales"]
    rows["is_candidate"] = has & (rows["sales_normal"] > rows["sales"]) & (rows["drop"].fillna(1) >= 0.8)
    return rows.assign(type="grow")


def activate(standing):
    rows = standing[standing["is_covered"] & standing["behaviour"].isin(["prospect", "lapsed", "churned"])].copy()
    is_prospect = rows["behaviour"] == "prospect"
    spans = np.array(["12-16", "16-20", "20-32", "32-52"])
    span = spans[np.searchsorted([3, 4, 7], rows["silent_periods"].fillna(0))]
    counts = np.array(["1 order", "2-3 orders", "4-6 orders", "7-12 orders", "13+ orders"])
    count = counts[np.searchsorted([1, 3, 6, 12], rows["orders_52w"])]
    lapsed = [f"silent {a} weeks, {b} in 52 weeks" for a, b in zip(span, count)]
    ever = np.array(["1 period", "2-3 periods", "4+ periods"])[np.searchsorted([1, 3], rows["bought_periods"])]
    churned = [f"silent 52+ weeks, bought in {a}" for a in ever]
    rows["kind"] = np.select([is_prospect, rows["behaviour"] == "lapsed"], ["prospect", lapsed], churned)
    lapsed = np.where(rows["silent_periods"] <= 4, "any silent 12-20 weeks", "any silent 20-52 weeks")
    rows["wide"] = np.where(rows["behaviour"] == "lapsed", lapsed, "any " + rows["behaviour"])
    rows["scale"] = rows["own_period"].where(~is_prospect, 1.0)
    # Undated prospects may be in the master only because they became customers later: they teach nothing.
    rows["outcome"] = rows["next_sales"].where(~is_prospect | rows["has_dated_opening"])
    rows["is_hit"] = rows["next_orders"] > 0
    return rows.assign(type="activate", is_candidate=True)


def retain(standing):
    rows = standing[(standing["orders"] > 0) & (standing["sales"] > 0)].copy()
    gaps = (rows["silent"] / rows["mean_gap"].where(rows["mean_gap"] > 0)).to_numpy()
    names = ["0-0.5 gaps", "0.5-1 gaps", "1-1.5 gaps", "1.5-2 gaps", "2-3 gaps", "3+ gaps"]
    silence = [f"silent {names[index]}" for index in np.searchsorted([0.5, 1, 1.5, 2, 3], np.nan_to_num(gaps))]
    silence = np.where(np.isnan(gaps), "first order", silence)
    orders = np.select([rows["orders"] == 1, rows["orders"] <= 3], ["1 order", "2-3 orders"], "4+ orders")
    rows["kind"] = [f"{a}, {b}" for a, b in zip(silence, orders)]
    wide = ["any first order", "any silent 0-2 gaps"]
    rows["wide"] = np.select([np.isnan(gaps), gaps <= 2], wide, "any silent 2+ gaps")
    rows["scale"], rows["is_hit"] = rows["sales"], rows["next_orders"] == 0
    rows["outcome"] = rows["sales"].where(rows["is_hit"], 0.0)
    return rows.assign(type="retain", is_candidate=rows["behaviour"] == "at_risk")


def sums(school, columns):
    """Totals of amounts rounded one by one, as the queries add them up: thousands of them would differ in what is shown."""
    school = school.assign(**school[["scale", "outcome"]].round(4))
    school = school.assign(
        hits=school["is_hit"].astype(int), hit_scale=school["scale"].where(school["is_hit"], 0.0),
        hit_outcome=school["outcome"].where(school["is_hit"], 0.0), pairs=1,
    )
    totals = school.groupby(columns)[["pairs", "hits", "scale", "outcome", "hit_scale", "hit_outcome"]].sum()
    return totals.to_dict("index")


def quantiles(school, columns):
    """Low, high and stretch of outcome / scale on a grid of 4 %: see learned_quantiles."""
    school = school[school["scale"] > 0]
    ratio = (school["outcome"] / school["scale"]).to_numpy()
    step = np.where(ratio > 0, np.round(25 * np.log(np.where(ratio > 0, ratio, 1))), -100000)
    found = {}
    for key, steps in pd.Series(step, index=school.index).groupby([school[column] for column in columns]):
        values, counts = np.unique(steps, return_counts=True)
        to, n = counts.cumsum(), counts.sum()
        low = (10 * to >= n).argmax()
        below = to[low] - counts[low]
        places = [(low, -0.5), ((10 * (to - below) >= 8 * n).argmax(), 0.5), ((4 * to >= 3 * n).argmax(), 0.5)]
        found[key] = [0.0 if values[at] == -100000 else math.exp((values[at] + edge) / 25) for at, edge in places]
    return found


def interval(kind, probability, ends):
    """Low, high and stretch as multiples of the scale; of a yes or no (retain) nothing, all, or both."""
    if kind == "retain":
        return (1.0 if probability > 0.9 else 0.0), (1.0 if probability > 0.2 else 0.0), np.nan
    if ends is None:
        return np.nan, np.nan, np.nan
    return tuple(end - 1 for end in ends) if kind == "grow" else tuple(ends)


def learned(rows, school):
    """What is expected of each of `rows` from what came of the pairs in `school`: the ladder of look-alikes."""
    near = sums(school, ["type", "channel", "kind"])
    anywhere, wide = sums(school, ["type", "kind"]), sums(school, ["type", "wide"])
    ends_near = quantiles(school, ["type", "channel", "kind"])
    ends_anywhere, ends_wide = quantiles(school, ["type", "kind"]), quantiles(school, ["type", "wide"])
    none = dict.fromkeys(["pairs", "hits", "scale", "outcome", "hit_scale", "hit_outcome"], 0)
    known = {}
    met = rows[["type", "channel", "kind", "wide"]].drop_duplicates()
    for kind, channel, name, wide_name in met.itertuples(index=False):
        own, all_of_kind = near.get((kind, channel, name), none), anywhere.get((kind, name), none)
        base = all_of_kind if all_of_kind["pairs"] >= 30 else wide.get((kind, wide_name), none)
        if base["pairs"] < 30:
            continue
        level = "channel" if own["pairs"] >= 200 else "all" if all_of_kind["pairs"] >= 30 else "wide"
        chosen = own if level == "channel" else base
        probability = (own["hits"] + 20 * base["hits"] / base["pairs"]) / (own["pairs"] + 20)
        hit_ratio = 0.0
        if base["hits"] > 0:
            brought = own["hit_outcome"] + 20 * base["hit_outcome"] / base["hits"]
            scale = own["hit_scale"] + 20 * base["hit_scale"] / base["hits"]
            hit_ratio = brought / scale if scale else 0.0
        ratio = {
            "grow": chosen["outcome"] / chosen["scale"] - 1 if chosen["scale"] else np.nan,
            "activate": probability * hit_ratio,
            "retain": probability,
        }[kind]
        ends = {"channel": ends_near.get((kind, channel, name)), "all": ends_anywhere.get((kind, name))}
        ends = interval(kind, probability, ends.get(level, ends_wide.get((kind, wide_name))))
        known[kind, channel, name] = (level, chosen["pairs"], probability, hit_ratio, ratio, *ends)
    unknown = (None, 0, *[np.nan] * 6)
    found = [known.get(key, unknown) for key in zip(rows["type"], rows["channel"], rows["kind"])]
    names = ["learned_level", "lookalikes", "probability", "hit_ratio", "ratio", "low", "high", "stretch"]
    rows = rows.assign(**dict(zip(names, zip(*found))))
    rows["probability"] = rows["growth"].where(rows["type"] == "grow", rows["probability"])
    rows["expected"] = (rows["ratio"] * rows["scale"]).round(4)
    rows["high"] = np.fmax(rows["high"], rows["ratio"])
    for end in ["low", "high", "stretch"]:
        rows[end] = (rows[end] * rows["scale"]).round(4)
    # Without any lesson a shortfall is listed by itself, a silent outlet is not.
    rows["is_listed"] = rows["is_candidate"] & np.where(
        rows["expected"].isna(), rows["type"] != "activate", rows["ratio"] * rows["scale"] > 0
    )
    rows["realised"] = (rows["outcome"] - rows["scale"].where(rows["type"] == "grow", 0.0)).round(4)
    return rows


def factor(predictions, origin, kind):
    """Realised / predicted of the listed pairs at tested origins whose outcome was known, where it is far off."""
    past = predictions[
        (predictions["type"] == kind) & (predictions["origin"] >= origin + 3)
        & predictions["is_listed"] & predictions["expected"].notna() & predictions["realised"].notna()
    ]
    if past["origin"].nunique() < 3 or len(past) < 100 or past["expected"].sum() == 0:
        return 1.0
    ratio = past["realised"].sum() / past["expected"].sum()
    return 1.0 if 0.8 <= ratio <= 1.25 else min(3.0, max(0.0, round(ratio, 4)))


def predict(today, settled):
    """Predictions of today and of all tested origins, each from the year of origins known by then. Today, too, learns from
    the settled origins from 3 on, as if its day were the settled one."""
    rows = []
    for company, k in [(today, 0), *((settled, k) for k in settled.past_origins)]:
        standing = company.reported(k)
        active = normals(standing)
        rows += [activate(standing), retain(standing)] + ([] if active is None else [grow(active)])
    rows = pd.concat(rows, ignore_index=True)
    rows["group"] = rows["group"].astype(object)
    predictions = []
    for k in sorted({0, *settled.tested} & set(rows["origin"])):
        school = rows[rows["origin"].between(max(3, k + 3), k + 15) & rows["outcome"].notna()]
        predictions.append(learned(rows[rows["origin"] == k], school))
    predictions = pd.concat(predictions, ignore_index=True)
    past = predictions[predictions["origin"] > 0]
    keys = predictions[["origin", "type"]].drop_duplicates().itertuples(index=False, name=None)
    factors = {key: factor(past, *key) for key in keys}
    predictions["factor"] = [factors[key] for key in zip(predictions["origin"], predictions["type"])]
    predictions["calibrated"] = (predictions["expected"] * predictions["factor"]).round(4)
    return predictions


# Comparisons


def peer_level(group):
    if not isinstance(group, tuple):
        return None
    channel, region = group
    return "channel_region" if region != "*" else "channel" if channel != "*" else "all"


def vertical_rows(predictions):
    """The listed rows of today by lever, under the names of the published table."""
    today = predictions[(predictions["origin"] == 0) & predictions["is_listed"]].copy()
    today["outlet_expected_value"] = today["calibrated"]
    today["high"] = np.fmax(today["high"], today["calibrated"])
    ends = ["low", "high", "stretch"]
    today = today.assign(**{f"{end}_value": today[end] for end in ends})
    rows = today[today["type"] != "grow"].copy()
    rows["lever"] = rows["type"]
    rows["potential"] = np.where(rows["type"] == "retain", rows["sales"], (rows["hit_ratio"] * rows["scale"]).round(4))
    rows["expected_value"], rows["benchmark"] = rows["calibrated"], rows["potential"]

    drops = today[today["type"] == "grow"].copy()
    drops["normal"] = drops["sales_normal"].round(4)
    drops["shortfall"] = (drops["normal"] - drops["sales"]).clip(lower=0)
    # Shapley: each factor moves once first and once last.
    orders, orders_normal = drops["orders"], drops["orders_normal"]
    ticket, ticket_normal = drops["sales"] / orders, drops["normal"] / orders_normal
    by_frequency = (orders_normal - orders) * ticket / 2 + (orders_normal - orders) * ticket_normal / 2
    by_ticket = (ticket_normal - ticket) * orders / 2 + (ticket_normal - ticket) * orders_normal / 2
    share = by_frequency.clip(lower=0) / (by_frequency.clip(lower=0) + by_ticket.clip(lower=0))
    drops["benchmark"] = drops["normal"]
    split = lambda part: {f"{end}_value": part * drops[end] for end in ends} | {"expected_value": part * drops["calibrated"]}
    frequency = drops.assign(lever="frequency", potential=by_frequency, **split(share))
    ticket = drops.assign(lever="ticket", potential=by_ticket, **split(1 - share))

    rows = pd.concat([rows, frequency, ticket], ignore_index=True)
    is_grow = rows["type"] == "grow"
    names = {
        "learned_periods": "n", "own_period_mean": "sales_mean", "peer_period_mean": "sales_peers",
        "credibility": "sales_z", "season": "sales_season", "normal_sales": "normal", "normal_orders": "orders_normal",
        "drop_probability": "drop",
    }
    rows = rows.assign(**{name: rows[column].where(is_grow) for name, column in names.items()})
    level = rows["group"].map(peer_level)
    return rows.assign(
        opportunity_type=rows["type"], sales_12w=rows["sales"], orders_12w=rows["orders"], lookalike_kind=rows["kind"],
        calibration_factor=rows["factor"], benchmark_level=rows["learned_level"].where(~is_grow, level),
        peer_count=rows["lookalikes"].where(~is_grow, rows["peer_count"]),
    )


def check_vertical(company, predictions, run):
    published = table(run, "vertical_opportunities")
    segments = table(run, "outlet_segments")
    standing = company.standing(0)
    covered = standing[standing["is_covered"]][["dealer_id", "outlet_id", "behaviour", "sales", "orders"]]
    covered = covered.rename(columns={"sales": "sales_12w", "orders": "orders_12w"})
    compare("outlets of today", covered, segments[segments["is_covered"]], ["dealer_id", "outlet_id"],
            ["behaviour", "sales_12w", "orders_12w"], ["sales_12w"])
    columns = [
        "region", "territory", "channel", "opportunity_type", "behaviour", "sales_12w", "orders_12w", "learned_periods",
        "own_period_mean", "peer_period_mean", "credibility", "season", "normal_sales", "normal_orders", "shortfall",
        "drop_probability", "probability", "potential", "lookalike_kind", "lookalikes", "learned_level", "benchmark",
        "benchmark_level", "peer_count", "calibration_factor", "expected_value", "outlet_expected_value",
        "low_value", "high_value", "stretch_value",
    ]
    money = ["sales_12w", "normal_sales", "shortfall", "potential", "benchmark", "expected_value"]
    money += ["outlet_expected_value", "low_value", "high_value", "stretch_value"]
    active = predictions[(predictions["origin"] == 0) & (predictions["type"] == "grow")]
    print(f"        {len(active)} active pairs have mean Z {active['sales_z'].mean():.3f}, "
          f"{(active['drop'] >= 0.8).mean():.1%} a drop probability of 0.8 or more")
    keys = ["dealer_id", "outlet_id", "lever"]
    # The ends of the ticket lever are what the rounded ends of the frequency leave.
    compare("vertical_opportunities", vertical_rows(predictions), published, keys, columns, money, by=2.1e-4)


def tested(predictions):
    """The predictions of earlier origins as the backtest judges them, with their tenth by the chance of a hit."""
    past = predictions[(predictions["origin"] > 0) & predictions["expected"].notna() & predictions["realised"].notna()]
    chance = past["probability"].fillna(0.0)
    is_grow = past["type"] == "grow"
    e, p = past["calibrated"], chance.clip(lower=1e-9)
    spread = (np.maximum(past["high"], e) - past["low"]) / 2.5631
    past = past.assign(
        is_hit=past["is_hit"].astype(int), error=(past["realised"] - past["expected"]).abs(),
        base=past["scale"].where(is_grow, 0.0), score=chance.round(9), tie=past["ratio"].round(9),
        is_inside=(past["realised"].between(past["low"], past["high"])).where(past["type"] != "retain"),
        is_above=(past["realised"] > past["stretch"]).where(past["stretch"].notna()),
        variance=np.select([is_grow, past["type"] == "activate"], [spread**2, e**2 * (2 - p) / p], e**2 * (1 - p) / p),
        log_nothing=np.log((1 - p).clip(lower=1e-9)).where(~is_grow),
    )
    order = ["type", "origin", "score", "tie", "dealer_id", "outlet_id"]
    past = past.sort_values(order, ascending=[True, True, False, False, True, True])
    return past.assign(decile=tenths(past, ["type", "origin"]))


def tenths(rows, group):
    """1 to 10 in the order of the rows of each group; the first ones get one more where the rows do not divide."""
    place, size = rows.groupby(group).cumcount(), rows.groupby(group)["origin"].transform("size")
    large = (size % 10) * (size // 10 + 1)
    tenth = np.where(place < large, place // (size // 10 + 1), (size % 10) + (place - large) // (size // 10).clip(lower=1))
    return tenth.astype(int) + 1


def ratio_interval(clusters):
    """80 % of realised / expected by what clusters differ: the delta method for a ratio of sums."""
    x, y, n = clusters["expected"], clusters["realised"], len(clusters)
    if n < 2 or x.sum() == 0:
        return np.nan, np.nan
    ratio = y.sum() / x.sum()
    error = math.sqrt(n / (n - 1) * ((y - ratio * x) ** 2).sum()) / abs(x.sum())
    return ratio - 1.2816 * error, ratio + 1.2816 * error


def normal_quantile(p):
    """Abramowitz and Stegun 26.2.22, as dealer_intervals says."""
    t = math.sqrt(-2 * math.log(min(p, 1 - p)))
    z = t - (2.30753 + 0.27061 * t) / (1 + 0.99229 * t + 0.04481 * t * t)
    return -z if p < 0.5 else z


def sum_interval(expected, variance, log_nothing):
    """80 % of a sum that is nothing with a chance, and gamma otherwise; normal where there is no such chance (grow)."""
    if not expected > 0:
        return None
    if np.isnan(log_nothing):
        return expected - 1.2816 * math.sqrt(variance), expected + 1.2816 * math.sqrt(variance)
    nothing = math.exp(log_nothing)
    mean = expected / (1 - nothing)
    shape = mean**2 / max(1e-9, (variance + expected**2) / (1 - nothing) - mean**2)

    def at(level):
        share = min(1 - 1e-6, max(1e-6, (level - nothing) / (1 - nothing)))
        return mean * max(0.0, 1 - 1 / (9 * shape) + normal_quantile(share) / (3 * math.sqrt(shape))) ** 3

    if nothing > 0.1:
        return 0.0, at(0.8) if nothing < 0.8 else 0.0
    return at(0.1), at(0.9)


def dealer_sums(past):
    """The listed rows of each dealer at each origin added up, and whether what came lies in the interval of the sum."""
    sums = past[past["is_listed"]].groupby(["type", "origin", "dealer_id"], as_index=False).agg(
        expected=("expected", "sum"), calibrated=("calibrated", "sum"), realised=("realised", "sum"),
        variance=("variance", "sum"), log_nothing=("log_nothing", lambda part: part.sum(min_count=1)),
        is_hit=("is_hit", "max"), factor=("factor", "max"),
    )
    ends = [sum_interval(*row) for row in sums[["calibrated", "variance", "log_nothing"]].itertuples(index=False)]
    is_inside = lambda end, came: end is not None and round(end[0], 4) <= round(came, 4) <= round(end[1], 4)
    inside = [int(is_inside(end, came)) for end, came in zip(ends, sums["realised"])]
    return sums.assign(is_inside=inside, error=(sums["realised"] - sums["expected"]).abs())


def judged(rows, scope, group):
    """One row of the backtest for each group of predictions."""
    for key, part in rows.groupby(group):
        key = dict(zip(group, key))
        low, high = ratio_interval(part.groupby("dealer_id")[["expected", "realised"]].sum())
        is_row = scope != "dealer"
        yield {
            "opportunity_type": key["type"], "scope": scope, "origin": key.get("origin", -1),
            "decile": key.get("decile", 0), "predictions": len(part), "hits": part["is_hit"].sum(),
            "hit_rate": part["is_hit"].mean(), "predicted": part["expected"].sum(),
            "predicted_calibrated": part["calibrated"].sum(), "realised": part["realised"].sum(),
            "absolute_error": part["error"].sum(), "sales_12w": part["base"].sum() if is_row else np.nan,
            "calibration_factor": part["factor"].iloc[0] if "origin" in key else np.nan,
            "ratio_low": low, "ratio_high": high, "interval_coverage": part["is_inside"].astype(float).mean(),
            "share_above_stretch": part["is_above"].astype(float).mean() if is_row else np.nan,
            "top_decile_hit_rate":
                part.loc[part["decile"] == 1, "is_hit"].mean() if scope == "all" else np.nan,
        }


def check_backtest(past, run):
    dealers = dealer_sums(past)
    mine = []
    for scope, rows, more in [
        ("all", past, []), ("listed", past[past["is_listed"]], []), ("decile", past, ["decile"]), ("dealer", dealers, []),
    ]:
        mine += [*judged(rows, scope, ["type", "origin", *more]), *judged(rows, scope, ["type", *more])]
    published = table(run, "backtest")
    published = published[
        (published["method"] == "dealerlens") & published["opportunity_type"].isin(["grow", "activate", "retain"])
    ]
    # Sums of thousands of values that were rounded one by one.
    money = ["predicted", "realised", "predicted_calibrated", "absolute_error", "sales_12w"]
    shares = ["hit_rate", "top_decile_hit_rate", "interval_coverage", "share_above_stretch"]
    key = ["opportunity_type", "scope", "origin", "decile"]
    columns = ["predictions", "hits", "calibration_factor", *shares, *money]
    compare("backtest", pd.DataFrame(mine), published, key, columns, money, by=0.01)
    # Where next to nothing was predicted in sum, the ratio magnifies what rounding moves.
    sure = published[published["predicted"].abs() > 100]
    ours = pd.DataFrame(mine).merge(sure[key], on=key)
    ends = ["ratio_low", "ratio_high"]
    compare("backtest, how far chance may move the ratio", ours, sure, key, ends, ends, by=1e-4)
    check_grow_baselines(past, run)


def check_grow_baselines(past, run):
    past = past[past["type"] == "grow"]
    p75 = past.groupby(["origin", "channel"])["scale"].transform(lambda sales: sales.quantile(0.75))
    scale = past["scale"]
    forecasts = {
        "last_window": scale, "own_52w_rate": 3 * past["sales_52w"] / 13, "p75_gap": np.maximum(scale, p75),
        "normal_gap": np.fmax(scale, past["sales_normal"].fillna(0)),
    }
    mine = []
    for method, forecast in forecasts.items():
        gap = (forecast - scale).round(4)
        rows = past.assign(gap=gap, miss=(past["realised"] - gap).abs())
        for origin, part in rows.groupby("origin"):
            mine.append({
                "method": method, "origin": origin, "predictions": len(part), "predicted": part["gap"].sum(),
                "realised": part["realised"].sum(), "absolute_error": part["miss"].sum(), "hits": part["is_hit"].sum(),
            })
    published = table(run, "backtest")
    published = published[(published["opportunity_type"] == "grow") & (published["method"] != "dealerlens")]
    money = ["predicted", "realised", "absolute_error"]
    columns = ["predictions", "hits", *money]
    compare("backtest, baselines of grow", pd.DataFrame(mine), published[~published["is_pooled"]], ["method", "origin"],
            columns, money, by=0.01)


def check_days(today, settled, run):
    published = table(run, "backtest")
    published = published[~published["is_pooled"]]
    days = [
        (today if kind == "horizontal" else settled).as_of - datetime.timedelta(days=PERIOD * k)
        for kind, k in zip(published["opportunity_type"], published["origin"])
    ]
    wrong = published[published["origin_ends_on"] != pd.Series(days, published.index, dtype=object)]
    verdict("backtest, days of its origins", wrong, f"{len(published)} rows, origin_ends_on")


# Goals


def goal_trials(today, settled, past):
    """The dealers at each origin that both pictures test: sales, the usual season's, what came, and what the settled
    picture had listed for their outlets. A dealer that had not reported in one of the pictures until the outcome was over
    was not tested there: nobody knows what would have been listed, so it is left out."""
    past = past[past["is_listed"] & past["type"].isin(["grow", "activate"])]
    listed = past.groupby(["origin", "dealer_id"])[["calibrated", "variance"]].sum()
    trials = []
    for k in sorted({*today.tested} & {*settled.tested}):
        rows = today.reported(k)
        rows = rows[rows["dealer_id"].isin(settled.reported(k)["dealer_id"])]
        rows = rows.groupby("dealer_id", as_index=False)[["sales", "next_sales"]].sum().round(4)
        trials.append(rows[rows["sales"] > 0].assign(origin=k, season=today.usual_season(k)))
    trials = pd.concat(trials).merge(listed, on=["origin", "dealer_id"], how="left")
    trials["usual_sales"] = trials["sales"] * trials["season"].fillna(1.0)
    trials["stretch_total"] = (trials["calibrated"] + 1.2816 * np.sqrt(trials["variance"])).fillna(0.0)
    return trials[trials["season"].isna() == np.isnan(today.usual_season(0))]


def check_goals(trials, run):
    """How many earlier goals had the label of a goal of today, and how many of them were reached."""
    key = ["scenario", "goal_factor", "reachability"]
    published = table(run, "growth_goals").dropna(subset="reachability")
    published = published[[*key, "label_trials", "label_reached_share"]].drop_duplicates()
    published["reached"] = (published["label_trials"] * published["label_reached_share"]).fillna(0.0)
    mine = []
    for scenario, factor in published[key[:2]].drop_duplicates().itertuples(index=False):
        goal = (factor * trials["sales"]).round(4)
        reaches = [trials["usual_sales"] >= goal, trials["usual_sales"] + trials["stretch_total"] >= goal]
        labels = np.select(reaches, ["reachable", "stretch"], "out_of_reach")
        is_reached = trials["next_sales"] >= goal
        mine.append(pd.DataFrame(
            {"scenario": scenario, "goal_factor": factor, "reachability": labels, "label_trials": 1, "reached": is_reached}
        ))
    mine = pd.concat(mine)
    if (table(run, "backtest")["opportunity_type"] == "horizontal").any():
        # What new outlets added to a stretch is not known here, so both labels beyond the season are one, if both are shown.
        beyond = {"stretch": "beyond the season", "out_of_reach": "beyond the season"}
        is_beyond = published["reachability"].isin(beyond)
        is_whole = is_beyond.groupby(published["scenario"]).transform("sum") == len(beyond)
        published = published[is_whole | ~is_beyond].replace({"reachability": beyond})
        mine = mine.replace({"reachability": beyond})
    counts = ["label_trials", "reached"]
    published = published.groupby(key, as_index=False)[counts].sum()
    mine = published[key].merge(mine.groupby(key, as_index=False)[counts].sum(), on=key, how="left").fillna(0)
    compare("how often labels of goals came true", mine, published, key, counts)


def check_ranks(published, by_dealer, by_region, name):
    """Ranks count from 1 in each dealer and region in the order that is given."""
    for rank, group, order in [("rank_in_dealer", "dealer_id", by_dealer), ("rank_in_region", "region", by_region)]:
        groups = [group, "is_growth"] if "is_growth" in published else [group]
        ordered = published.sort_values([column for column, _ in order], ascending=[up for _, up in order])
        place = ordered.groupby(groups).cumcount() + 1
        verdict(f"{name} {rank}", ordered[place != ordered[rank]], f"{len(ordered)} rows")


def check_all_ranks(run):
    frame = table(run, "vertical_opportunities")
    frame["value"] = frame["expected_value"].fillna(frame["potential"])
    order = [("value", False), ("dealer_id", True), ("outlet_id", True), ("lever", True)]
    check_ranks(frame, order, order, "vertical_opportunities")
    order = [("is_lead", False), ("expected_value", False), ("territory", True), ("channel", True), ("dealer_id", True)]
    check_ranks(table(run, "horizontal_opportunities"), order, order, "horizontal_opportunities")
    order = [("expected_value", False), ("dealer_id", True), ("outlet_id", True), ("category", True)]
    check_ranks(table(run, "range_gaps"), order, order, "range_gaps")


def taught(company, origin):
    """Snapshots whose 12 weeks were over and lay in the 52 to the origin, where the 52 weeks before them were seen."""
    return [k for k in range(origin + 3, 14) if company.history - 1 - PERIOD * k >= YEAR - 1]


# Range gaps


def bought_by_category(company, products):
    """Pairs x categories x periods: what was bought of a category, and whether any line of it had a positive value."""
    known = products[products["is_in_master"] & (products["category"] != "unknown")]
    lines = company.lines[~company.lines["is_direct"]].merge(known[["product_id", "category"]], on="product_id")
    categories = sorted(lines["category"].unique())
    shape = (len(company.pairs), len(categories), company.sales.shape[1])
    amount, is_bought = np.zeros(shape), np.zeros(shape, dtype=bool)
    place = (lines["pair"], pd.Categorical(lines["category"], categories).codes, lines["age"] // PERIOD)
    np.add.at(amount, place, lines["amount"])
    is_bought[tuple(part[lines["amount"] > 0] for part in place)] = True
    return categories, amount, is_bought


def gaps_at(company, k, direct, categories, amount, is_bought):
    """Every category that half of the peers bought in the 52 weeks to a snapshot and the pair did not."""
    pairs = company.reported(k)
    pairs = pairs[(pairs["orders"] > 0) & (pairs["orders_52w"] >= 4) & (pairs["sales_52w"] > 0)]
    pairs = pairs[~pairs["outlet_id"].isin(direct)].copy()
    pairs["sales_per_order"] = (pairs["sales_52w"] / pairs["orders_52w"]).round(4)
    pairs["channel_sales_per_order"] = pairs.groupby("channel")["sales_per_order"].transform("mean").round(4)
    pairs["order_size"] = (pairs["sales_per_order"] + pairs["channel_sales_per_order"]) / 2
    pairs["band"] = np.searchsorted([6, 9, 13, 26], pairs["orders_52w"], side="right")
    buys = is_bought[pairs["pair"], :, k : k + 13].any(axis=2)
    rows = []
    for (channel, region), at in pairs.groupby(["channel", "region"]).indices.items():
        near = pairs["channel"].to_numpy() == channel
        if len(at) >= 30:
            level, peers = "channel and region", at
        elif near.sum() >= 30:
            level, peers = "channel", np.flatnonzero(near)
        else:
            level, peers = "all", np.arange(len(pairs))
        buyers = buys[peers].sum(axis=0)
        for index in np.flatnonzero((buyers > 0) & (2 * buyers >= len(peers))):
            missing = pairs.iloc[at[~buys[at, index]]]
            after = slice(max(0, k - 3), k)
            rows.append(missing.assign(
                category=categories[index], benchmark_level=level, peer_count=len(peers), peer_buyers=buyers[index],
                benchmark=buyers[index] / len(peers), is_adopted=is_bought[missing["pair"], index, after].any(axis=1),
                spent=amount[missing["pair"], index, after].sum(axis=1),
            ))
    return pd.concat(rows, ignore_index=True) if rows else pairs.iloc[:0]


def range_forecast(today, past):
    """The gaps of a day, at most five a pair, with what those of the snapshots before teach about them."""
    # How often gaps closed: of the channel, category and number of orders, with 60 more at the rate of that number.
    prior = past.groupby("band")["is_adopted"].mean().round(6).rename("prior_probability").reset_index()
    alike = past.groupby(["channel", "category", "band"])["is_adopted"].agg(["size", "sum"]).reset_index()
    today = today.merge(prior, on="band").merge(alike, on=["channel", "category", "band"], how="left")
    today["gaps_seen"], today["adopted_seen"] = today["size"].fillna(0), today["sum"].fillna(0).astype(float)
    adopted = today["adopted_seen"] + 60 * today["prior_probability"]
    today["adoption_probability"] = (adopted / (today["gaps_seen"] + 60)).round(6)

    # What adopters spent, in orders of their size: 30 of the channel and category, else 10 of the category.
    adopters = past[past["is_adopted"]]
    totals = {"n": ("spent", "size"), "spent": ("spent", "sum"), "size": ("order_size", "sum")}
    near = adopters.groupby(["channel", "category"]).agg(**totals).to_dict("index")
    wide = adopters.groupby("category").agg(**totals).to_dict("index")
    today["spend_in_orders"] = np.nan
    for row, (channel, category) in zip(today.index, zip(today["channel"], today["category"])):
        own, others = near.get((channel, category)), wide.get(category)
        if not others or others["n"] < 10:
            continue
        level, chosen = ("channel and category", own) if own and own["n"] >= 30 else ("category", others)
        today.loc[row, "spend_level"], today.loc[row, "adopters_seen"] = level, chosen["n"]
        today.loc[row, "spend_in_orders"] = round(max(0.0, chosen["spent"] / chosen["size"]), 6)
    today = today[today["spend_in_orders"] > 0].copy()
    today["spend_if_adopted"] = (today["spend_in_orders"] * today["order_size"]).round(4)
    today["value"] = (today["adoption_probability"] * today["spend_if_adopted"]).round(4)
    today = today.sort_values(["value", "category"], ascending=[False, True])
    today["rank_in_pair"] = today.groupby(["dealer_id", "outlet_id"]).cumcount() + 1
    p = today["adoption_probability"]
    today["variance"], today["log_nothing"] = today["value"] ** 2 * (2 - p) / p, np.log((1 - p).clip(lower=1e-9))
    return today[(today["rank_in_pair"] <= 5) & (today["value"] > 0)].copy()


def range_factor(past, origin):
    """Realised / expected of all gaps at the origins known by then, where 300 adoptions show it to be far off."""
    known = past[past["origin"] >= origin + 3] if len(past) else past
    if len(known) == 0 or known["origin"].nunique() < 3:
        return 1.0
    if max(known["is_adopted"].sum(), known["adoption_probability"].sum()) < 300:
        return 1.0
    ratio = known["realised"].sum() / known["value"].sum()
    return 1.0 if 0.8 <= ratio <= 1.25 else round(min(3.0, max(0.0, ratio)), 4)


def range_forecasts(today, settled, run):
    """The gaps of today and of all tested origins, with what came of them and their factors. Today, too, learns from
    settled snapshots, as far back as the settled history fills the 52 weeks before them."""
    outlets, products = table(run, "dim_outlet"), table(run, "dim_product")
    direct = set(outlets[outlets["origin"] == "direct"]["outlet_id"])
    gaps = {0: gaps_at(today, 0, direct, *bought_by_category(today, products))}
    bought = bought_by_category(settled, products)
    origins = [0] + [k for k in range(3, 14) if len(taught(settled, k)) >= 2]
    gaps |= {k: gaps_at(settled, k, direct, *bought) for k in sorted({*origins, *taught(settled, 0)} - {0})}
    gaps = {k: rows for k, rows in gaps.items() if len(rows)}
    days = []
    for k in (k for k in origins if k in gaps):
        past = pd.concat([gaps[day] for day in taught(settled, k) if day in gaps])
        forecast = range_forecast(gaps[k], past).assign(origin=k, overall_rate=past["is_adopted"].mean())
        days.append(forecast.assign(realised=forecast["spent"].where(forecast["is_adopted"], 0.0)))
    forecasts = pd.concat(days, ignore_index=True)
    past = forecasts[forecasts["origin"] > 0]
    forecasts["factor"] = forecasts["origin"].map({k: range_factor(past, k) for k in origins})
    forecasts["calibrated"] = (forecasts["value"] * forecasts["factor"]).round(4)
    forecasts["variance"] *= forecasts["factor"] ** 2
    return forecasts


def check_range_backtest(past, run):
    published = table(run, "backtest")
    published = published[published["opportunity_type"] == "range"]
    if past.empty:
        verdict("backtest of range", published, "no origin is tested yet, and none is shown")
        return
    past = past.assign(
        type="range", is_listed=True, expected=past["value"], is_hit=past["is_adopted"].astype(int), base=0.0,
        error=(past["realised"] - past["value"]).abs(), is_inside=np.nan, is_above=np.nan,
    )
    order = ["origin", "adoption_probability", "value", "dealer_id", "outlet_id", "category"]
    past = past.sort_values(order, ascending=[True, False, False, True, True, True])
    past["decile"] = tenths(past, ["origin"])
    mine = []
    for scope, rows, more in [
        ("all", past, []), ("listed", past, []), ("decile", past, ["decile"]), ("dealer", dealer_sums(past), []),
    ]:
        mine += [*judged(rows, scope, ["type", "origin", *more]), *judged(rows, scope, ["type", *more])]
    key = ["scope", "origin", "decile"]
    money = ["predicted", "realised", "predicted_calibrated", "absolute_error"]
    columns = ["predictions", "hits", "hit_rate", "top_decile_hit_rate", "interval_coverage", "calibration_factor", *money]
    ends = ["ratio_low", "ratio_high"]
    ours = published[published["method"] == "dealerlens"]
    compare("backtest of range", pd.DataFrame(mine), ours, key, [*columns, *ends], [*money, *ends], by=0.01)

    mine = []
    for method, forecast in [("all_gaps_close", 1.0), ("overall_rate", past["overall_rate"])]:
        rows = past.assign(forecast=(forecast * past["spend_if_adopted"]).round(4))
        rows["error"] = (rows["realised"] - rows["forecast"]).abs()
        sums = rows.groupby("origin", as_index=False).agg(
            predictions=("forecast", "size"), predicted=("forecast", "sum"), realised=("realised", "sum"),
            absolute_error=("error", "sum"), hits=("is_hit", "sum"),
        )
        mine.append(sums.assign(method=method))
    naive = published[(published["method"] != "dealerlens") & ~published["is_pooled"]]
    money = ["predicted", "realised", "absolute_error"]
    compare("backtest, baselines of range", pd.concat(mine), naive, ["method", "origin"],
            ["predictions", "hits", *money], money, by=0.01)


def check_range(today, settled, run):
    published = table(run, "range_gaps")
    forecasts = range_forecasts(today, settled, run)
    check_range_backtest(forecasts[forecasts["origin"] > 0], run)
    today = forecasts[forecasts["origin"] == 0].rename(columns={"sales": "sales_12w", "calibrated": "expected_value"})
    today["calibration_factor"] = today["factor"]
    today = today[today["expected_value"] > 0]
    # Rates and spends are published with six digits; a value is their product with the size of an order.
    key = ["dealer_id", "outlet_id", "category"]
    money = ["sales_12w", "sales_per_order", "channel_sales_per_order", "order_size"]
    columns = [
        "region", "channel", "orders_52w", "benchmark", "benchmark_level", "peer_count", "peer_buyers", "gaps_seen",
        "adopted_seen", "prior_probability", "spend_level", "adopters_seen", "rank_in_pair", "calibration_factor", *money,
    ]
    compare("range_gaps", today, published, key, columns, money)
    rates = ["adoption_probability", "spend_in_orders"]
    compare("range_gaps rates", today, published, key, rates, rates, by=1.01e-6)
    spend = published["spend_in_orders"] * published["order_size"]
    value = published["adoption_probability"] * published["spend_if_adopted"] * published["calibration_factor"]
    slack = 1.01e-4 * published["calibration_factor"].clip(lower=1)
    is_wrong = (spend - published["spend_if_adopted"]).abs() > 1.01e-4
    is_wrong |= (value - published["expected_value"]).abs() > slack
    verdict("range_gaps products", published[is_wrong], f"{len(published)} rows, spend_if_adopted, expected_value")

    # What the gaps of a dealer come to together, from the published rows.
    p = published["adoption_probability"]
    rows = published.assign(
        variance=published["expected_value"] ** 2 * (2 - p) / p, log_nothing=np.log((1 - p).clip(lower=1e-9)),
    )
    sums = rows.groupby("dealer_id")[["expected_value", "variance", "log_nothing"]].sum()
    ends = [sum_interval(*row) for row in sums.itertuples(index=False)]
    names = ["dealer_expected_value", "dealer_low_value", "dealer_high_value"]
    mine = pd.DataFrame([[value, *end] for value, end in zip(sums["expected_value"], ends)], sums.index, names)
    once = published.drop_duplicates("dealer_id")
    compare("range_gaps of a dealer", mine.reset_index(), once, ["dealer_id"], names, names, by=0.01)


# Horizontal opportunities


def cells_at(company, k, universe, direct):
    """Cells at a snapshot: universe, outlets that anyone covers, and the others that ordered in the 12 weeks after."""
    pairs = company.standing(k)
    covered = pairs[pairs["is_covered"]]
    placed = covered.dropna(subset="territory").groupby(["territory", "channel"])
    near = placed["outlet_id"].nunique().rename("covered_outlets")
    # A newcomer brings its outlets with it: only what dealers won counts that sold in the window.
    selling = pairs.groupby("dealer_id")["orders"].sum()
    new = pairs[pairs["dealer_id"].map(selling) > 0]
    new = new[~new["outlet_id"].isin(covered["outlet_id"]) & ~new["outlet_id"].isin(direct)].dropna(subset="territory")
    new = new.groupby(["outlet_id", "territory", "channel"], as_index=False)[["next_orders", "next_sales"]].sum()
    new = new[new["next_orders"] > 0]
    cells = universe.join(near, how="outer")
    cells = cells.join(new.groupby(["territory", "channel"]).size().rename("new_outlets"), how="outer").reset_index()
    cells[["covered_outlets", "new_outlets"]] = cells[["covered_outlets", "new_outlets"]].fillna(0)
    cells["uncovered_outlets"] = (cells["universe_outlets"] - cells["covered_outlets"]).clip(lower=0)
    return cells, new


def rate(past, is_counted, news, base):
    """New outlets per outlet of the base by channel, with 60 more at the rate of all channels."""
    rows = past[is_counted]
    overall = rows[news].sum() / rows[base].sum() if rows[base].sum() else np.nan
    totals = rows.groupby("channel")[[news, base]].sum().reindex(past["channel"].unique(), fill_value=0)
    return (totals[news] + 60 * overall) / (totals[base] + 60)


def regions_of_territories(company, dealers):
    """The region whose dealers have most outlets there, then most homes, then by name."""
    outlets = company.pairs.groupby(["territory", "region"]).size().rename("outlets")
    homes = dealers.groupby(["territory", "region"]).size().rename("homes")
    stated = pd.concat([outlets, homes], axis=1).fillna(0).reset_index()
    stated = stated.sort_values(["outlets", "homes", "region"], ascending=[False, False, True])
    return stated.drop_duplicates("territory").set_index("territory")["region"]


def ladder(keys, tables, enough):
    """For each key its first table with `enough` in the group: level, number and value; the last table is for all."""
    for channel, region in keys:
        for level, key in [("channel and region", (channel, region)), ("channel", channel), ("all", "all")]:
            number, value = tables[level].get(key, (0, np.nan))
            if number >= enough or level == "all":
                yield level, number, value
                break


def by_levels(frame, measure):
    groups = {"channel and region": ["channel", "region"], "channel": "channel", "all": np.array(["all"] * len(frame))}
    return {level: {key: measure(rows) for key, rows in frame.groupby(group)} for level, group in groups.items()}


def expected_cells(company, job, folder, run, published):
    """Every cell of today from which new outlets are expected, on the basis that the published table names."""
    rejected = table(run, "rejected_rows")
    rows = accepted_rows(folder, job["sources"]["market"], rejected[rejected["source"] == "market"])
    universe = pd.DataFrame(list(rows))[["territory", "channel", "outlets_total"]]
    universe["universe_outlets"] = universe["outlets_total"].astype(float)
    universe = universe.set_index(["territory", "channel"])[["universe_outlets"]]
    outlets = table(run, "dim_outlet")
    direct = set(outlets[outlets["origin"] == "direct"]["outlet_id"])
    region = regions_of_territories(company, table(run, "dim_dealer"))

    days = [cells_at(company, k, universe, direct) for k in taught(company, 0)]
    past, new = pd.concat([cells for cells, _ in days]), pd.concat([new for _, new in days])
    is_served, is_known = past["covered_outlets"] > 0, past["universe_outlets"].notna()
    rates = {
        "existing outlets": rate(past, is_served, "new_outlets", "covered_outlets"),
        "uncovered outlets": rate(past, is_served & is_known, "new_outlets", "uncovered_outlets"),
        "empty": rate(past, ~is_served & is_known, "new_outlets", "uncovered_outlets"),
    }

    cells, _ = cells_at(company, 0, universe, direct)
    cells["region"] = cells["territory"].map(region)
    keys = list(zip(cells["channel"], cells["region"]))
    cells["distribution"] = np.fmin(cells["covered_outlets"], cells["universe_outlets"]) / cells["universe_outlets"]
    measured = cells[cells["universe_outlets"] > 0]
    quantiles = by_levels(measured, lambda rows: (len(rows), rows["distribution"].quantile(0.75)))
    levels = pd.DataFrame(list(ladder(keys, quantiles, 8)), columns=["benchmark_level", "peer_count", "benchmark"])
    cells[levels.columns] = levels.where(cells["universe_outlets"] > 0)
    room = (cells["benchmark"] * cells["universe_outlets"] - cells["covered_outlets"]).clip(lower=0)
    # Without a universe there is no limit, and in a universe of none there is no room.
    room = np.fmin(room, cells["uncovered_outlets"])
    cells["room_outlets"] = room.where(cells["universe_outlets"] > 0, cells["universe_outlets"])

    new["region"] = new["territory"].map(region)
    values = by_levels(new, lambda rows: (rows["outlet_id"].nunique(), max(0.0, rows["next_sales"].mean())))
    levels = pd.DataFrame(list(ladder(keys, values, 30)), columns=["value_level", "value_outlets", "sales_per_outlet"])
    cells[levels.columns] = levels
    chosen = published["rate_basis"][published["covered_outlets"] > 0]
    chosen = "uncovered outlets" if "uncovered outlets" in set(chosen) else "existing outlets"
    only = [cells["covered_outlets"] == 0, cells["universe_outlets"].isna()]
    cells["rate_basis"] = np.select(only, ["uncovered outlets", "existing outlets"], chosen)
    basis = cells["rate_basis"].where(cells["covered_outlets"] > 0, "empty")
    found = [rates[name].get(channel, 0.0) for name, channel in zip(basis, cells["channel"])]
    cells["activation_rate"] = np.round(found, 6)
    is_existing = cells["rate_basis"] == "existing outlets"
    cells["rate_outlets"] = cells["covered_outlets"].where(is_existing, cells["uncovered_outlets"])
    expected = np.fmin(cells["rate_outlets"] * cells["activation_rate"], cells["room_outlets"])
    cells["expected_outlets"] = expected.round(4)
    return cells[(cells["expected_outlets"] * cells["sales_per_outlet"] >= 0.00005) & cells["region"].notna()]


def check_horizontal(company, folder, job, run):
    published = table(run, "horizontal_opportunities")
    cell = ["territory", "channel"]
    cells = expected_cells(company, job, folder, run, published)
    of_cell = [
        "universe_outlets", "covered_outlets", "uncovered_outlets", "benchmark", "benchmark_level", "peer_count",
        "room_outlets", "rate_basis", "rate_outlets", "activation_rate", "expected_outlets", "value_level",
        "value_outlets", "sales_per_outlet",
    ]
    rounded = ["room_outlets", "expected_outlets", "sales_per_outlet"]
    leads = published[published["is_lead"]]
    compare("horizontal cells", cells, leads, cell, of_cell, rounded)
    if published.empty:
        return
    values = [*of_cell, "expected_value", "low_value", "high_value"]
    copied = published[["dealer_id", *cell]].merge(leads[[*cell, *values]], on=cell)
    compare("horizontal candidates see their cell", copied, published, [*cell, "dealer_id"], values)
    value = published["expected_outlets"] * published["sales_per_outlet"] * published["calibration_factor"]
    slack = 1.01e-4 * published["calibration_factor"].clip(lower=1)
    wrong = published[(value - published["expected_value"]).abs() > slack]
    verdict("horizontal products", wrong, f"{len(published)} rows, expected_value")

    # Candidates have reported, sold in the window and are in the territory or in its region; who has most outlets there
    # comes first.
    dealers, today = table(run, "dim_dealer"), company.reported(0)
    selling = today.groupby("dealer_id")["orders"].sum()
    dealers = dealers[dealers["dealer_id"].map(selling).fillna(0) > 0]
    region = regions_of_territories(company, table(run, "dim_dealer"))
    covered = today[today["is_covered"]]
    in_cell = covered.groupby(["dealer_id", *cell]).size()
    in_territory = covered.groupby(["dealer_id", "territory"]).size()
    mine = []
    for territory, channel in cells[cell].itertuples(index=False):
        rows = dealers[["dealer_id", "region"]].assign(
            territory=territory, channel=channel, is_home=dealers["territory"] == territory,
            dealer_outlets_in_cell=[in_cell.get((dealer, territory, channel), 0) for dealer in dealers["dealer_id"]],
            dealer_outlets_in_territory=[in_territory.get((dealer, territory), 0) for dealer in dealers["dealer_id"]],
        )
        rows = rows[(rows["dealer_outlets_in_territory"] > 0) | rows["is_home"] | (rows["region"] == region[territory])]
        mine.append(rows.assign(candidates=len(rows)))
    mine = pd.concat(mine)
    mine["kind"] = np.select(
        [mine["dealer_outlets_in_cell"] > 0, (mine["dealer_outlets_in_territory"] > 0) | mine["is_home"]],
        ["new_outlets", "new_channel"], "new_market",
    )
    rows = mine.merge(published[["dealer_id", *cell]], on=["dealer_id", *cell])
    compare("horizontal candidates", rows, published, ["dealer_id", *cell],
            ["region", "kind", "dealer_outlets_in_cell", "dealer_outlets_in_territory", "candidates"])
    order = ["dealer_outlets_in_cell", "dealer_outlets_in_territory", "is_home"]
    best = mine.sort_values(order, ascending=False).groupby(cell).head(5)
    wrong = []
    placed = published.merge(rows[["dealer_id", *cell, "is_home"]], on=["dealer_id", *cell])
    for key, five in placed.sort_values("candidate_rank").groupby(cell):
        first = best[(best["territory"] == key[0]) & (best["channel"] == key[1])]
        if (five["is_lead"].tolist() != [True] + [False] * (len(first) - 1)
                or five["candidate_rank"].tolist() != list(range(1, len(first) + 1))
                or five[order].astype(int).to_numpy().tolist() != first[order].astype(int).to_numpy().tolist()):
            wrong.append(key)
    verdict("horizontal leads", wrong, f"{len(leads)} cells with one lead each, {len(published)} candidates in order")


# Reasons


def is_shown(text, value):
    """Whether a number of a reason is the value of its column, rounded to the digits that are shown."""
    if text == "-":
        return pd.isna(value)
    digits = len(text.partition(".")[2])
    return abs(float(text) - value) <= 0.5 * 10**-digits + 1e-9 * abs(value)


def differs(template, row):
    parts = re.split(r"\{(\w+)\}", template)
    group = lambda name: "(.+?)" if isinstance(row[name], str) else r"(-?\d+(?:\.\d+)?|-)"
    pattern = "".join(re.escape(part) if index % 2 == 0 else group(part) for index, part in enumerate(parts))
    found = re.fullmatch(pattern, row["reason"])
    if not found:
        return True
    shown = zip(found.groups(), (row[name] for name in parts[1::2]))
    return any(text != value if isinstance(value, str) else not is_shown(text, value) for text, value in shown)


def vertical_reason(row):
    its_kind = "a wider kind than its own" if row["learned_level"] == "wide" else "its kind"
    start = {
        "grow": "normally sells {normal_sales} in {normal_orders} orders ({own_share} % its own history, "
        "{peer_share} % its peers), now {sales_12w} in {orders_12w}; shortfall {shortfall}, "
        "real with P {drop_share} %; {lever} makes up {potential} of it",
        "activate": f"{{chance}} % of {its_kind} ({{lookalike_kind}}) ordered within 12 weeks, "
        "and then about {potential}",
        "retain": f"{{chance}} % of {its_kind} ({{lookalike_kind}}) did not order again within 12 weeks; "
        "{sales_12w} at stake",
    }[row["opportunity_type"]]
    if pd.isna(row["expected_value"]):
        return start + "; no expected value: too few look-alikes"
    end = "; expected {expected_value} (80 %: {low_value} to {high_value}), as observed on {lookalikes} look-alikes"
    return start + end + ("" if row["calibration_factor"] == 1 else ", times {calibration_factor} by the backtest")


def horizontal_reason(row):
    market = "uncovered {uncovered_outlets} of {universe_outlets} outlets, covered by anyone {covered_outlets}"
    peers = "no market data; outlets covered by anyone {covered_outlets}"
    limit = ", limited by the {room_outlets} missing to the peers' 75 % quantile of distribution, {benchmark_share} %"
    limit += " ({peer_count} cells)"
    is_limited = row["expected_outlets"] < round(row["rate_outlets"] * row["activation_rate"], 4) - 1e-9
    return (
        (market if row["evidence"] == "market" else peers)
        + "; {expected_outlets} new outlets expected in 12 weeks = {rate_outlets} "
        + row["rate_basis"].removesuffix(" outlets") + " x {activation_rate}" + (limit if is_limited else "")
        + "; x {sales_per_outlet} that a new outlet bought ("
        + {"channel": "same channel", "all": "all channels"}.get(row["value_level"], "same channel and region")
        + ", {value_outlets} outlets)" + ("" if row["calibration_factor"] == 1 else " x {calibration_factor}")
        + " = {expected_value}; candidate {candidate_rank} of {candidates}, covers {dealer_outlets_in_cell} "
        "in the cell, {dealer_outlets_in_territory} in the territory"
    )


def range_reason(row):
    where = {"channel": "in the channel", "all": "in all channels"}
    return (
        "{peer_buyers} of {peer_count} peers " + where.get(row["benchmark_level"], "in the channel and region")
        + " buy it, this outlet did not in its {orders_52w} orders of 52 weeks; {adoption_share} % begin within "
        "12 weeks ({adopted_seen} of {gaps_seen} alike, and 60 more at {prior_share} %) and spend {spend_if_adopted} "
        "({adopters_seen} seen)" + ("" if row["calibration_factor"] == 1 else " x {calibration_factor}")
        + ": {expected_value}"
    )


def check_reasons(run):
    for name, template, shares in [
        ("vertical_opportunities", vertical_reason,
         {"own_share": "credibility", "drop_share": "drop_probability", "chance": "probability"}),
        ("horizontal_opportunities", horizontal_reason, {"benchmark_share": "benchmark"}),
        ("range_gaps", range_reason, {"adoption_share": "adoption_probability", "prior_share": "prior_probability"}),
    ]:
        frame = table(run, name)
        for share, column in shares.items():
            frame[share] = 100 * frame[column].astype(float)
        if "own_share" in frame:
            frame["peer_share"] = 100 - frame["own_share"]
        wrong = [row["reason"] for row in frame.to_dict("records") if differs(template(row), row)]
        verdict(f"{name} reasons", wrong, f"{len(frame)} rows, each number of the text is the one of its column")


def main(folder, run):
    job = tomllib.loads((folder / "dealerlens.toml").read_text(encoding="utf-8"))
    outlets, dealers = table(run, "dim_outlet"), table(run, "dim_dealer")
    as_of = dealers["as_of"].iloc[0]
    sales = load_sales(folder, job, table(run, "rejected_rows"))
    report_within_days = job.get("quality", {}).get("report_within_days", REPORT_WITHIN_DAYS)
    today = Company(sales, outlets, dealers, as_of, report_within_days)
    day = settled_day(as_of)
    settled = Company(sales, seen_on(outlets, day), dealers, day, report_within_days)
    quality = table(run, "data_quality")
    accepted = quality[(quality["source"] == "sales") & (quality["outcome"] == "accepted")]
    is_same = len(sales) == accepted["rows"].sum() and abs(sales["amount"].sum() - accepted["amount"].sum()) < 0.01
    verdict("accepted sales", [] if is_same else [(len(sales), sales["amount"].sum())], f"{len(sales)} rows")
    predictions = predict(today, settled)
    check_vertical(today, predictions, run)
    past = tested(predictions)
    check_backtest(past, run)
    check_days(today, settled, run)
    check_goals(goal_trials(today, settled, past), run)
    check_range(today, settled, run)
    check_horizontal(today, folder, job, run)
    check_all_ranks(run)
    check_reasons(run)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sample = pathlib.Path(sys.argv[1]).resolve()
    sys.exit(main(sample, pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else sample / "out/latest").resolve()))
