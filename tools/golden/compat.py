"""Writes the golden vectors of the compatibility modes into the folder given as the argument.

Evidently, NannyML and scipy themselves compute every number, on seeded columns (compat_cases.py) and on
the flights of January to March against June and July (the CSV given as second argument).
"""

import json
import math
import os
import sys
import warnings
from pathlib import Path

os.environ.update(
    DO_NOT_TRACK="1", ITERATIVE_DO_NOT_TRACK="1", NML_DISABLE_USAGE_LOGGING="1", MLFLOW_DISABLE_TELEMETRY="true"
)
warnings.simplefilter("ignore")

import evidently  # noqa: E402  (the environment has to be set first)
import nannyml  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import scipy  # noqa: E402
from evidently import Dataset, Report  # noqa: E402
from evidently.core.datasets import infer_column_type  # noqa: E402
from evidently.legacy.calculations import stattests  # noqa: E402,F401  (registers the tests)
from evidently.legacy.calculations.stattests.registry import get_registered_stattest  # noqa: E402
from evidently.legacy.core import ColumnType  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402
from scipy import stats  # noqa: E402

from compat_cases import CATEGORICAL, NUMERIC  # noqa: E402
from recipes import bell, series, uniform  # noqa: E402

FLIGHTS = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib", "dep_delay", "distance",
           "hour", "carrier", "origin", "dest"]  # fmt: skip
NUMERIC_METHODS = ["ks", "wasserstein", "psi", "kl_div", "jensenshannon", "hellinger", "ed", "anderson",
                   "cramer_von_mises", "mannw", "t_test", "es"]  # fmt: skip
CATEGORICAL_METHODS = ["chisquare", "z", "psi", "kl_div", "jensenshannon", "hellinger", "g_test",
                       "fisher_exact", "TVD"]  # fmt: skip


