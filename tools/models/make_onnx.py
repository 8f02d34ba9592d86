"""Writes the ONNX models of the tests of integrations/onnx, and what Python predicts with them:

    $(tools/peers/venv models-onnx) tools/models/make_onnx.py integrations/onnx/src/test/resources/python

The folder is made anew. Each model has a folder in it with model.onnx; where the model can predict,
golden_records.json beside it has rows, and the numbers that ONNX Runtime in Python gives for them,
outputs in the graph's order. With the pins of tools/peers/models-onnx.txt the models are the same byte
for byte; commit them with the change that needs them.
"""

import json
import math
import os
import shutil
import sys
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # later than the import would be too late

import numpy as np
import onnxruntime
from onnx import TensorProto, external_data_helper, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ROWS = 40
OPSET = 17
FLOAT, DOUBLE, INT64, INT32, BOOL, STRING = (
    TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.INT32, TensorProto.BOOL,
    TensorProto.STRING)
NUMPY = {
    "tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64,
    "tensor(int32)": np.int32, "tensor(bool)": np.bool_, "tensor(string)": object}


# ---- what goes into the folders


def save(root, name, model):
    folder = root / name
    folder.mkdir()
    # skl2onnx gives the graph a random name, and the opsets in the order of a set.
    model.graph.name = "graph"
    opsets = sorted({(each.domain, each.version) for each in model.opset_import})
    del model.opset_import[:]
    model.opset_import.extend(helper.make_opsetid(*each) for each in opsets)
    (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    return folder


def record(folder, rows):
    """Predicts and writes golden records; returns the outputs, one row for each row."""
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), quiet())
    values = run(session, rows)
    blocks = {
        output.name: block
        for output, value in zip(session.get_outputs(), values)
        if (block := numbers(value, len(rows))) is not None}
    names = [f"{name}.{i}" for name, block in blocks.items() for i in range(block.shape[1])]
    outputs = np.concatenate(list(blocks.values()), axis=1)
    document = {
        "inputs": {"columns": [f"x{i}" for i in range(len(rows[0]))], "data": rows},
        "outputs": {"columns": names, "data": outputs.tolist()},
        "relative_tolerance": 0.0,
        "absolute_tolerance": 1e-6}
    (folder / "golden_records.json").write_text(json.dumps(document, ensure_ascii=False) + "\n")
    return outputs


def run(session, rows):
    """All rows at once, or one by one where the model takes one only."""
    if session.get_inputs()[0].shape[0] == 1 and len(rows) > 1:
        return [np.concatenate(values) for values in zip(*(run(session, [row]) for row in rows))]
    feeds, position = {}, 0
    for each in session.get_inputs():
        inner = each.shape[1:]
        width = math.prod(inner)
        cells = [row[position:position + width] for row in rows]
        feeds[each.name] = np.array(cells, NUMPY[each.type]).reshape([len(rows), *inner])
        position += width
    return session.run(None, feeds)


def numbers(value, rows):
    """An output's numbers by row; a map's in the order of its keys; None for text."""
    if isinstance(value, list):
        return np.array([[row[key] for key in sorted(row)] for row in value], np.float64)
    if value.dtype.kind in "OUS":
        return None
    return value.reshape(rows, -1).astype(np.float64)


def quiet():
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    return options


def rounded(random, columns):
    """Numbers that 32 bits hold exactly, so that every language starts from the same ones."""
    return np.round(random.normal(size=(ROWS, columns)) * 64) / 64


# ---- what scikit-learn trains


def floats(columns):
    return [("features", FloatTensorType([None, columns]))]


def logistic(root, random):
    x = rounded(random, 4)
    y = (x @ [1.0, -2.0, 0.5, 0.0] + random.normal(size=ROWS) > 0).astype(int)
    trained = make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y)
    plain = to_onnx(trained, initial_types=floats(4), target_opset=OPSET, options={"zipmap": False})
    recorded = record(save(root, "logistic", plain), x.tolist())
    assert np.abs(recorded[:, 1:] - trained.predict_proba(x)).max() < 1e-5
    zipped = to_onnx(trained, initial_types=floats(4), target_opset=OPSET)
    record(save(root, "zipmap", zipped), x.tolist())


def text_labels(root, random):
    """Three classes with names: the label is text, the probabilities are maps from names."""
    x = rounded(random, 3)
    y = np.array(["early", "late", "on time"])[random.integers(0, 3, ROWS)]
    trained = LogisticRegression().fit(x, y)
    model = to_onnx(trained, initial_types=floats(3), target_opset=OPSET)
    recorded = record(save(root, "text_labels", model), x.tolist())
    assert np.abs(recorded - trained.predict_proba(x)).max() < 1e-5


