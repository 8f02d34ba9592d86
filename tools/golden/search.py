"""Writes the golden vectors of the run search: what MLflow's own store finds, and in which order.

Usage: python3 tools/golden/search.py sdk-core/src/test/resources/golden/search.json
Needs mlflow==3.17.2 and pandas<3. A dozen runs go into a fresh SQLite store through MLflow's Python API; each
filter and each order is asked of that store. The file has the runs as MLflow reads them back and, for each
question, the names of the runs found, or that MLflow calls the question an error. Run ids are drawn from a
counter, so the same versions write the same bytes.
"""

import hashlib
import json
import math
import os
import sys
import tempfile
import uuid
from pathlib import Path
from unittest import mock

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "1")

import mlflow  # noqa: E402  (the environment must be set first)
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType  # noqa: E402

NAN, INF = math.nan, math.inf
T0 = 1_700_000_000_000

# name, user, start after T0 in ms, end after T0 or None, status, metrics, params, tags, datasets (name, digest, context)
RUNS = [
    ("alpha", "ann", 0, 900, "FINISHED", {"auc": 0.9, "loss": 0.5, "val/auc": 0.8, "steps": 10},
     {"lr": "0.1", "depth": "6", "model": "gbm"}, {"team": "red", "note": "it's fine"},
     [("flights", "d1", "training"), ("weather", "d2", "validation")]),
    ("beta", "ann", 1000, 1500, "FINISHED", {"auc": 0.8, "loss": -0.5, "val/auc": 0.85, "steps": 9},
     {"lr": "0.01", "depth": "10", "model": "GBM"}, {"team": "Red", "note": 'say "hi"'},
     [("flights", "d3", "training")]),
    ("gamma", "bob", 2000, None, "RUNNING", {"auc": NAN, "loss": 0.0},
     {"lr": "0.1", "model": "linear"}, {"team": "blue"}, [("weather", "d2", None)]),
    ("delta", "bob", 3000, 3100, "FAILED", {"loss": INF, "steps": 1},
     {"depth": "6"}, {"team": "blue", "odd key": "1"}, []),
    ("epsilon", "cy", 3000, 3200, "KILLED", {"auc": 0.9, "loss": -INF},
     {"lr": "1e-3", "odd key": "a", "a.b": "dotted"}, {}, [("flights", "d1", "validation")]),
    ("zeta", "cy", 3000, 3300, "FINISHED", {"auc": 0.5, "steps": 1e-3},
     {"lr": "0.1", "depth": "7", "model": "50% off_x"}, {"team": "green", "a-b": "dash"}, []),
    ("eta", "ann", 4000, 4100, "FINISHED", {},
     {}, {}, []),
    ("theta", "dee", 5000, 5100, "FINISHED", {"auc": NAN, "loss": 1e300, "steps": -3},
     {"lr": "", "model": "a\\b"}, {"team": "back\\slash", "note": "it''s"}, [("Flights", "D1", "test")]),
    ("iota", "dee", 6000, None, "RUNNING", {"auc": 1.0, "steps": 100000},
     {"lr": "0.10", "model": "\U0001f600 grin"}, {"team": "red_x", "note": "two\nlines"}, []),
    ("kappa", "eve", 6000, 7000, "FAILED", {"auc": -0.0, "loss": 0.5},
     {"depth": "06", "model": "gbm2"}, {"team": "r\u00c9d"}, [("weather", "d9", "training"), ("flights", "d9", "test")]),
    ("lambda", "eve", 8000, 8000, "FINISHED", {"auc": 0.0, "loss": 0.25, "steps": 10},
     {"lr": "0.1", "model": "\uffee wide"}, {"team": "r\u00e9d"}, []),
    ("alpha", "eve", 9000, 9900, "SCHEDULED", {"auc": 0.9000000000000001},
     {"lr": "0.1", "depth": "6"}, {"team": "red", "mlflow.parentRunId": "p1"}, [("flights", "d1", "training")]),
]