def plain(value):
    """A number as JSON has it; NaN and infinities are texts, as in the project's JSON."""
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def write(folder, name, content):
    with open(folder / name, "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


def pairs(cases):
    return {name: (series(reference), series(current)) for name, (reference, current) in cases.items()}


def recipes(cases):
    return {name: {"reference": r, "current": c} for name, (r, c) in cases.items()}


# ---- scipy


def scipy_tests(x, y):
    """The tests that a pair of samples without NaN allows, in scipy's defaults unless the name says more."""
    tests = {
        "ks_2samp": lambda: stats.ks_2samp(x, y),
        "wasserstein_distance": lambda: stats.wasserstein_distance(x, y),
        "energy_distance": lambda: stats.energy_distance(x, y),
        "anderson_ksamp": lambda: stats.anderson_ksamp([x, y], variant="midrank"),
        "cramervonmises_2samp": lambda: stats.cramervonmises_2samp(x, y),
        "mannwhitneyu": lambda: stats.mannwhitneyu(x, y),
        "mannwhitneyu_less": lambda: stats.mannwhitneyu(x, y, alternative="less"),
        "mannwhitneyu_greater": lambda: stats.mannwhitneyu(x, y, alternative="greater"),
        "ttest_ind": lambda: stats.ttest_ind(x, y),
        "ttest_ind_welch": lambda: stats.ttest_ind(x, y, equal_var=False),
        "epps_singleton_2samp": lambda: stats.epps_singleton_2samp(x, y),
    }
    found = {}
    for name, test in tests.items():
        try:
            result = test()
        except Exception as refused:
            found[name] = {"error": type(refused).__name__}
            continue
        if isinstance(result, (float, np.floating)):
            found[name] = {"statistic": plain(result)}
        else:
            found[name] = {"statistic": plain(result.statistic), "p": plain(result.pvalue)}
    return found


def scipy_tables():
    tables = [
        [[10, 20, 30], [6, 9, 17]], [[12, 5], [3, 9]], [[8, 2], [1, 5]], [[1000, 1200], [1100, 1050]],
        [[3, 0, 7, 11], [5, 2, 0, 9]], [[50000, 30000, 20000], [49000, 30500, 20900]], [[1, 9], [11, 3]],
        [[0, 10], [10, 0]], [[200, 200], [210, 190]],
    ]  # fmt: skip
    found = []
    for table in tables:
        row = {"table": table}
        for name, options in (("chi2_contingency", {}), ("chi2_contingency_raw", {"correction": False}),
                              ("g_contingency", {"lambda_": "log-likelihood"})):  # fmt: skip
            result = stats.chi2_contingency(table, **options)
            row[name] = {"statistic": plain(result.statistic), "p": plain(result.pvalue)}
        if len(table[0]) == 2:
            result = stats.fisher_exact(table)
            row["fisher_exact"] = {"statistic": plain(result.statistic), "p": plain(result.pvalue)}
        found.append(row)
    return found


def kstwo():
    """The limit law over all the regions that scipy switches between."""
    found = []
    for n in (1, 2, 3, 5, 10, 50, 139, 140, 141, 200, 1000, 5000, 32367, 100000, 100001, 1000000):
        for z in (0.3, 0.51, 0.6, 0.75, 0.868, 0.9, 1.0, 1.2, 1.48, 1.5, 2.0, 2.5, 4.0, 6.0, 10.0, 19.0):
            x = z / math.sqrt(n)
            if x < 1:
                found.append([n, x, plain(stats.kstwo.sf(x, n))])
        for t in (0.4, 0.7, 1.0, 1.3):
            if t / n < 1:
                found.append([n, t / n, plain(stats.kstwo.sf(t / n, n))])
        for x in (0.45, 0.5, 0.55, 0.8, 0.9, 0.99):
            if n <= 1000:
                found.append([n, x, plain(stats.kstwo.sf(x, n))])
    return found


def write_scipy(folder):
    tests = {}
    for name, (reference, current) in pairs(NUMERIC).items():
        x, y = clean(reference), clean(current)
        tests[name] = scipy_tests(x.to_numpy(), y.to_numpy())
    write(folder, "scipy.json", {
        "scipy": scipy.__version__, "recipes": recipes(NUMERIC), "tests": tests,
        "tables": scipy_tables(), "kstwo": kstwo(),
    })  # fmt: skip


# ---- Evidently


def clean(column):
    """What Evidently does to a column before every test."""
    return column.replace([-np.inf, np.inf], np.nan).dropna()


def direct(method, reference, current, kind):
    test = get_registered_stattest(method, kind)
    try:
        result = test(clean(reference), clean(current), kind, None)
    except Exception as refused:
        return {"error": type(refused).__name__}
    return {
        "method": test.display_name, "score": plain(result.drift_score),
        "threshold": plain(result.actual_threshold), "drifted": bool(result.drifted),
    }  # fmt: skip


def preset(reference, current, **options):
    """Runs Evidently's own report over frames."""
    snapshot = Report([DataDriftPreset(**options)], include_tests=True).run(
        Dataset.from_pandas(current), Dataset.from_pandas(reference)
    )
    result = snapshot.dict()
    failed = {t["metric_config"]["params"].get("column") for t in result["tests"] if status(t) == "FAIL"}
    found = {"columns": {}}
    for metric in result["metrics"]:
        params = metric["config"]
        if "column" not in params:
            found["drifted"] = plain(metric["value"]["count"])
            found["share"] = plain(metric["value"]["share"])
            continue
        column = params["column"]
        found["columns"][column] = {
            "type": infer_column_type(current[column]).value, "method": params["method"],
            "threshold": plain(params["threshold"]), "score": plain(metric["value"]), "drifted": column in failed,
        }  # fmt: skip
    return found


def status(test):
    return getattr(test["status"], "value", test["status"])


def write_evidently(folder):
    content = {"evidently": evidently.__version__, "recipes": recipes(NUMERIC | CATEGORICAL), "tests": {}, "default": {}}
    for name, (reference, current) in pairs(NUMERIC).items():
        content["tests"][name] = {m: direct(m, reference, current, ColumnType.Numerical) for m in NUMERIC_METHODS}
    for name, (reference, current) in pairs(CATEGORICAL).items():
        content["tests"][name] = {m: direct(m, reference, current, ColumnType.Categorical) for m in CATEGORICAL_METHODS}
    for name, (reference, current) in pairs(NUMERIC | CATEGORICAL).items():
        frames = [pd.DataFrame({"x": column}) for column in (reference, current)]
        try:
            content["default"][name] = preset(*frames)
        except Exception as refused:
            content["default"][name] = {"error": type(refused).__name__}
    write(folder, "evidently.json", content)


# ---- NannyML


def nannyml_frame(cases, which):
    return pd.DataFrame({name: series(case[which]).to_numpy() for name, case in cases.items()})


def univariate(reference, current, names, **chunking):
    continuous = ["jensen_shannon", "kolmogorov_smirnov", "wasserstein", "hellinger"]
    categorical = ["jensen_shannon", "chi2", "l_infinity", "hellinger"]
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=names, continuous_methods=continuous, categorical_methods=categorical, **chunking
    )
    calculator.fit(reference)
    data = calculator.calculate(current).filter(period="analysis").data
    found = {}
    for name in names:
        found[name] = {}
        for method in continuous if (name, continuous[1], "value") in data.columns else categorical:
            part = data[name, method]
            found[name][method] = {
                "value": [plain(v) for v in part["value"]],
                "upper": plain(part["upper_threshold"].iloc[0]), "lower": plain(part["lower_threshold"].iloc[0]),
                "alert": [None if a is None or a != a else bool(a) for a in part["alert"]],
            }  # fmt: skip
    keys = list(data["chunk", "chunk", "key"])
    return {"keys": keys, "columns": found}


