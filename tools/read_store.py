#!/usr/bin/env python3
"""Reads a Plumbline store in place, as docs/store-format.md describes it, with Python's standard library alone.

  read_store.py STORE              prints one JSON line for each run
  read_store.py STORE RUN_ID KEY   prints the points of a metric, one JSON line [value, step, time] each

It reads the segments, not their summaries, and it never writes. It does not ask which writers live: the status is the one that was set last.
"""
import hashlib
import json
import math
import re
import struct
import sys
from pathlib import Path

SEGMENT = struct.Struct("<8sHHIQQQ16sII")
FRAME = struct.Struct("<4sIIB3xiq")
EVENT, METRICS, MUST_UNDERSTAND = 0x83, 0x82, 0x80
CRC_TABLE = list(range(256))
for _ in range(8):
    CRC_TABLE = [(c >> 1) ^ (0x82F63B78 if c & 1 else 0) for c in CRC_TABLE]


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def frames(path, run):
    """Yields type, record count, first ordinal and payload of each whole frame of a segment, and notes in the run what is damaged."""
    data = path.read_bytes()
    if len(data) < SEGMENT.size:
        return  # is just being made
    magic, major, *_, crc = SEGMENT.unpack_from(data)
    if magic == b"PLUMBSEG" and major > 1:
        run["problems"].append(f"{path.name} has the format {major}, which is newer than this reader")
        return
    if magic != b"PLUMBSEG" or crc != crc32c(data[:60]):
        run["damage"].append({"file": path.name, "from": 0, "to": len(data)})
        return
    end = at = SEGMENT.size
    while (at := data.find(b"PLBF", at)) >= 0 and at + FRAME.size <= len(data):
        _, length, crc, kind, count, ordinal = FRAME.unpack_from(data, at)
        to = at + 12 + length
        if not 16 <= length <= 67_108_864 or to > len(data) or crc != crc32c(data[at + 4 : at + 8] + data[at + 12 : to]):
            at += 1  # no whole frame: the next one is searched for
            continue
        if at > end:
            run["damage"].append({"file": path.name, "from": end, "to": at})
        yield kind, count, ordinal, data[at + FRAME.size : to]
        at = end = to


def rows(payload, count):
    """Yields key, value, step and time of the points of a METRICS frame."""
    at, step, time = 8, 0, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte, at = payload[at], at + 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def add_difference(number):
        zigzag = varint()
        number += (zigzag >> 1) ^ -(zigzag & 1)
        return (number + 2**63) % 2**64 - 2**63  # differences wrap around at 64 bits

    for _ in range(count):
        key, step, time = varint(), add_difference(step), add_difference(time)
        yield key, struct.unpack_from("<d", payload, at)[0], step, time
        at += 8


def read_writer(segments, run, batches):
    """Yields the events and points of one writer, each record once, in the order of their ordinals: (event, None) or (key, point)."""
    names, expected, nameless = {}, 0, 0
    for kind, count, ordinal, payload in sorted((f for path in segments for f in frames(path, run)), key=lambda f: f[2]):
        if count < 0 or ordinal < 0 or ordinal + count >= 2**63:
            run["problems"].append(f"a frame says that it has {count} records from {ordinal}")
            continue
        is_new = ordinal >= expected
        if count:  # an announcement moves nothing
            run["lost"] += max(0, ordinal - expected)
            expected = max(expected, ordinal + count)
        try:
            event = json.loads(payload) if kind == EVENT else {}
            points = list(rows(payload, count)) if kind == METRICS and is_new else []
            names.update((key["id"], key["key"]) for key in event.get("keys", ()))
        except (ValueError, LookupError, TypeError, AttributeError, struct.error) as e:
            run["problems"].append(f"a frame with record {ordinal} is not understood: {e}")
            continue
        if kind == EVENT and count and is_new and event.get("batch") not in batches:
            batches.update({event["batch"]} if "batch" in event else ())
            yield event, None
            yield from ((name, (float(value), *when[:2])) for name, value, *when in event.get("metrics", ()))
        for key, *point in points:
            nameless += key not in names
            if key in names:
                yield names[key], tuple(point)
        if kind not in (EVENT, METRICS) and kind & MUST_UNDERSTAND:
            run["problems"].append("a newer version has written frames that this reader does not understand")
    if nameless:
        run["problems"].append(f"{nameless} points belong to keys whose announcement is lost")


def opened(segments):
    """When a writer opened the run, as its first segment with a header says: the writers' points come in this order."""
    for path in segments:
        with path.open("rb") as file:
            header = file.read(40)
        if len(header) == 40 and header.startswith(b"PLUMBSEG"):
            return struct.unpack_from("<q", header, 32)[0]
    return math.inf


