"""Reads a compressed prediction log with pyarrow, pandas, polars and duckdb: prints each one's rows, sum and texts."""

import glob
import sys

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds

files = sorted(glob.glob(sys.argv[1] + "/**/*.arrow", recursive=True))
rows = ds.dataset(files, format="ipc", partitioning="hive")


def tell(reader, count, total, origins):
    print(reader, count, repr(float(total)), *sorted(origins))


table = rows.to_table()
table.validate(full=True)
tell("pyarrow", table.num_rows, sum(table["temp"].to_pylist()), set(table["origin"].to_pylist()))
frame = pd.concat([pd.read_feather(file) for file in files])
tell("pandas", len(frame), sum(frame["temp"].tolist()), set(frame["origin"]))
lazy = pl.scan_ipc(files).select("temp", pl.col("origin").cast(pl.String)).collect()
tell("polars", lazy.height, sum(lazy["temp"].to_list()), set(lazy["origin"].to_list()))
count, total = duckdb.sql("select count(*), sum(temp) from rows").fetchall()[0]
origins = {row[0] for row in duckdb.sql("select distinct origin::varchar from rows").fetchall()}
tell("duckdb", count, total, origins)
