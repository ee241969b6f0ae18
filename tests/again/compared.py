"""What is compared, and what was found."""

import numpy as np
import pandas as pd

verdicts = {"agree": 0, "DIFFER": 0}


def verdict(name, differences, what):
    """Prints one comparison: what was compared, or the first rows that differ."""
    word = "DIFFER" if len(differences) else "agree"
    verdicts[word] += 1
    print(f"{word:7} {name}: " + (f"{len(differences)} differences\n{str(differences)[:2000]}" if len(differences) else what))


def compare(name, mine, published, keys, columns, rounded=(), by=1.01e-4):
    """The same keys and values: texts equal, numbers to 1e-6, `rounded` columns also to what rounding moves."""
    if mine.empty or published.empty:
        found = mine if published.empty else published
        verdict(name, [len(mine), len(published)] if len(found) else [], "no row")
        return
    mine, published = mine.reindex(columns=[*keys, *columns]), published[[*keys, *columns]]
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
