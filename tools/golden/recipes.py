"""Columns that Java and Python make alike, bit by bit, from a few lines of JSON.

A recipe is a dict: `make` says how a row's value comes from its draws, `n` how many rows there are and
`seed` where the draws start. Draw d of row i is the uniform number u(seed, 16 i + d) of SplitMix64 in
counter form; only + - * / and floor follow, so that no library's exp or log can differ. The Java twin
is the test class Recipes.
"""

import numpy as np
import pandas as pd

GAMMA = np.uint64(0x9E3779B97F4A7C15)
DRAWS = 16  # 0 to 11 make the value, 12 decides whether it is missing, 13 chooses a category


def uniform(seed, rows, draw):
    with np.errstate(over="ignore"):
        counter = np.arange(rows, dtype=np.uint64) * np.uint64(DRAWS) + np.uint64(draw + 1)
        z = np.uint64(seed) + counter * GAMMA
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def bell(seed, rows):
    """Twelve uniform numbers less six: nearly normal, mean 0, variance 1."""
    total = np.zeros(rows)
    for draw in range(12):
        total = total + uniform(seed, rows, draw)
    return total - 6.0


def codes(recipe):
    """Category numbers: the first whose cumulated weight is above the draw."""
    u = uniform(recipe["seed"], recipe["n"], 13)
    edges = np.cumsum(np.array(recipe["weights"], dtype=float))
    return np.minimum(np.searchsorted(edges, u * edges[-1], side="right"), len(edges) - 1)


def numbers(recipe):
    seed, n, make = recipe["seed"], recipe["n"], recipe["make"]
    if make == "bell":
        x = bell(seed, n)
    elif make == "cube":
        x = bell(seed, n)
        x = x * x * x
    elif make == "uniform":
        x = uniform(seed, n, 0)
    elif make == "codes":
        x = codes(recipe).astype(float)
    else:
        raise ValueError(make)
    x = x * recipe.get("scale", 1.0) + recipe.get("shift", 0.0)
    if "grid" in recipe:
        x = np.floor(x * recipe["grid"]) / recipe["grid"]
    return np.concatenate([x, np.array(recipe.get("extra", []), dtype=float)])


def series(recipe):
    """The column as pandas would have it after reading a CSV file."""
    kind = recipe["kind"]
    if kind == "text":
        x = pd.Series(["c" + str(code) for code in codes(recipe)], dtype=object)
        missing = None
    elif kind == "bool":
        return pd.Series(codes(recipe) == 1)
    else:
        x = pd.Series(numbers(recipe))
        missing = np.nan
    share = recipe.get("missing", 0.0)
    if share:
        gone = uniform(recipe["seed"], recipe["n"], 12) < share
        gone = np.concatenate([gone, np.zeros(len(x) - len(gone), dtype=bool)])
        x[gone] = missing
    if kind == "int":
        return x.astype("int64")
    if kind == "text":
        return x.astype(object)
    return x
