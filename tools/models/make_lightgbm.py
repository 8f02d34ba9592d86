#!/usr/bin/env python3
"""Trains small models with Python's LightGBM and writes them, with what they predict, for the tests of integrations/lightgbm.

  $(tools/peers/venv models-lightgbm) tools/models/make_lightgbm.py [FOLDER]

The data come with scikit-learn. NAME.txt is the model as Booster.save_model writes it, NAME.json are golden records: rows of the data,
some of their values missing, and the predictions for them. The output is the same byte for byte as long as the pins are: commit it
together with the change that needs it.
"""
import json
import sys
from pathlib import Path

import lightgbm
import numpy as np
from sklearn import datasets

FOLDER = Path(__file__).resolve().parents[2] / "integrations/lightgbm/src/test/resources/python"
COMMON = {
    "num_leaves": 7,
    "min_data_in_leaf": 5,
    "learning_rate": 0.2,
    "verbosity": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 1,
}


def holed(features, rng):
    """A copy in which one value in twenty is missing."""
    return np.where(rng.random(features.shape) < 0.05, np.nan, features)


def train(params, data, names, labels, trees, categorical=()):
    dataset = lightgbm.Dataset(data, labels, feature_name=list(names), categorical_feature=list(categorical))
    return lightgbm.train(COMMON | params, dataset, trees)


def write(folder, name, booster, names, data, outputs):
    booster.save_model(folder / f"{name}.txt")
    rows = data[:: max(1, len(data) // 100)]
    predictions = booster.predict(rows, num_threads=1).reshape(len(rows), len(outputs))
    records = {
        "inputs": {"columns": list(names), "data": [[None if np.isnan(v) else v for v in row] for row in rows.tolist()]},
        "outputs": {"columns": outputs, "data": predictions.tolist()},
        "relative_tolerance": 1e-12,
        "absolute_tolerance": 1e-12,
    }
    (folder / f"{name}.json").write_text(json.dumps(records, allow_nan=False) + "\n", encoding="utf-8")


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)

    # Names with blanks, for which LightGBM writes underscores.
    cancer = datasets.load_breast_cancer()
    data = holed(cancer.data, rng)
    booster = train({"objective": "binary"}, data, cancer.feature_names, cancer.target, 40)
    write(folder, "binary", booster, cancer.feature_names, data, ["benign"])

    # A feature that is a category.
    diabetes = datasets.load_diabetes(scaled=False)
    data = holed(diabetes.data, rng)
    data[:, 0] = data[:, 0] // 10
    booster = train({"objective": "regression", "min_data_per_group": 5}, data, diabetes.feature_names, diabetes.target, 40, ["age"])
    write(folder, "regression", booster, diabetes.feature_names, data, ["progression"])

    iris = datasets.load_iris()
    names = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    data = holed(iris.data, rng)
    booster = train({"objective": "multiclass", "num_class": 3}, data, names, iris.target, 20)
    write(folder, "multiclass", booster, names, data, list(iris.target_names))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
