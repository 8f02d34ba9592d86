"""Writes the golden vectors of sdk-drift's profiles and drift into the folder given as the argument.

Run by the Python of tools/peers/venv stats. Numbers are written with all their digits.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import scipy.stats


def write(folder, name, header, rows):
    with open(folder / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def chi_square(folder):
    """Tails from the middle down to 1e-300, for one to a thousand degrees of freedom."""
    rows = []
    for dof in (1, 2, 3, 4, 5, 9, 10, 19, 29, 30, 31, 32, 99, 200, 201, 1000):
        tails = [1 - 1e-9, 0.999, 0.9, 0.5, 0.1, 0.05, 0.01] + [10.0**-k for k in range(3, 301, 11)]
        for tail in tails:
            statistic = float(scipy.stats.chi2.isf(tail, dof))
            rows.append([statistic, dof, float(scipy.stats.chi2.sf(statistic, dof))])
    write(folder, "chi-square.csv", ["statistic", "dof", "sf"], rows)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    chi_square(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