def boosting(root, random):
    x = rounded(random, 5)
    y = x[:, 0] * x[:, 1] + np.sin(x[:, 2]) + 0.1 * random.normal(size=ROWS)
    trained = GradientBoostingRegressor(n_estimators=25, max_depth=3, random_state=1).fit(x, y)
    model = to_onnx(trained, initial_types=floats(5), target_opset=OPSET)
    recorded = record(save(root, "boosting", model), x.tolist())
    assert np.abs(recorded[:, 0] - trained.predict(x)).max() < 1e-4


def columns(root, random):
    """One input for each column, text among them."""
    distance = np.round(random.uniform(100, 2000, ROWS))
    hour = random.integers(0, 24, ROWS)
    origin = np.array(["JFK", "LGA", "EWR", "Zürich"])[random.integers(0, 4, ROWS)]
    y = (hour + 5 * (origin == "EWR") + random.normal(size=ROWS) > 14).astype(int)
    rows = [[float(d), int(h), str(o)] for d, h, o in zip(distance, hour, origin)]
    table = np.array(rows, object)
    trained = make_pipeline(
        ColumnTransformer([
            ("distance", StandardScaler(), [0]), ("hour", StandardScaler(), [1]),
            ("origin", OneHotEncoder(handle_unknown="ignore"), [2])]),
        LogisticRegression()).fit(table, y)
    model = to_onnx(
        trained, target_opset=OPSET, options={"zipmap": False},
        initial_types=[
            ("distance", FloatTensorType([None, 1])), ("hour", Int64TensorType([None, 1])),
            ("origin", StringTensorType([None, 1]))])
    rows[0][2] = "nowhere"
    recorded = record(save(root, "columns", model), rows)
    assert np.abs(recorded[1:, 1:] - trained.predict_proba(table)[1:]).max() < 1e-5


# ---- what is made by hand


def value(name, kind, *dims):
    return helper.make_tensor_value_info(name, kind, list(dims))


def graph_model(nodes, inputs, outputs, tensors=(), opset=OPSET, ir=9, domains=()):
    graph = helper.make_graph(nodes, "graph", inputs, outputs, list(tensors))
    imports = [helper.make_opsetid("", opset)] + [helper.make_opsetid(*each) for each in domains]
    return helper.make_model(
        graph, opset_imports=imports, ir_version=ir, producer_name="make_onnx",
        producer_version="1")


def identity(**versions):
    return graph_model(
        [helper.make_node("Identity", ["x"], ["y"])], [value("x", FLOAT, "N", 2)],
        [value("y", FLOAT, "N", 2)], **versions)


def mlp(root, random):
    """10-16-3 with its weights in two files beside the model, one of them in a folder."""
    arrays = {
        "w1": random.normal(size=(10, 16)) / 4, "b1": random.normal(size=16),
        "w2": random.normal(size=(16, 3)) / 4, "b2": random.normal(size=3)}
    tensors = [
        numpy_helper.from_array(array.astype(np.float32), name) for name, array in arrays.items()]
    locations = {"w1": "weights/w1.bin", "b1": "model.data", "w2": "model.data", "b2": "model.data"}
    files = {}
    for tensor in tensors:
        file = files.setdefault(locations[tensor.name], bytearray())
        external_data_helper.set_external_data(
            tensor, locations[tensor.name], offset=len(file), length=len(tensor.raw_data))
        file += tensor.raw_data
        tensor.ClearField("raw_data")
    model = graph_model(
        [helper.make_node("Gemm", ["x", "w1", "b1"], ["h"]), helper.make_node("Relu", ["h"], ["r"]),
         helper.make_node("Gemm", ["r", "w2", "b2"], ["l"]),
         helper.make_node("Softmax", ["l"], ["probabilities"], axis=1)],
        [value("x", FLOAT, "N", 10)], [value("probabilities", FLOAT, "N", 3)], tensors)
    folder = save(root, "mlp", model)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    record(folder, rounded(random, 10).tolist())


