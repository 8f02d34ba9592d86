"""Serves a LightGBM model with a peer: serve_lightgbm.py mlflow|mlserver MODEL.txt FOLDER PORT NAMES

MODEL.txt is LightGBM's own text, NAMES its features with commas between them. Runs until it is killed.
"""

import json
import os
import sys
from pathlib import Path

peer, model, folder, port, names = sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4], sys.argv[5].split(",")
beside = Path(sys.executable).parent

if peer == "mlflow":
    os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_TRACKING_URI=f"sqlite:///{folder}/mlflow.db")
    import lightgbm
    import mlflow
    import mlflow.lightgbm
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ColSpec, Schema

    mlflow.lightgbm.save_model(
        lightgbm.Booster(model_file=model),
        str(folder / "model"),
        signature=ModelSignature(Schema([ColSpec("double", n) for n in names]), Schema([ColSpec("double", "late")])),
    )
    os.environ["PATH"] = f"{beside}:{os.environ['PATH']}"
    command = [str(beside / "mlflow"), "models", "serve", "-m", str(folder / "model"), "--env-manager", "local"]
    os.execv(command[0], command + ["-h", "127.0.0.1", "-p", port])

# MLServer has no runtime of its own for LightGBM's boosters in this release: this is the least one.
(folder / "runtime.py").write_text(
    '''import lightgbm
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse


class LightGbm(MLModel):
    async def load(self):
        self.booster = lightgbm.Booster(model_file=self.settings.parameters.uri)
        return True

    async def predict(self, payload):
        rows = NumpyCodec.decode_input(payload.inputs[0])
        scores = self.booster.predict(rows, num_threads=1)
        return InferenceResponse(
            model_name=self.name, outputs=[NumpyCodec.encode_output("late", scores)]
        )
'''
)
ports = {"http_port": int(port), "grpc_port": int(port) + 1, "metrics_port": int(port) + 2}
(folder / "settings.json").write_text(json.dumps({"host": "127.0.0.1", **ports}))
(folder / "model-settings.json").write_text(
    json.dumps({"name": "flights", "implementation": "runtime.LightGbm", "parameters": {"uri": model}})
)
os.chdir(folder)
os.environ["PYTHONPATH"] = str(folder)
os.execv(str(beside / "mlserver"), [str(beside / "mlserver"), "start", "."])
