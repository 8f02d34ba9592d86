#!/usr/bin/env python3
"""Prints the golden values that the tests of datasets and model packages expect.

Only the standard library: both algorithms are written down here a second time, independently of the Java code. They
gave the same as pandas 2.3.3 (pandas 3 takes -0.0 for 0.0) and model-signing 1.1.1.
Run: python3 tools/golden/words.py
"""

import hashlib
import json
import struct

MASK = (1 << 64) - 1


def mixed(bits):
    """The finaliser of splitmix64, which pandas.util.hash_array (pandas 2) applies to the bits of a double."""
    bits = ((bits ^ bits >> 30) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ bits >> 27) * 0x94D049BB133111EB) & MASK
    return bits ^ bits >> 31


def numpy_digest(rows):
    """mlflow.data.digest_utils.compute_numpy_digest of a two-dimensional float64 array."""
    md5 = hashlib.md5()
    values = [value for row in rows for value in row][:10_000]
    for value in values:
        md5.update(struct.pack("<Q", mixed(struct.unpack("<Q", struct.pack("<d", value))[0])))
    for length in (len(rows), len(rows[0])):
        md5.update(struct.pack("<q", length))
    return md5.hexdigest()[:8]


def root_digest(files):
    """OpenSSF Model Signing v1.0, method "files": SHA-256 over the raw digests, by the names' code points."""
    root = hashlib.sha256()
    for name in sorted(files):  # Python compares strings by code point
        root.update(hashlib.sha256(files[name]).digest())
    return root.hexdigest()


def canonical(value):
    """RFC 8785 for values without fractions and names below U+10000 alone or above alone."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def manifest(flavor, metadata, parts):
    listed = [
        {"name": name, "media_type": media, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, (media, content) in sorted(parts.items())
    ]
    return canonical({"model_package": 1, "flavor": flavor, "metadata": metadata, "parts": listed})


def main():
    nan, inf = float("nan"), float("inf")
    print("numpy arange(6)", numpy_digest([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]), "(MLflow itself says 3efaaf32)")
    print("numpy 3x2      ", numpy_digest([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    print("numpy special  ", numpy_digest([[0.0, -0.0, nan], [inf, -inf, 0.1]]))
    print("numpy 5001x2   ", numpy_digest([[float(i), -float(i)] for i in range(5001)]))
    # U+FFFD sorts before the emoji by code points, after it by UTF-16 units; "a.b" before "a/b".
    files = {"a/b": b"1", "a.b": b"2", "\ufffd": b"3", "\U0001f600": b"4", "empty": b""}
    print("root           ", root_digest(files))
    directory = {"a/b": b"1", "a.b": b"2", "\U0001f600": b"4", "empty": b""}
    print("directory      ", root_digest(directory)[:32])
    parts = {"weights/a.bin": ("application/octet-stream", b"weights"), "rules.txt": ("text/plain", "größer 😀".encode())}
    package = {name: content for name, (_, content) in parts.items()}
    package["model.json"] = manifest("rules", {"rules_version": "1", "trees": 100}, parts)
    print("package        ", root_digest(package))


if __name__ == "__main__":
    main()