def write_nannyml(folder):
    content = {"nannyml": nannyml.__version__, "groups": {}}
    for group, (rows, later, chunking) in {
        "by-number": (6000, 4000, {}),
        "by-size": (6000, 4100, {"chunk_size": 700}),
        "estimated": (12000, 5000, {"chunk_number": 8}),
    }.items():
        def bells(seed, n, **options):
            return {"kind": "float", "make": "bell", "seed": seed, "n": n, **options}

        cases = {
            "steady": (bells(101, rows), bells(102, later)),
            "moved": (bells(103, rows), bells(104, later, shift=0.4)),
            "outside": (bells(105, rows), bells(106, later, scale=3.0)),
            "cubed": (dict(bells(107, rows), make="cube"), dict(bells(108, later, shift=0.1), make="cube")),
            "gaps": (bells(109, rows, missing=0.2), bells(110, later, missing=0.5)),
            "grid": (bells(111, rows, grid=2), bells(112, later, grid=2, shift=0.2)),
            "counts": ({"kind": "int", "make": "codes", "seed": 113, "n": rows, "weights": [1.0] * 30},
                       {"kind": "int", "make": "codes", "seed": 114, "n": later, "weights": [1.0] * 31}),
            "letters": ({"kind": "text", "make": "codes", "seed": 115, "n": rows, "weights": [5.0, 3.0, 2.0]},
                        {"kind": "text", "make": "codes", "seed": 116, "n": later, "weights": [5.0, 3.3, 2.0]}),
            "new": ({"kind": "text", "make": "codes", "seed": 117, "n": rows, "weights": [5.0, 3.0, 2.0, 0.01]},
                    {"kind": "text", "make": "codes", "seed": 118, "n": later, "weights": [5.0, 3.0, 2.0, 0.0, 0.4]}),
            "two": ({"kind": "text", "make": "codes", "seed": 119, "n": rows, "weights": [1.0, 1.0], "missing": 0.1},
                    {"kind": "text", "make": "codes", "seed": 120, "n": later, "weights": [1.0, 1.2]}),
        }  # fmt: skip
        as_pairs = {name: {"reference": r, "current": c} for name, (r, c) in cases.items()}
        frames = [nannyml_frame(as_pairs, which) for which in ("reference", "current")]
        content["groups"][group] = {
            "recipes": as_pairs, "chunking": chunking, **univariate(*frames, list(cases), **chunking),
        }  # fmt: skip
    write(folder, "nannyml.json", content)