FILTERS = [
    "",
    "   ",
    # metrics
    "metrics.auc > 0.8",
    "metrics.auc >= 0.9",
    "metrics.auc = 0.9",
    "metrics.auc != 0.9",
    "metrics.auc < .5",
    "metrics.auc <= 0",
    "metric.loss < -0.4",
    "metrics.loss > 1e299",
    "metrics.loss >= -1E308",
    "metrics.steps = 1e-3",
    "metrics.steps > 9.",
    "metrics.steps>9 and metrics.auc<=0.9",
    "metrics.steps = 10",
    'metrics."val/auc" > 0.8',
    "metrics.`val/auc` > 0.8",
    "`metrics`.auc > 0.9",
    "metrics.missing != 1",
    "metrics.auc > -0.0",
    # params and tags
    "params.lr = '0.1'",
    'params.lr = "0.1"',
    "parameter.lr = '0.1' AND parameters.depth = '6' aNd param.depth = '6'",
    "params.lr != '0.1'",
    "params.lr = ''",
    "params.lr LIKE '0.1%'",
    "params.model LIKE 'gbm'",
    "params.model ILIKE 'gbm'",
    "params.model LIKE 'gbm_'",
    "params.model like '%b%'",
    "params.model LIKE '50% off_x'",
    "params.model LIKE '%\\%'",
    "params.model LIKE '_ grin'",
    "params.model LIKE ''",
    "params.model ilike '%GRIN'",
    "params.depth IS NULL",
    "params.depth is not null",
    "params.`odd key` = 'a'",
    'params."odd key" IS NOT NULL',
    "params.a.b = 'dotted'",
    "tags.team = 'red'",
    "tag.team != 'red'",
    "tags.team ILIKE 'red%'",
    "tags.team LIKE 'r_d'",
    "tags.team LIKE 'red\\_x'",
    "tags.`a-b` = 'dash'",
    'tags.note = "it\'s fine"',
    "tags.note = 'say \"hi\"'",
    "tags.note LIKE 'two%lines'",
    "tags.note IS NULL AND tags.team IS NOT NULL",
    "tags.mlflow.parentRunId = 'p1'",
    "tags.`mlflow.runName` = 'alpha'",
    "tags.mlflow.user = 'ann'",
    # attributes
    "attributes.status = 'FINISHED'",
    "attribute.status != 'FINISHED'",
    "status LIKE 'F%'",
    "status IN ('FAILED', 'KILLED')",
    "attr.status NOT IN ('FAILED', \"KILLED\",'FINISHED')",
    "run_name = 'alpha'",
    "attributes.run_name LIKE '%eta'",
    "run.run_name != 'alpha'",
    "attributes.`Run name` = 'beta'",
    "run_name IN ('alpha','beta')",
    "user_id = 'ann'",
    "attributes.user_id ILIKE 'A%'",
    "run_id IN ('0', '1')",
    "run_id != 'x'",
    f"start_time > {T0 + 3000}",
    f"attributes.start_time >= {T0 + 3000} AND start_time <= {T0 + 6000}.0",
    f"created < {T0 + 1000}",
    f"attributes.Created = {T0}",
    f"end_time > {T0 + 5000}",
    f"end_time != {T0 + 900}",
    f"start_time < {T0 + 2000}.5",
    "start_time > 1.7e12",
    # datasets
    "datasets.name = 'flights'",
    "dataset.name LIKE 'f%'",
    "dataset.name ILIKE 'f%'",
    "datasets.digest = 'd1'",
    "datasets.name != 'flights'",
    "datasets.context = 'training'",
    "datasets.context != 'training'",
    "datasets.context LIKE '%'",
    "datasets.name = 'flights' AND datasets.context = 'validation'",
    "datasets.digest IN ('d3', 'd9')",
    "datasets.name NOT IN ('flights', 'weather')",
    "dataset.context IN ('test')",
    # several lines
    "metrics.auc > 0.5\n  AND params.lr = '0.1'\n\tAND attributes.status = 'FINISHED'",
    # what MLflow refuses
    "metrics.auc > 0.8 OR metrics.loss < 1",
    "(metrics.auc > 0.8)",
    "NOT metrics.auc > 0.8",
    "metrics.auc",
    "metrics.auc >",
    "metrics.auc > '0.8'",
    "metrics.auc > NaN",
    "metrics.auc > inf",
    "metrics.auc > +1",
    "metrics.auc == 0.9",
    "metrics.auc <> 0.9",
    "metrics.auc LIKE '0.9'",
    "metrics.auc IS NULL",
    "metrics.auc > 0x10",
    "params.lr = 0.1",
    "params.lr = x",
    "params.lr = `x`",
    "params.lr > '0.1'",
    "params.lr IN ('0.1')",
    "params.lr NOT LIKE '0.1'",
    "params.lr = '0.1",
    "status = FINISHED",
    "status > 'A'",
    "status IS NULL",
    "status IN ()",
    "status IN ('FINISHED', 1)",
    "start_time = '1'",
    "start_time IN (1, 2)",
    "start_time LIKE '1'",
    "datasets.source = 'x'",
    "datasets.name IS NULL",
    "datasets.name > 'x'",
    "nothing = 'x'",
    "Status = 'FINISHED'",
    "experiment_id = '1'",
    "attributes.lifecycle_stage = 'active'",
    "Metrics.auc > 1",
    "metric s.auc > 1",
    "0.8 < metrics.auc",
    "metrics.val/auc > 0.8",
    "tags.a-b = 'dash'",
    "metrics.auc > 0.5; metrics.auc > 0.6",
    "metrics.auc > 0.5;",
    "metrics.auc > 0.5, metrics.loss < 1",
    "AND",
    # where Plumbline knowingly differs: the test says how
    "status = 'finished'",
    "tags.note = 'it''s fine'",
    "tags.note = 'it''s'",
    "tags.team ILIKE 'r\u00e9d'",
    "metrics.auc > 0.8 AND",
    "metrics.auc > 0.8 metrics.steps > 9",
    "run_name = 'it\\'s'",
    "artifact_uri LIKE '%'",
]

