"""All dealers at all snapshots."""

import datetime

import numpy as np
import pandas as pd

from axes import Axis, class_of, coverage_probability, performance_probability, thresholds
from company import PERIOD, WINDOW, known_until
from counted import SNAPSHOTS, order_values, pairs_at, totals
from market import distribution, target_at, territories_of

RATED = range(12, -1, -1)


class Picture:
    """Dealers at all snapshots."""

    def __init__(self, company, dealers, market, daily, job):
        self.company, self.dealers, self.job = company, dealers.set_index("dealer_id"), job
        self.orders = order_values(company)
        self.pairs = {k: pairs_at(company, self.orders, k) for k in SNAPSHOTS}
        territories = territories_of(dealers, self.pairs)
        self.at = {k: self.measured(k, territories[k], market, daily) for k in SNAPSHOTS}
        self.coverage_metric, self.performance_metric = self.metrics()
        self.history = self.replayed()

    def ends_on(self, k):
        return self.company.as_of - datetime.timedelta(days=PERIOD * k)

    def measured(self, k, territories, market, daily):
        rows = totals(self.pairs[k], "dealer_id").reindex(self.dealers.index, fill_value=0.0)
        rows = rows.join(distribution(self.pairs[k], territories, market))
        rows["target"] = [target_at(daily, dealer, self.ends_on(k)) for dealer in rows.index]
        rows["tier"] = self.dealers["tier"]
        unknown_days = known_until(self.company.lines).reindex(rows.index) - PERIOD * k
        rows["is_not_reported"] = unknown_days > self.company.report_within_days
        return rows

    def metrics(self):
        selling = self.at[0][self.at[0]["orders"] > 0]
        most = lambda has: has.sum() > 0 and 2 * has.sum() >= len(selling)
        coverage = "numeric_distribution" if most(selling["universe"] > 0) else "active_outlets"
        performance = self.job.get("classes", {}).get("performance", "auto")
        if performance == "auto":
            performance = "attainment" if most(selling["target"] > 0) else "sales_per_outlet"
        return coverage, performance

    def started_ages(self):
        """Age of the start of each dealer, and whether it is known."""
        first = self.company.lines.groupby("dealer_id")["age"].max().reindex(self.dealers.index)
        onboarded = pd.Series(
            [np.nan if pd.isna(day) else (self.company.as_of - day).days for day in self.dealers["onboarded_on"]],
            self.dealers.index, dtype=float,
        )
        is_known = onboarded.notna() | (self.company.history - 1 - first >= WINDOW)
        return np.fmax(first, onboarded), is_known

    def rated(self, k):
        """The dealers that had started, with both metrics and what they are held against."""
        rows = self.at[k].copy()
        started, is_known = self.started_ages()
        rows["is_new"] = is_known & (started - PERIOD * k < WINDOW)
        rows = rows[~(started < PERIOD * k)]
        is_seen = self.company.history - 1 >= PERIOD * k
        is_numeric = self.coverage_metric == "numeric_distribution"
        rows["coverage"] = rows["numeric"] if is_numeric else rows["active"] if is_seen else np.nan
        rows["performance_base"] = rows["target" if self.performance_metric == "attainment" else "covered"]
        rows["performance"] = rows["sales"] / rows["performance_base"].where(rows["performance_base"] > 0) if is_seen else np.nan
        rows.loc[rows["is_not_reported"], ["coverage", "performance"]] = np.nan
        for axis in ["coverage", "performance"]:
            held = pd.DataFrame(thresholds(rows, axis), columns=["dealer_id", "level", "peers", "threshold"])
            held = held.set_index("dealer_id").astype({"threshold": float})
            rows[[f"{axis}_benchmark_level", f"{axis}_peers", f"{axis}_threshold"]] = held
        rows["coverage_probability"] = [
            coverage_probability(row, self.coverage_metric, row["coverage_threshold"]) for _, row in rows.iterrows()
        ]
        rows["performance_probability"] = [
            performance_probability(row, row["performance_threshold"]) for _, row in rows.iterrows()
        ]
        return rows

    def replayed(self):
        """Both axes and the class of each dealer at each snapshot."""
        axes, before, history = {}, {}, []
        for k in RATED:
            for dealer, row in self.rated(k).iterrows():
                strong, high = axes.setdefault(dealer, (Axis(), Axis()))
                row["is_strong"] = strong.turn(
                    row["is_new"], row["coverage_probability"], row["coverage_threshold"], row["coverage"])
                row["is_high"] = high.turn(
                    row["is_new"], row["performance_probability"], row["performance_threshold"], row["performance"])
                row["dealer_class"], row["previous_class"] = class_of(row), before.get(dealer)
                before[dealer] = row["dealer_class"]
                history.append({"dealer_id": dealer, "snapshot": k} | row.to_dict())
        return pd.DataFrame(history)
