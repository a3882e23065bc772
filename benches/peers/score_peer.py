#!/usr/bin/env python3
"""Fits, applies and assigns in memory, a round for each line of standard input: numpy's and Polars' side of score.py.

Quintiles as in the other peers: right-closed, on type-7 cuts that are compared as whole numbers (five times the cut). Of each
library the fastest way that was found: both sort (np.sort has vector instructions and takes half the time of np.partition;
Polars' quantiles take longer than its sort), codes are sums of comparisons, segments a table indexed by code.
"""

import argparse
import csv
import time

import numpy as np

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("library", choices=["numpy", "polars"])
parser.add_argument("customers", type=int)
parser.add_argument("--segments", required=True, help="CSV table code,segment")
args = parser.parse_args()


def draws(place):
    """Every third number of SplitMix64 with seed 1, from `place` on."""
    z = np.arange(args.customers, dtype=np.uint64) * np.uint64(3) + np.uint64(place + 1)
    z = np.uint64(1) + z * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def columns():
    """Days since the last order, orders, and money in cents, as in score_large.rs."""
    recency = (draws(0) % np.uint64(730)).astype(np.int32)
    draw = draws(1)
    orders = (np.uint64(1) + ((draw % np.uint64(64)) >> ((draw >> np.uint64(32)) % np.uint64(8)))).astype(np.int64)
    money = orders * (np.uint64(100) + draws(2) % np.uint64(50_000)).astype(np.int64)
    return recency, orders, money


def positions():
    """Of each cut, the place of its lower neighbour in the sorted values, and fifths of the way to the next one."""
    last = args.customers - 1
    return [(*divmod(last * i, 5), last) for i in range(1, 5)]


def five_cuts(ordered):
    """Five times each cut, from values that are in order where it matters."""
    return [5 * int(ordered[low]) + part * (int(ordered[min(low + 1, last)]) - int(ordered[low])) for low, part, last in positions()]


with open(args.segments, newline="", encoding="utf-8") as file:
    SEGMENTS = {int(row["code"]): row["segment"] for row in csv.DictReader(file)}
NAMES = sorted(set(SEGMENTS.values()))


def in_numpy(values):
    # By code. Codes that cannot be stand for the first name; none is looked up.
    table = np.array([NAMES.index(SEGMENTS.get(code, NAMES[0])) for code in range(556)], dtype=np.uint8)

    def scores(column):
        score = np.ones(len(column), dtype=np.uint8)
        for cut in five_cuts(np.sort(column)):
            # A value is above the cut if it is above its whole part.
            score += column > cut // 5
        return score

    def work():
        recency, orders, money = (scores(column) for column in values)
        code = (6 - recency) * np.uint16(100) + orders * np.uint8(10) + money
        return code, table[code]

    return work, lambda result: (result[0], np.bincount(result[1]))


def in_polars(values):
    import polars as pl

    frame = pl.DataFrame(dict(zip(("recency", "orders", "money"), values)))
    table = pl.Series([SEGMENTS.get(code, NAMES[0]) for code in range(556)], dtype=pl.Enum(NAMES))

    def score(name, ordered):
        return sum(((pl.col(name) > cut // 5).cast(pl.UInt8) for cut in five_cuts(ordered)), pl.lit(1, pl.UInt8))

    def work():
        ordered = frame.select(pl.all().sort())
        r, f, m = (score(name, ordered[name]) for name in frame.columns)
        scored = frame.select(((6 - r).cast(pl.UInt16) * 100 + f * 10 + m).alias("code"))
        return scored.with_columns(pl.lit(table).gather(pl.col("code")).alias("segment"))

    def facts(result):
        return result["code"].to_numpy(), result["segment"].value_counts()["count"].to_numpy()

    return work, facts


work, facts = (in_numpy if args.library == "numpy" else in_polars)(columns())
weights = np.arange(args.customers, dtype=np.uint64) % np.uint64(1009) + np.uint64(1)
print("ready", flush=True)
while True:
    try:
        input()
    except EOFError:
        break
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    codes, sizes = facts(result)
    total = int((codes.astype(np.uint64) * weights).sum())
    print(f"{seconds:.6f} {total} {sorted(int(size) for size in sizes if size)}", flush=True)