def types(root, random):
    """Every type of number, as an input and as an output, of several shapes."""
    model = graph_model(
        [helper.make_node("ReduceSum", ["doubles", "one"], ["sum"], keepdims=1),
         helper.make_node("ArgMax", ["doubles"], ["largest"], axis=1, keepdims=0),
         helper.make_node("Add", ["longs", "longs"], ["twice"]),
         helper.make_node("Neg", ["ints"], ["negative"]),
         helper.make_node("Not", ["flags"], ["not"]),
         helper.make_node("Sqrt", ["floats"], ["root"])],
        [value("doubles", DOUBLE, "N", 3), value("longs", INT64, "N", 1), value("ints", INT32, "N"),
         value("flags", BOOL, "N", 1), value("floats", FLOAT, "N", 2, 2)],
        [value("sum", DOUBLE, "N", 1), value("largest", INT64, "N"), value("twice", INT64, "N", 1),
         value("negative", INT32, "N"), value("not", BOOL, "N", 1), value("root", FLOAT, "N", 2, 2)],
        [numpy_helper.from_array(np.array([1], np.int64), "one")])
    x = rounded(random, 3)
    rows = [
        [*(float(v) / 3 for v in x[i]), int(i * 7 - 50), int(i * 1_000_003), i % 3 == 0,
         *(float(v) for v in np.abs(rounded(random, 4)[i]))]
        for i in range(ROWS)]
    record(save(root, "types", model), rows)


def dynamic(root, random):
    """How many numbers a row of output has is known to the one who has run it."""
    model = graph_model(
        [helper.make_node("Concat", ["x", "x"], ["wide"], axis=1),
         helper.make_node("Reshape", ["wide", "shape"], ["y"])],
        [value("x", FLOAT, "N", 3)], [value("y", FLOAT, "N", "k")],
        [numpy_helper.from_array(np.array([0, -1], np.int64), "shape")])
    record(save(root, "dynamic", model), rounded(random, 3).tolist())


def one_row(root, random):
    """Exported with a batch of one, as many exporters do unless told otherwise."""
    model = graph_model(
        [helper.make_node("Softmax", ["x"], ["y"], axis=1)], [value("x", FLOAT, 1, 3)],
        [value("y", FLOAT, 1, 3)])
    record(save(root, "one_row", model), rounded(random, 3).tolist())


def tree_ensemble(root, random):
    """Two trees in the newer operator, whose leaves lie apart from the nodes."""
    record(save(root, "tree_ensemble", newer_trees([1, 1, 1, 1])), rounded(random, 2).tolist())


def newer_trees(true_leafs):
    def tensor(name, array, kind=np.float32):
        return numpy_helper.from_array(np.array(array, kind), name)

    node = helper.make_node(
        "TreeEnsemble", ["x"], ["y"], domain="ai.onnx.ml", n_targets=1, aggregate_function=1,
        post_transform=0, tree_roots=[0, 3], nodes_featureids=[0, 1, 1, 0],
        nodes_modes=tensor("modes", [0, 0, 0, 0], np.uint8),
        nodes_splits=tensor("splits", [0, 0.5, -0.5, 1]),
        nodes_truenodeids=[0, 0, 2, 4], nodes_trueleafs=true_leafs,
        nodes_falsenodeids=[1, 2, 3, 5], nodes_falseleafs=[0, 0, 1, 1],
        leaf_targetids=[0] * 6, leaf_weights=tensor("weights", [1, 2, 4, 8, 16, 32]))
    # Node 1's true child is node 0, its own parent, unless that is said to be a leaf.
    return graph_model(
        [node], [value("x", FLOAT, "N", 2)], [value("y", FLOAT, "N", 1)],
        domains=[("ai.onnx.ml", 5)])


# ---- what must be refused


def chains(depth, second_true):
    """Two trees whose every node has the next one and a leaf; the last tree's second node has
    another next one."""
    ids = list(range(2 * depth + 1))
    branches = set(ids[:-1:2])
    leaves = [i for i in ids if i not in branches]
    true, false = ([i + step if i in branches else 0 for i in ids] for step in (2, 1))
    node = helper.make_node(
        "TreeEnsembleRegressor", ["x"], ["y"], domain="ai.onnx.ml", n_targets=1,
        nodes_treeids=[0] * len(ids) + [1] * len(ids), nodes_nodeids=2 * ids,
        nodes_featureids=[0] * 2 * len(ids), nodes_values=[float(i) for i in 2 * ids],
        nodes_modes=["BRANCH_LEQ" if i in branches else "LEAF" for i in 2 * ids],
        nodes_truenodeids=true + true[:2] + [second_true] + true[3:], nodes_falsenodeids=2 * false,
        target_treeids=[0] * len(leaves) + [1] * len(leaves), target_nodeids=2 * leaves,
        target_ids=[0] * 2 * len(leaves), target_weights=[float(i) for i in 2 * leaves])
    return graph_model(
        [node], [value("x", FLOAT, "N", 1)], [value("y", FLOAT, "N", 1)],
        domains=[("ai.onnx.ml", 3)])


