"""The seeded columns that the compatibility modes are tested on; recipes.py says what a recipe is."""


def bell(seed, n, **options):
    return {"kind": "float", "make": "bell", "seed": seed, "n": n, **options}


def cube(seed, n, **options):
    return {"kind": "float", "make": "cube", "seed": seed, "n": n, **options}


def ints(seed, n, weights, **options):
    return {"kind": "int", "make": "codes", "seed": seed, "n": n, "weights": weights, **options}


def text(seed, n, weights, **options):
    return {"kind": "text", "make": "codes", "seed": seed, "n": n, "weights": weights, **options}


FLAT12 = [1.0] * 12
FLAT40 = [1.0] * 40

# name: (reference, current)
NUMERIC = {
    "same": (bell(1, 500), bell(2, 400)),
    "equal-sizes": (bell(3, 300), bell(4, 300, shift=0.1)),
    "shifted": (bell(5, 1000), bell(6, 700, shift=0.3)),
    "far": (bell(7, 600), bell(8, 600, shift=2.5)),
    "apart": (bell(9, 200), bell(10, 150, shift=40.0)),
    "wider": (bell(11, 800), bell(12, 900, scale=1.5)),
    "heavy": (cube(13, 1500), cube(14, 1200, shift=0.2)),
    "ties": (bell(15, 900, grid=10), bell(16, 700, grid=10, shift=0.1)),
    "coarse": (bell(17, 1200, grid=1), bell(18, 1100, grid=1, shift=0.2)),
    "missing": (bell(19, 700, missing=0.1), bell(20, 650, missing=0.6, shift=0.2)),
    "outlier": (bell(21, 2000), bell(22, 2000, shift=1.0, extra=[1e6])),
    "infinite": (
        bell(23, 400, extra=["Infinity"]),
        bell(24, 400, shift=0.2, extra=["-Infinity", "Infinity"]),
    ),
    "powers-of-two": (bell(25, 512), bell(26, 512, shift=0.2)),
    "large": (bell(27, 12000), bell(28, 9000, shift=0.03)),
    "large-ties": (bell(29, 11000, grid=4), bell(30, 14000, grid=4, shift=0.02)),
    "very-uneven": (bell(31, 15000), bell(32, 60, shift=0.4)),
    "small": (bell(33, 18), bell(34, 15, shift=0.7)),
    "tiny": (bell(35, 7), bell(36, 6, shift=1.5)),
    "one-against-many": (bell(37, 400), bell(38, 8)),
    "integers": (ints(39, 900, FLAT40), ints(40, 800, FLAT40, shift=2.0)),
    "few-integers": (ints(41, 900, FLAT12), ints(42, 800, FLAT12[:11])),
    "huge-values": (bell(43, 500, scale=1e12, shift=1e15), bell(44, 500, scale=1e12, shift=1.0002e15)),
    "tiny-values": (bell(45, 500, scale=1e-9), bell(46, 500, scale=1e-9, shift=2e-10)),
}

CATEGORICAL = {
    "letters": (text(60, 800, [5.0, 3.0, 2.0, 1.0]), text(61, 700, [5.0, 3.0, 2.5, 1.2])),
    "letters-equal": (text(62, 900, [5.0, 3.0, 2.0]), text(63, 900, [4.5, 3.0, 2.0])),
    "two": (text(64, 500, [3.0, 2.0]), text(65, 450, [3.0, 2.4])),
    "two-equal": (text(66, 400, [3.0, 2.0]), text(67, 400, [3.0, 2.6])),
    "new-value": (text(68, 600, [3.0, 2.0, 1.0]), text(69, 500, [3.0, 2.0, 1.0, 0.4])),
    "lost-value": (text(70, 600, [3.0, 2.0, 1.0, 0.4]), text(71, 600, [3.0, 2.0, 1.0])),
    "constant": (text(72, 300, [1.0]), text(73, 250, [1.0])),
    "many": (text(74, 3000, FLAT40), text(75, 2500, FLAT40)),
    "rare": (text(76, 20000, [1.0, 1e-4, 1.0]), text(77, 20000, [1.0, 0.0, 1.0, 5e-5])),
    "missing-text": (text(78, 900, [3.0, 2.0, 2.0], missing=0.1), text(79, 800, [3.0, 2.0, 2.5], missing=0.5)),
    "codes": (ints(80, 700, [3.0, 2.0, 2.0, 1.0]), ints(81, 600, [3.0, 2.0, 2.2, 1.0])),
    "flags": (
        {"kind": "bool", "make": "codes", "seed": 82, "n": 500, "weights": [3.0, 1.0]},
        {"kind": "bool", "make": "codes", "seed": 83, "n": 480, "weights": [3.0, 1.3]},
    ),
    "large-letters": (text(84, 5000, [5.0, 3.0, 2.0, 1.0]), text(85, 4000, [5.0, 3.0, 3.0, 1.0])),
}
