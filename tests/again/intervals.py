"""Intervals of sums and of ratios of sums."""

import math

import numpy as np



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
    # What a dealer with one outlet at risk lost is the end itself, so a thousandth does not matter.
    slack = lambda end: 0.001 * abs(end) + 0.01
    is_inside = lambda end, came: end is not None and end[0] - slack(end[0]) <= came <= end[1] + slack(end[1])
    inside = [int(is_inside(end, came)) for end, came in zip(ends, sums["realised"])]
    return sums.assign(is_inside=inside, error=(sums["realised"] - sums["expected"]).abs())
