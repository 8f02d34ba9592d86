"""Writes the golden vectors of sdk-drift's evaluation into the folder given as the argument.

For each case one CSV file has the rows, and expected.csv the values: case,key,value. Numbers are
written with all their digits. Metrics come from scikit-learn, Wilson's interval from scipy;
DeLong's interval, the lift and the bootstrap's draws are written here a second time, in the most
literal way, because neither library has them.
"""

import csv
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy.stats
import sklearn.metrics as skm

SEEDS = (1, 2, 3)
LEVEL = 0.95
RESAMPLES = 200
BINARY = ("auc", "log_loss", "brier", "accuracy", "precision", "recall", "f1", "lift_10")
REGRESSION = ("rmse", "mae", "r2")


def lift(scores, labels, weights, fraction):
    """Lift with ties in proportion: each row of a tied group is covered by the same share."""
    wanted = fraction * weights.sum()
    above = np.array([weights[scores > s].sum() for s in scores])
    tied = np.array([weights[scores == s].sum() for s in scores])
    covered = np.clip((wanted - above) / tied, 0, 1)
    hits = math.fsum(covered * weights * labels)
    return (hits / wanted) / (math.fsum(weights * labels) / math.fsum(weights))


def delong(scores, labels, level):
    """DeLong's interval from the full matrix of comparisons, as the paper of 1988 defines it."""
    x, y = scores[labels == 1], scores[labels == 0]
    psi = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    auc = psi.mean()
    variance = psi.mean(axis=1).var(ddof=1) / len(x) + psi.mean(axis=0).var(ddof=1) / len(y)
    half = scipy.stats.norm.ppf(0.5 + level / 2) * math.sqrt(variance)
    return max(0.0, auc - half), min(1.0, auc + half)


def binary_metrics(scores, labels, weights, threshold):
    predicted = (scores >= threshold).astype(int)
    both = {"labels": [0, 1]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zero divisions and single classes are what is tested
        one_class = len(set(labels[weights > 0])) < 2
        return {
            "auc": math.nan if one_class else skm.roc_auc_score(labels, scores, sample_weight=weights),
            "log_loss": skm.log_loss(labels, scores, sample_weight=weights, **both),
            "brier": skm.brier_score_loss(labels, scores, sample_weight=weights, **both),
            "accuracy": skm.accuracy_score(labels, predicted, sample_weight=weights),
            "precision": skm.precision_score(labels, predicted, sample_weight=weights),
            "recall": skm.recall_score(labels, predicted, sample_weight=weights),
            "f1": skm.f1_score(labels, predicted, sample_weight=weights),
            "lift_10": lift(scores, labels, weights, 0.1) if labels[weights > 0].any() else math.nan,
        }


def regression_metrics(predictions, actuals, weights):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "rmse": skm.root_mean_squared_error(actuals, predictions, sample_weight=weights),
            "mae": skm.mean_absolute_error(actuals, predictions, sample_weight=weights),
            "r2": skm.r2_score(actuals, predictions, sample_weight=weights),
        }


class SplitMix64:
    """Java's SplittableRandom: 64-bit Weyl sequence and Stafford's mix number 13."""

    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = seed & self.MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return z ^ (z >> 31)

    def below(self, n):
        return ((self.next() >> 1) * n) >> 63


def bootstrap(metrics_of_rows, n, seed, level):
    """Percentile intervals over RESAMPLES resamples of rows 0 to n - 1."""
    random = SplitMix64(seed)
    drawn = []
    for _ in range(RESAMPLES):
        rows = np.array([random.below(n) for _ in range(n)])
        drawn.append(metrics_of_rows(rows))
    tail = (1 - level) / 2
    return {key: np.quantile([d[key] for d in drawn], [tail, 1 - tail]) for key in drawn[0]}


