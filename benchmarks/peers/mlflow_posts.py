"""Posts ten full batches of metrics a second to an MLflow server, until it is ended.

What a program pays for a server on the same cores that is as busy, whoever keeps it so.
"""

import json
import sys
import time
import urllib.request

KEYS = 10
BATCH = 1_000
uri, run = sys.argv[1:3]
posted = 0
begin = time.time()
while True:
    now = int(time.time() * 1000)
    metrics = [
        {"key": f"m{i % KEYS}", "value": i * 0.5, "timestamp": now, "step": (posted * BATCH + i) // KEYS}
        for i in range(BATCH)
    ]
    request = urllib.request.Request(
        uri + "/api/2.0/mlflow/runs/log-batch",
        json.dumps({"run_id": run, "metrics": metrics}).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).read()
    posted += 1
    time.sleep(max(0.0, begin + posted * 0.1 - time.time()))
