"""Writes the golden vectors of sdk-drift's profiles and drift into the folder given as the argument.

Run by the Python of tools/peers/venv stats. Numbers are written with all their digits.
"""

import csv
import fractions
import math
import sys
from pathlib import Path

import numpy as np
import scipy.spatial.distance
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


def tables():
    """Pairs of counts over the same cells, in which at least five are expected everywhere."""
    rng = np.random.default_rng(2013)
    for cells in (2, 3, 5, 10, 40, 200):
        for n, m in ((200, 200), (50_000, 1_000), (1_000, 50_000), (10**6, 10**6)):
            for shift in (0.0, 0.05, 1.0):
                p = rng.dirichlet(np.full(cells, 5.0))
                q = (1 - shift) * p + shift * rng.dirichlet(np.full(cells, 5.0))
                c, d = rng.multinomial(n, p), rng.multinomial(m, q)
                if ((c + d) * min(n, m) / (n + m)).min() >= 5:
                    yield c, d


def cramers_v(c, d):
    """Bergsma's correction, term by term."""
    n, r, k = c.sum() + d.sum(), 2, len(c)
    chi = scipy.stats.chi2_contingency([c, d], correction=False).statistic
    phi = max(0.0, chi / n - (k - 1) * (r - 1) / (n - 1))
    kt, rt = k - (k - 1) ** 2 / (n - 1), r - (r - 1) ** 2 / (n - 1)
    return (phi / min(kt - 1, rt - 1)) ** 0.5


def contingency(folder):
    """Tests and distances of pairs of counts; distances with one half added to each count."""
    rows = []
    for c, d in tables():
        p, q = (c + 0.5) / (c + 0.5).sum(), (d + 0.5) / (d + 0.5).sum()
        chi = scipy.stats.chi2_contingency([c, d], correction=False)
        g = scipy.stats.chi2_contingency([c, d], correction=False, lambda_="log-likelihood")
        values = [
            chi.statistic,
            chi.pvalue,
            g.statistic,
            g.pvalue,
            cramers_v(c, d),
            scipy.stats.entropy(p, q) + scipy.stats.entropy(q, p),
            scipy.spatial.distance.jensenshannon(p, q, base=2),
            scipy.stats.entropy(p, q),
            np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2),
            np.abs(p - q).sum() / 2,
        ]
        counts = [" ".join(str(v) for v in side) for side in (c, d)]
        rows.append(counts + [float(v) for v in values])
    header = "reference current chi_square chi_square_p g g_p cramers_v psi js kl hellinger tv"
    write(folder, "contingency.csv", header.split(), rows)


def hypergeometric(folder):
    """Twice the smaller tail of how many marked ones a draw has, from whole numbers: exact."""
    rng = np.random.default_rng(7)
    rows = []
    for total in (20, 400, 50_200, 10**6, 10**9):
        for _ in range(12):
            drawn = int(rng.integers(1, min(total, 5_000)))
            marked = int(rng.integers(1, min(total, 20_000)))
            mean = drawn * marked / total
            found = int(np.clip(rng.poisson(mean) + rng.integers(-3, 12), 0, min(drawn, marked)))
            found = max(found, drawn + marked - total)
            ways = 0
            step = 1 if found >= mean else -1
            for k in range(found, min(marked, drawn) + 1 if step > 0 else -1, step):
                more = math.comb(marked, k) * math.comb(total - marked, drawn - k)
                ways += more
                if more * 10**25 < ways:
                    break
            tail = fractions.Fraction(ways, math.comb(total, drawn))
            rows.append([found, marked, drawn, total, min(1.0, float(2 * tail))])
    write(folder, "hypergeometric.csv", ["found", "marked", "drawn", "all", "p"], rows)


def numbers(folder):
    """Kolmogorov-Smirnov and Wasserstein of whole numbers, each of which is a bin of its own."""
    rng = np.random.default_rng(11)
    rows = []
    for n, m in ((1_000, 300), (5_000, 5_000), (20_000, 1_000)):
        for top, shift in ((3, 0), (12, 0), (12, 1), (30, 3), (30, -2)):
            x = rng.binomial(top, 0.4, n)
            y = np.clip(rng.binomial(top, 0.4, m) + shift, x.min(), x.max())
            ks = scipy.stats.ks_2samp(x, y).statistic
            w = scipy.stats.wasserstein_distance(x, y)
            kstwo = scipy.stats.kstwo.sf(ks, round(n * m / (n + m)))
            c = [int((x == v).sum()) for v in range(x.min(), x.max() + 1)]
            d = [int((y == v).sum()) for v in range(x.min(), x.max() + 1)]
            counts = [int(x.min()), " ".join(map(str, c)), " ".join(map(str, d))]
            rows.append(counts + [float(ks), float(kstwo), float(w), float(x.std())])
    write(folder, "numbers.csv", "first reference current ks ks_p wasserstein std".split(), rows)


def false_discovery(folder):
    """P-values adjusted by Benjamini and Hochberg, and by Benjamini and Yekutieli."""
    rng = np.random.default_rng(3)
    rows = []
    for case, size in enumerate((1, 2, 5, 50, 500)):
        p = rng.random(size) ** 3
        bh = scipy.stats.false_discovery_control(p, method="bh")
        by = scipy.stats.false_discovery_control(p, method="by")
        rows += [[case, float(a), float(b), float(c)] for a, b, c in zip(p, bh, by)]
    write(folder, "false-discovery.csv", ["case", "p", "bh", "by"], rows)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    chi_square(folder)
    contingency(folder)
    hypergeometric(folder)
    numbers(folder)
    false_discovery(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
