"""Probabilities of the two axes of a class, and how they turn."""

import math

import numpy as np


def beta_survival(a, b, x):
    """P(a rate is above x) of Beta(a, b) with whole a and b: fewer than a successes in a + b - 1 trials."""
    n = int(a + b - 1)
    logs = [math.lgamma(n + 1) - math.lgamma(j + 1) - math.lgamma(n - j + 1) + j * math.log(x) + (n - j) * math.log1p(-x)
            for j in range(int(a))]
    return min(1.0, math.fsum(map(math.exp, logs)))


def gamma_survival(count, x):
    """P(Gamma(count + 1/2) > x) by its recurrence from erfc on."""
    terms = [math.exp(-x + (j - 0.5) * math.log(x) - math.lgamma(j + 0.5)) for j in range(1, int(count) + 1)]
    return min(1.0, math.erfc(math.sqrt(x)) + math.fsum(terms))


def coverage_probability(row, metric, threshold):
    if np.isnan(row["coverage"]) or np.isnan(threshold):
        return np.nan
    if threshold <= 0:
        return float(row["coverage"] > 0)
    if metric == "active_outlets":
        return gamma_survival(row["active"], threshold)
    covered = min(row["in_universe"], row["universe"])
    if threshold >= 1:
        return float(covered >= row["universe"])
    return beta_survival(covered + 1, row["universe"] - covered + 1, threshold)


def performance_probability(row, threshold):
    if np.isnan(row["performance"]) or np.isnan(threshold):
        return np.nan
    if threshold <= 0 and row["sales"] <= 0:
        return 0.0
    if math.isclose(row["performance"], threshold, rel_tol=1e-12):
        return 0.5
    distance = row["sales"] - threshold * row["performance_base"]
    if row["squares"] > 0:
        return math.erfc(-distance / math.sqrt(2 * row["squares"])) / 2
    return float(distance > 0)


def thresholds(rated, axis):
    """Median and number of peers: the tier's if eight of it are rated, else all."""
    peers = rated[~rated["is_new"]]
    for dealer, tier in rated["tier"].items():
        own = peers.loc[peers["tier"] == tier, axis].dropna() if isinstance(tier, str) else ()
        level, values = ("tier", own) if len(own) >= 8 else ("all", peers[axis].dropna())
        yield dealer, level, len(values), values.median()


class Axis:
    """One axis of one dealer, turned snapshot by snapshot."""

    def __init__(self):
        self.state, self.is_decided = None, False

    def turn(self, is_new, probability, threshold, value):
        """What it is now: up from 0.8 on, down to 0.2, and in between what it was."""
        if not is_new and not np.isnan(probability) and (threshold > 0 or value > 0):
            border = 0.8 if self.is_decided else 0.5
            if probability >= border or not self.is_decided or probability <= 0.2:
                self.state = bool(probability >= border)
            self.is_decided = True
        if self.state is None and not is_new and probability <= 0.2:
            return False
        return self.state


CLASSES = {(True, True): "star", (False, True): "expand", (True, False): "deepen", (False, False): "fix"}


def class_of(row):
    if row["is_new"]:
        return "new"
    if np.isnan(row["coverage_probability"]) or np.isnan(row["performance_probability"]):
        return "unrated"
    return CLASSES[row["is_strong"], row["is_high"]]