def trees(root):
    save(root, "deep_tree", chains(600, 4))
    save(root, "cyclic_tree", chains(5, 0))
    save(root, "lost_node", chains(5, 11))
    save(root, "cyclic_tree_ensemble", newer_trees([1, 0, 1, 1]))


def external_tensor(location):
    tensor = numpy_helper.from_array(np.array([1, 2], np.float32), "w")
    external_data_helper.set_external_data(tensor, location, offset=0, length=8)
    tensor.ClearField("raw_data")
    return tensor


def adds(tensor):
    return graph_model(
        [helper.make_node("Add", ["x", "w"], ["y"])], [value("x", FLOAT, "N", 2)],
        [value("y", FLOAT, "N", 2)], [tensor])


def escaping(root):
    save(root, "escaping", adds(external_tensor("../secret")))
    save(root, "absolute", adds(external_tensor("/etc/hostname")))
    save(root, "unlisted", adds(external_tensor("weights.bin")))
    # The tensor is an attribute of a node in a branch: a reader of the graph's own tensors misses it.
    branch = helper.make_graph(
        [helper.make_node("Constant", [], ["c"], value=external_tensor("../secret"))], "branch", [],
        [value("c", FLOAT, 2)])
    save(root, "escaping_branch", graph_model(
        [helper.make_node("If", ["yes"], ["w"], then_branch=branch, else_branch=branch),
         helper.make_node("Add", ["x", "w"], ["y"])],
        [value("x", FLOAT, "N", 2)], [value("y", FLOAT, "N", 2)],
        [numpy_helper.from_array(np.array(True), "yes")]))


def newer(root):
    save(root, "newer_ir", identity(ir=14))
    save(root, "newer_opset", identity(opset=27, ir=13))
    save(root, "newer_ml_opset", identity(ir=13, domains=[("ai.onnx.ml", 6)]))
    save(root, "newest_known", identity(opset=26, ir=13, domains=[("ai.onnx.ml", 5)]))


def strange(root):
    save(root, "custom_domain", graph_model(
        [helper.make_node("Magic", ["x"], ["y"], domain="com.example")],
        [value("x", FLOAT, "N", 2)], [value("y", FLOAT, "N", 2)], domains=[("com.example", 1)]))
    save(root, "text_only", graph_model(
        [helper.make_node("Identity", ["x"], ["y"])], [value("x", STRING, "N", 1)],
        [value("y", STRING, "N", 1)]))
    save(root, "half", graph_model(
        [helper.make_node("Identity", ["x"], ["y"])], [value("x", TensorProto.FLOAT16, "N", 2)],
        [value("y", TensorProto.FLOAT16, "N", 2)]))
    save(root, "any_width", graph_model(
        [helper.make_node("Softmax", ["x"], ["y"], axis=1)], [value("x", FLOAT, "N", "n")],
        [value("y", FLOAT, "N", "n")]))
    save(root, "whole_batch", graph_model(
        [helper.make_node("ReduceMean", ["x"], ["y"], axes=[0], keepdims=1)],
        [value("x", FLOAT, "N", 2)], [value("y", FLOAT, 1, 2)]))


def fails_at_times(root):
    """Its output has two rows, whatever the input has: right for two rows only."""
    save(root, "two_rows", graph_model(
        [helper.make_node("Slice", ["x", "zero", "two"], ["s"]),
         helper.make_node("Concat", ["s", "s"], ["c"], axis=0),
         helper.make_node("Slice", ["c", "zero", "two"], ["y"])],
        [value("x", FLOAT, "N", 2)], [value("y", FLOAT, "M", 2)],
        [numpy_helper.from_array(np.array([n], np.int64), name)
         for n, name in ((0, "zero"), (2, "two"))]))


def main(root):
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for number, make in enumerate(
            (logistic, text_labels, boosting, columns, mlp, types, dynamic, one_row, tree_ensemble)):
        make(root, np.random.default_rng(number))
    for make in (trees, escaping, newer, strange, fails_at_times):
        make(root)
    too_large = [str(p) for p in root.rglob("*") if p.is_file() and p.stat().st_size > 100_000]
    assert not too_large, too_large


if __name__ == "__main__":
    main(Path(sys.argv[1]))
