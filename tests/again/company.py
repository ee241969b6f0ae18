"""Sales of a company in dense arrays of pairs x periods."""

import datetime

import numpy as np
import pandas as pd

PERIOD, WINDOW, YEAR = 28, 84, 364

REPORT_WITHIN_DAYS = 14  # where the job file does not say


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
        self.history = int(orders["age"].max()) + 1 if len(orders) else 0
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


def taught(company, origin):
    """Snapshots whose 12 weeks were over and lay in the 52 to the origin, where the 52 weeks before them were seen."""
    return [k for k in range(origin + 3, 14) if company.history - 1 - PERIOD * k >= YEAR - 1]
