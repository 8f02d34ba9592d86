"""Says how good the logged predictions of each month are, by scikit-learn.

auc_by_month.py LOG FLIGHTS    for each month from April to December: month, rows, AUC, share of late flights

The log is read by pyarrow's datasets and once more, part by part, by pandas; both must find the same rows. A flight's label is found by
the request's id: the year, the month, and the flight's position among those of its month in FLIGHTS.
"""

import glob
import sys

import pandas as pd
import pyarrow.dataset as ds
from sklearn.metrics import roc_auc_score


def main(log, flights):
    flights = pd.read_csv(flights)
    position = flights.groupby("month").cumcount()
    ids = ["2013-%02d-%05d" % pair for pair in zip(flights["month"], position)]
    late = dict(zip(ids, flights["late"]))

    columns = ["_ts", "_request_id", "prediction_score"]
    rows = ds.dataset(log, format="ipc", partitioning="hive", ignore_prefixes=[".", "_schema", "_windows"]).to_table(columns=columns).to_pandas()
    parts = pd.concat(pd.read_feather(part, columns=columns) for part in glob.glob(log + "/**/*.arrow", recursive=True))
    rows, parts = (frame.sort_values("_request_id", ignore_index=True) for frame in (rows, parts))
    pd.testing.assert_frame_equal(rows, parts)
    assert rows["_request_id"].is_unique, "a request is there twice"

    for month, served in rows.groupby(rows["_ts"].dt.month):
        truth = [late[request] for request in served["_request_id"]]
        auc = roc_auc_score(truth, served["prediction_score"])
        print(month, len(truth), repr(float(auc)), repr(sum(truth) / len(truth)))


main(*sys.argv[1:])
