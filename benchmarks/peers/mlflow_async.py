"""Logs metrics with MLflow's asynchronous logging and prints how many arrive in a second."""

import math
import os
import sys
import time

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="1", GIT_PYTHON_REFRESH="quiet")

import mlflow  # noqa: E402  (the environment has to be set first)

METRICS = 1_000
mlflow.set_tracking_uri(sys.argv[1])
with mlflow.start_run():
    mlflow.log_metric("warm", 0.5, synchronous=False).wait()
    start = time.perf_counter()
    for i in range(METRICS):
        mlflow.log_metric("k0", math.sin(i), step=i, synchronous=False)
    mlflow.flush_async_logging()
    elapsed = time.perf_counter() - start
print("metrics/s", METRICS / elapsed)