ORDERS = [
    [],
    ["metrics.auc"],
    ["metrics.auc ASC"],
    ["metrics.auc DESC"],
    ["metrics.loss desc"],
    ["metrics.loss", "metrics.auc DESC"],
    ["metrics.`val/auc` DESC"],
    ['metrics."val/auc"'],
    ["params.lr"],
    ["params.depth DESC"],
    ["params.model"],
    ["parameter.model DESC"],
    ["tags.team ASC", "start_time ASC"],
    ["tag.team DESC"],
    ["attributes.start_time ASC"],
    ["start_time"],
    ["created DESC"],
    ["attribute.end_time DESC"],
    ["end_time"],
    ["status", "run_name DESC"],
    ["attributes.status DESC", "attributes.start_time"],
    ["run_name"],
    ["user_id", "end_time"],
    ["run_id DESC"],
    ["params.`odd key`"],
    ["metrics.missing DESC"],
    ["  metrics.auc   DESC"],
    # what MLflow refuses
    ["metrics.auc DOWN"],
    ["metrics.auc DESC ASC"],
    ["metrics.auc DESC, metrics.loss"],
    ["nothing"],
    ["metrics.auc", "metric.auc DESC"],
    ["start_time", "attributes.Created"],
    ["datasets.name"],
    ["metrics.auc > 1"],
    [""],
    ["DESC"],
    ["attributes.`Run name`"],
]


def counted_ids():
    """Version-4 shaped ids from a counter, scattered so that their order is not the order of creation."""
    count = 0
    while True:
        count += 1
        yield uuid.UUID(bytes=hashlib.md5(str(count).encode()).digest(), version=4)


def fill(client, experiment):
    for name, user, start, end, status, metrics, params, tags, datasets in RUNS:
        run = client.create_run(
            experiment, start_time=T0 + start, run_name=name, tags={"mlflow.user": user, **tags}
        )
        client.log_batch(
            run.info.run_id,
            metrics=[Metric(key, float(value), T0 + start, 0) for key, value in metrics.items()],
            params=[Param(key, value) for key, value in params.items()],
        )
        if datasets:
            client.log_inputs(run.info.run_id, [dataset_input(*d) for d in datasets])
        if end is None:
            client.update_run(run.info.run_id, status=status)
        else:
            client.set_terminated(run.info.run_id, status=status, end_time=T0 + end)


def dataset_input(name, digest, context):
    tags = [] if context is None else [InputTag("mlflow.data.context", context)]
    return DatasetInput(Dataset(name, digest, "local", "{}"), tags)


def described(run):
    info, data = run.info, run.data
    return {
        "id": info.run_id,
        "name": info.run_name,
        "user": info.user_id,
        "status": info.status,
        "start": info.start_time,
        "end": info.end_time,
        "metrics": {k: "NaN" if math.isnan(v) else v for k, v in sorted(data.metrics.items())},
        "params": dict(sorted(data.params.items())),
        "tags": dict(sorted(data.tags.items())),
        "datasets": sorted(
            [d.dataset.name, d.dataset.digest, "".join(t.value for t in d.tags)]
            for d in run.inputs.dataset_inputs
        ),
    }


def asked(client, experiment, filter_string, order_by):
    """The ids of the runs found, or None where MLflow raises."""
    try:
        runs = client.search_runs(
            [experiment], filter_string, ViewType.ALL, max_results=100, order_by=order_by
        )
    except Exception:  # MLflow lets other errors than its own escape for some wrong filters
        return None
    return [run.info.run_id for run in runs]


def question(key, value, ids, names):
    if ids is None:
        return {key: value, "error": True}
    return {key: value, "runs": [names[i] for i in ids]}


def main():
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{folder}/mlflow.db"
        client = mlflow.MlflowClient(tracking_uri=store)
        with mock.patch("uuid.uuid4", counted_ids().__next__):
            experiment = client.create_experiment("search", artifact_location="file:///nowhere")
            fill(client, experiment)
        runs = list(reversed(client.search_runs([experiment])))
        # The name is not unique; the id's first letters make it so.
        names = {run.info.run_id: f"{run.info.run_name}-{run.info.run_id[:4]}" for run in runs}
        result = {
            "mlflow": mlflow.__version__,
            "runs": [described(run) for run in runs],
            "filters": [question("filter", f, asked(client, experiment, f, []), names) for f in FILTERS],
            "orders": [question("order_by", o, asked(client, experiment, "", o), names) for o in ORDERS],
        }
    lines = []
    for key, value in result.items():
        if isinstance(value, list):
            rows = ",\n".join("  " + json.dumps(row) for row in value)
            lines.append(f" {json.dumps(key)}: [\n{rows}\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    Path(sys.argv[1]).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