def read_run(folder):
    """Merges what all writers have written of a run. Returns it and its points by key; the run is None if there is no event in it."""
    run = {"damage": [], "lost": 0, "problems": []}
    events, points, batches, segments = [], {}, set(), {}
    for path in folder.iterdir():
        if match := re.fullmatch(r"([0-9a-f]{16})\.([0-9]{6,9})\.seg", path.name):
            segments.setdefault(match[1], []).append((int(match[2]), path))
    segments = {writer: [path for _, path in sorted(numbered)] for writer, numbered in segments.items()}
    for writer in sorted(segments, key=lambda w: (opened(segments[w]), w)):
        for record, point in read_writer(segments[writer], run, batches):
            if point is None:
                events.append((record["t"], writer, record))
            else:
                points.setdefault(record, []).append(point)
    # The sort is stable: the later event, of equal stamps the one of the higher writer, of one writer the later one comes last.
    events = [event for *_, event in sorted(events, key=lambda e: e[:2])]
    return merge(folder.name, events, run, points) if events else None, points


def merge(folder, events, run, points):
    """Completes the run by what its events amount to, which come in the order of their stamps."""
    last = {"run": folder, "status": "UNKNOWN", "deleted": False}
    params, tags, inputs, artifacts, models, conflicts, dropped, warnings = ({} for _ in range(8))
    for event in events:
        last.update({k: event[k] for k in ("run", "name", "deleted", "status") if k in event})
        last["time"] = event["time"] if "status" in event else last.get("time")
        for key, value in event.get("params", {}).items():
            if params.setdefault(key, value) != value:
                conflicts.setdefault(key, set()).add(value)
        tags.update(event.get("tags", {}))
        for entry in event.get("inputs", ()):
            inputs.setdefault((entry["dataset"]["name"], entry["dataset"]["digest"], entry["context"]), entry)
        artifacts.update((artifact["path"], artifact) for artifact in event.get("artifacts", ()))
        models.update((model["id"], model) for model in event.get("models", ()))
        for reason, number in event.get("dropped", {}).items():
            dropped[reason] = dropped.get(reason, 0) + number
        warnings.update(dict.fromkeys(event.get("warnings", ())))
    start = min((event["start"] for event in events if "start" in event), key=lambda s: s["time"], default={})
    return {
        "id": last["run"], "experiment": start.get("experiment"), "experimentName": start.get("experimentName"),
        "name": last.get("name", last["run"]), "status": last["status"], "deleted": last["deleted"],
        "start": start.get("time"), "end": last["time"] if last["status"] in ("FINISHED", "FAILED", "KILLED") else None,
        "user": start.get("user"), "parent": start.get("parent"),
        "params": params, "tags": {key: value for key, value in tags.items() if value is not None},
        "inputs": list(inputs.values()), "artifacts": [artifacts[path] for path in sorted(artifacts)], "models": list(models.values()),
        "metrics": {key: statistics(points[key]) for key in sorted(points)},
        "conflicts": {key: sorted(values) for key, values in conflicts.items()},
        "dropped": dropped, "warnings": list(warnings), **run,
    }  # fmt: skip


def text(number):
    """The number, or the string that stands for it in JSON."""
    return number if math.isfinite(number) else "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def statistics(points):
    numbers = [value + 0.0 for value, _, _ in points if not math.isnan(value)] or [math.nan]
    last, step, time = max(points, key=lambda p: (p[1], p[2], math.isnan(p[0]), p[0], math.copysign(1, p[0])))
    return {"count": len(points), "min": text(min(numbers)), "max": text(max(numbers)), "last": text(last), "step": step, "time": time}


def main(store, run_id=None, key=None):
    store = Path(store)
    marker = store / "store.json"
    if marker.exists() and json.loads(marker.read_bytes() or b"{}").get("format", 1) > 1:
        sys.exit(f"{store} has a format newer than this reader")
    if run_id is None:
        for folder in sorted((store / "runs").iterdir()):
            run, _ = read_run(folder) if folder.name[0] != "." else (None, None)
            if run:
                print(json.dumps(run))
    else:
        plain = re.fullmatch("[0-9a-f]{32}", run_id)
        folder = store / "runs" / (run_id if plain else "x-" + hashlib.sha256(run_id.encode()).hexdigest()[:32])
        for value, step, time in read_run(folder)[1].get(key, ()) if folder.is_dir() else sys.exit(f"{store} has no run {run_id}"):
            print(json.dumps([text(value), step, time]))


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) in (2, 4) else sys.exit(__doc__)