def binary_cases():
    """Yields name, scores, labels, weights (or None), slice values (or None), threshold."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        n = 300
        p = rng.beta(2, 3, n)
        labels = (rng.random(n) < p).astype(int)
        slices = rng.choice(["EWR", "JFK", "LGA"], n)
        yield f"plain-{seed}", p, labels, None, None, 0.5
        yield f"weights-{seed}", p, labels, rng.gamma(2.0, 1.5, n), slices, 0.4
        ties = np.round(p, 1)
        whole = rng.integers(0, 4, n).astype(float)
        yield f"ties-{seed}", ties, labels, None, slices, 0.5
        yield f"ties-weights-{seed}", ties, labels, whole, slices, 0.3
    rng = np.random.default_rng(11)
    n = 120
    labels = rng.integers(0, 2, n)
    extreme = rng.choice([0.0, 1.0, 1e-300, 1e-17, 1 - 2.0**-53, 0.5, 1e-15, 1 - 1e-10], n)
    yield "extreme", extreme, labels, None, None, 0.5
    yield "extreme-weights", extreme, labels, rng.choice([1e-6, 1.0, 1e6], n), None, 0.5
    yield "close", 0.4 + 1e-9 * rng.integers(0, 40, n), labels, None, None, 0.4 + 2e-8
    yield "close-ulps", 0.4 + 2.0**-54 * rng.integers(0, 9, n), labels, None, None, 0.4
    yield "perfect", np.linspace(0.01, 0.99, 40), np.repeat([0, 1], 20), None, None, 0.5
    yield "reversed", np.linspace(0.99, 0.01, 40), np.repeat([0, 1], 20), None, None, 0.5
    yield "constant", np.full(30, 0.25), rng.integers(0, 2, 30), None, None, 0.5
    yield "none-predicted", rng.random(50) * 0.4, rng.integers(0, 2, 50), None, None, 0.5
    yield "only-ones", rng.random(20), np.ones(20, dtype=int), None, None, 0.5
    yield "only-zeros", rng.random(20), np.zeros(20, dtype=int), None, None, 0.5
    yield "one-row", np.array([0.7]), np.array([1]), None, None, 0.5
    # The slice "a" has one class, "b" one row, "c" both classes, and "d" no weight but in one row.
    slices = np.array(["a"] * 10 + ["b"] + ["c"] * 20 + ["d"] * 9)
    labels = np.array([1] * 10 + [0] + [0, 1] * 10 + [1, 0, 0, 1, 0, 0, 1, 0, 1])
    weights = np.array([1.0] * 31 + [0.0] * 8 + [2.5])
    yield "degenerate-slices", rng.random(40), labels, None, slices, 0.5
    yield "degenerate-slices-weights", rng.random(40), labels, weights, slices, 0.5


def regression_cases():
    """Yields name, predictions, actuals, weights (or None), slice values (or None)."""
    for seed in SEEDS:
        rng = np.random.default_rng(100 + seed)
        n = 200
        actuals = rng.normal(20, 40, n)
        predictions = actuals + rng.normal(1, 12, n)
        slices = rng.choice(["EWR", "JFK", "LGA"], n)
        yield f"plain-{seed}", predictions, actuals, None, None
        yield f"weights-{seed}", predictions, actuals, rng.gamma(2.0, 1.5, n), slices
    rng = np.random.default_rng(111)
    spread = rng.normal(0, 1, 100)
    yield "large-offset", 1e6 + spread + rng.normal(0, 0.1, 100), 1e6 + spread, None, None
    sizes = 10.0 ** rng.integers(-8, 9, 100)
    yield "many-sizes", sizes * rng.normal(1, 0.5, 100), sizes, None, None
    yield "constant", rng.normal(0, 1, 20), np.full(20, 0.5), None, None
    yield "constant-perfect", np.full(20, 0.5), np.full(20, 0.5), None, None
    yield "perfect", spread, spread, None, None
    yield "one-row", np.array([3.0]), np.array([5.0]), None, None


def number(value):
    return "nan" if math.isnan(value) else repr(float(value))


class Writer:
    def __init__(self, folder):
        self.folder = folder
        self.expected = []

    def rows(self, name, header, *columns):
        with open(self.folder / name, "w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(header)
            for row in zip(*columns):
                out.writerow([v if isinstance(v, str) else number(v) for v in row])

    def expect(self, case, values, suffix=""):
        for key, value in values.items():
            self.expected.append((case, key + suffix, number(value)))

    def expect_slices(self, case, slices, metrics_of_rows, weights):
        if slices is None:
            return
        for value in sorted(set(slices)):
            rows = np.flatnonzero((slices == value) & (weights > 0))
            self.expect(case, metrics_of_rows(rows), f"_by_origin/{value}")


def write_binary(writer):
    for name, scores, labels, weights, slices, threshold in binary_cases():
        case = "binary-" + name
        n = len(scores)
        given = np.ones(n) if weights is None else weights
        origin = np.full(n, "all") if slices is None else slices
        writer.rows(
            case + ".csv", ("score", "label", "weight", "origin"), scores, labels, given, map(str, origin)
        )
        metrics_of = lambda rows: binary_metrics(scores[rows], labels[rows], given[rows], threshold)
        writer.expect(case, {"threshold": threshold})
        writer.expect(case, metrics_of(np.arange(n)))
        writer.expect_slices(case, slices, metrics_of, given)
        if weights is None and min(labels.sum(), n - labels.sum()) >= 2:
            low, high = delong(scores, labels, LEVEL)
            writer.expect(case, {"delong/low": low, "delong/high": high})
            fpr, tpr, thresholds = skm.roc_curve(labels, scores)
            writer.rows("roc-" + case + ".csv", ("fpr", "tpr", "threshold"), fpr, tpr, thresholds)
        if name.endswith(("-1", "-2")):
            # The Java side numbers its rows by ascending score and leaves out those of no weight.
            order = np.argsort(scores, kind="stable")
            order = order[given[order] > 0]
            ends = bootstrap(lambda rows: metrics_of(order[rows]), len(order), 42, LEVEL)
            writer.expect(case, {k: v[0] for k, v in ends.items()}, "/low")
            writer.expect(case, {k: v[1] for k, v in ends.items()}, "/high")


def write_regression(writer):
    for name, predictions, actuals, weights, slices in regression_cases():
        case = "regression-" + name
        n = len(actuals)
        given = np.ones(n) if weights is None else weights
        origin = np.full(n, "all") if slices is None else slices
        writer.rows(
            case + ".csv",
            ("prediction", "actual", "weight", "origin"),
            predictions,
            actuals,
            given,
            map(str, origin),
        )
        metrics_of = lambda rows: regression_metrics(predictions[rows], actuals[rows], given[rows])
        writer.expect(case, metrics_of(np.arange(n)))
        writer.expect_slices(case, slices, metrics_of, given)
        if name.endswith("-1"):
            ends = bootstrap(metrics_of, n, -7, LEVEL)
            writer.expect(case, {k: v[0] for k, v in ends.items()}, "/low")
            writer.expect(case, {k: v[1] for k, v in ends.items()}, "/high")


def write_wilson(writer):
    rows = []
    for successes, trials in ((0, 1), (1, 1), (0, 10), (10, 10), (3, 10), (1, 1000), (999, 1000),
                              (50, 100), (54321, 10**6), (7, 10**9)):
        for level in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999):
            ci = scipy.stats.binomtest(successes, trials).proportion_ci(level, method="wilson")
            rows.append((successes, trials, level, ci.low, ci.high))
    writer.rows("wilson.csv", ("successes", "trials", "level", "low", "high"), *zip(*rows))


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    writer = Writer(folder)
    write_binary(writer)
    write_regression(writer)
    write_wilson(writer)
    cases, keys, values = zip(*writer.expected)
    with open(folder / "expected.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("case", "key", "value"))
        out.writerows(zip(cases, keys, values))


if __name__ == "__main__":
    main()