def cbpe_rows(seed, n, lift):
    """Scores, decisions and labels; `lift` moves the scores, the labels follow s * s * (3 - 2 s)."""
    s = np.clip((bell(seed, n) + 3.0 + lift) / 6.0, 0.0, 1.0)
    s = np.floor(s * 4096) / 4096
    return pd.DataFrame({
        "score": s, "decision": (s >= 0.5).astype(int), "label": (uniform(seed, n, 13) < s * s * (3 - 2 * s)).astype(int)
    })  # fmt: skip


def write_cbpe(folder):
    metrics = ["roc_auc", "average_precision", "f1", "precision", "recall", "specificity", "accuracy"]
    content = {"nannyml": nannyml.__version__, "metrics": metrics, "cases": []}
    for seed, n, later, lift in ((201, 3000, 2000, 0.0), (202, 6000, 4000, 0.6), (203, 5000, 3000, -0.7)):
        reference, current = cbpe_rows(seed, n, 0.0), cbpe_rows(seed + 50, later, lift)
        estimator = nannyml.CBPE(
            metrics=metrics, y_pred_proba="score", y_pred="decision", y_true="label",
            problem_type="classification_binary", chunk_number=5,
        )  # fmt: skip
        estimator.fit(reference)
        data = estimator.estimate(current).filter(period="analysis").data
        regressor = getattr(estimator.calibrator, "_regressor", None)
        content["cases"].append({
            "seed": seed, "n": n, "later": later, "lift": lift, "chunks": 5,
            "calibrated": bool(estimator.needs_calibration),
            "map": None if not estimator.needs_calibration else {
                "x": [plain(v) for v in regressor.X_thresholds_], "y": [plain(v) for v in regressor.y_thresholds_]},
            "estimates": {m: [plain(v) for v in data[m, "value"]] for m in metrics},
            "upper": {m: plain(data[m, "upper_threshold"].iloc[0]) for m in metrics},
            "lower": {m: plain(data[m, "lower_threshold"].iloc[0]) for m in metrics},
            "alert": {m: [bool(a) for a in data[m, "alert"]] for m in metrics},
        })  # fmt: skip
    write(folder, "cbpe.json", content)


# ---- flights


def write_flights(folder, file):
    flights = pd.read_csv(file, float_precision="round_trip")
    reference = flights[flights.month <= 3][FLIGHTS].reset_index(drop=True)
    current = flights[flights.month.isin([6, 7])][FLIGHTS].reset_index(drop=True)
    content = {
        "evidently": evidently.__version__, "nannyml": nannyml.__version__,
        "default": preset(reference, current), "psi": preset(reference, current, method="psi"),
        "tests": {}, "nannyml_univariate": univariate(reference, current, FLIGHTS),
    }  # fmt: skip
    for column in FLIGHTS:
        kind = infer_column_type(current[column])
        methods = NUMERIC_METHODS if kind == ColumnType.Numerical else ["psi", "kl_div", "jensenshannon", "hellinger", "chisquare"]
        content["tests"][column] = {m: direct(m, reference[column], current[column], kind) for m in methods}
    write(folder, "flights.json", content)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"scipy": write_scipy, "evidently": write_evidently, "nannyml": write_nannyml, "cbpe": write_cbpe}
    wanted = sys.argv[3:] or [*parts, "flights"]
    for name, part in parts.items():
        if name in wanted:
            part(folder)
    if "flights" in wanted:
        write_flights(folder, sys.argv[2])


if __name__ == "__main__":
    main()
