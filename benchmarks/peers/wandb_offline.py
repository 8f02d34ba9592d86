"""Logs single scalars with W&B's offline mode and prints the calls per second."""

import os
import sys
import time

os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", DO_NOT_TRACK="1", WANDB_DIR=sys.argv[1])

import wandb  # noqa: E402  (the environment has to be set first)

CALLS = 5_000
run = wandb.init(project="figures", settings=wandb.Settings(console="off", x_disable_stats=True))
for i in range(200):
    run.log({"loss": i * 0.5})
start = time.perf_counter()
for i in range(CALLS):
    run.log({"loss": i * 0.5})
elapsed = time.perf_counter() - start
run.finish()
print("calls/s", CALLS / elapsed)
