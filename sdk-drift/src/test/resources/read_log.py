"""Reads a prediction log with pyarrow, pandas, polars and duckdb, and compares every value.

read_log.py compare LOG EXPECTED    every reader finds what each line of EXPECTED says
read_log.py opens FILE...           every file opens in pyarrow, is valid, and pandas and polars agree on its rows
read_log.py write FOLDER            writes files of each library for the reader in Java, and what they hold
"""

import glob
import json
import math
import struct
import sys

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.ipc as ipc


def bits(value, form, digits):
    if math.isnan(value):
        return "nan"
    return "%0*x" % (digits, int.from_bytes(struct.pack(">" + form, value), "big"))


def text(value, kind):
    if value is None:
        return "null"
    if pa.types.is_float64(kind):
        return bits(value, "d", 16)
    if pa.types.is_float32(kind):
        return bits(value, "f", 8)
    if pa.types.is_boolean(kind):
        return "true" if value else "false"
    if pa.types.is_fixed_size_list(kind):
        return " ".join(bits(item, "f", 8) for item in value)
    if pa.types.is_string(kind) or pa.types.is_dictionary(kind):
        return value
    return str(value)


def rows(table):
    """By request id, each column's value as text; texts as they are."""
    columns = {}
    for field in table.schema:
        column = table.column(field.name)
        kind = field.type
        if pa.types.is_timestamp(kind):
            column = column.cast(pa.int64())
        columns[field.name] = [text(v, kind) for v in column.to_pylist()]
    return {
        request: {name: columns[name][i] for name in columns}
        for i, request in enumerate(columns["_request_id"])
    }


def same(reader, found, expected):
    if found != expected:
        for request in expected:
            if found.get(request) != expected[request]:
                one, other = found.get(request), expected[request]
                if one is None:
                    sys.exit(f"{reader}: {request} is missing")
                wrong = {k: (one.get(k), other[k]) for k in other if one.get(k) != other[k]}
                sys.exit(f"{reader}: {request} differs, (found, expected): {wrong}, more: {set(one) - set(other)}")
        sys.exit(f"{reader}: {len(found)} rows, {len(expected)} expected")
    print(reader, len(found))


def compare(log, expected_file):
    expected = {}
    for line in open(expected_file, encoding="utf-8"):
        row = json.loads(line)
        expected[row["_request_id"]] = row
    files = sorted(glob.glob(log + "/**/*.arrow", recursive=True))

    table = ds.dataset(files, format="ipc", partitioning="hive").to_table()
    table.validate(full=True)
    assert {"_version", "_date"} <= set(table.schema.names)
    same("pyarrow dataset", rows(table.drop_columns(["_version", "_date"])), expected)

    folder = ds.dataset(log, format="ipc", partitioning="hive", ignore_prefixes=[".", "_schema", "_windows"])
    model = expected[next(iter(expected))]["_model"]
    assert folder.count_rows(filter=ds.field("_model") == model) == len(expected)
    print("pyarrow dataset of the folder", len(expected))

    found = {}
    for file in files:
        frame = pd.read_feather(file)
        assert str(frame["_role"].dtype) == "category"
        assert str(frame["_ts"].dtype) == "datetime64[us, UTC]", frame["_ts"].dtype
        found.update(rows(ipc.open_file(file).read_all()))
        assert list(frame["_request_id"]) == [r for r in found][-len(frame):]
    same("pandas", found, expected)

    frame = pl.scan_ipc(log + "/**/*.arrow").collect()
    back = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    schema = pa.schema(
        [
            pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) or pa.types.is_large_string(f.type) else f.type)
            for f in back.schema
        ]
    )
    same("polars", rows(back.cast(schema)), expected)

    dataset = ds.dataset(files, format="ipc")
    numbers = [f.name for f in dataset.schema if pa.types.is_float64(f.type)]
    for name in numbers:
        here = duckdb.sql(f'select count("{name}") from dataset').fetchall()[0][0]
        assert here == sum(row[name] != "null" for row in expected.values()), name
    found = duckdb.sql("select _request_id, cast(_role as varchar) from dataset").fetchall()
    same("duckdb", dict(found), {r: row["_role"] for r, row in expected.items()})


def opens(files):
    for file in files:
        table = ipc.open_file(file).read_all()
        table.validate(full=True)
        assert len(pd.read_feather(file)) == table.num_rows
        assert pl.scan_ipc(file).collect().height == table.num_rows
        print(file, table.num_rows)


def write(folder):
    frame = pl.DataFrame(
        {
            "i8": pl.Series([1, -2, None], dtype=pl.Int8),
            "u64": pl.Series([1, 2**63, None], dtype=pl.UInt64),
            "f32": pl.Series([1.5, float("nan"), None], dtype=pl.Float32),
            "b": [True, False, None],
            "t": ["short", "a text that is longer than twelve bytes", None],
            "c": pl.Series(["x", "y", None], dtype=pl.Categorical),
            "d": pl.Series([0, 20000, None], dtype=pl.Date),
            "ms": pl.Series([1, 2, None], dtype=pl.Datetime("ms")),
            "list": [[1, 2], [], None],
            "n": [None, None, None],
        }
    )
    frame.write_ipc(folder + "/polars.arrow")
    frame.write_ipc(folder + "/polars-zstd.arrow", compression="zstd")
    frame.write_ipc_stream(folder + "/polars.arrows")
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    with ipc.new_file(folder + "/pyarrow.arrow", table.schema) as out:
        out.write_table(table)
    with ipc.new_stream(folder + "/pyarrow.arrows", table.schema) as out:
        out.write_table(table)
    for codec in ("zstd", "lz4", "uncompressed"):
        frame.drop("list").to_pandas().to_feather(folder + f"/pandas-{codec}.feather", compression=codec)
    # A stream whose dictionary is replaced between batches, as pyarrow does it.
    kind = pa.dictionary(pa.int8(), pa.string())
    schema = pa.schema([("c", kind)])
    with ipc.new_stream(folder + "/replaced.arrows", schema) as out:
        for values in (["x", "y"], ["z", "x"]):
            out.write_batch(pa.record_batch([pa.array(values).dictionary_encode().cast(kind)], schema=schema))


if __name__ == "__main__":
    {"compare": compare, "opens": lambda *f: opens(f), "write": write}[sys.argv[1]](*sys.argv[2:])
