"""Runs Evidently's drift preset by PSI once for each line on standard input, on data that stays in memory.

Arguments: `flights CSV` for January to March against June and July, or `million ROWS` for two
seeded frames of 20 numbers and 2 categories. It answers `ready`, then for each line one of `seconds S` after
a run, its scores as JSON before it, and at last `peak KILOBYTES`.
"""

import json
import os
import resource
import sys
import time
import warnings

os.environ.update(DO_NOT_TRACK="1", ITERATIVE_DO_NOT_TRACK="1")
warnings.simplefilter("ignore")

import numpy as np  # noqa: E402  (the environment has to be set first)
import pandas as pd  # noqa: E402
from evidently import Dataset, Report  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402

FLIGHTS = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib", "dep_delay", "distance",
           "hour", "carrier", "origin", "dest"]  # fmt: skip


def flights(file):
    frame = pd.read_csv(file, float_precision="round_trip")
    return frame[frame.month <= 3][FLIGHTS], frame[frame.month.isin([6, 7])][FLIGHTS], {"method": "psi"}


def million(rows):
    frames = []
    for seed, shift in ((1, 0.0), (2, 0.05)):
        rng = np.random.default_rng(seed)
        frame = {f"x{i}": rng.standard_normal(rows) + shift * i / 20 for i in range(20)}
        frame |= {f"c{i}": rng.choice([f"v{k}" for k in range(12)], rows) for i in range(2)}
        frames.append(pd.DataFrame(frame))
    return frames[0], frames[1], {"method": "psi"}


def main():
    make = {"flights": flights, "million": lambda rows: million(int(rows))}[sys.argv[1]]
    reference, current, options = make(sys.argv[2])
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        snapshot = Report([DataDriftPreset(**options)]).run(Dataset.from_pandas(current), Dataset.from_pandas(reference))
        elapsed = time.perf_counter() - start
        scores = {m["config"]["column"]: m["value"] for m in snapshot.dict()["metrics"] if "column" in m["config"]}
        print("scores", json.dumps(scores))
        print("seconds", elapsed, flush=True)
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)


if __name__ == "__main__":
    main()
