#!/usr/bin/env python3
"""The whole job in pandas: orders as CSV or Parquet in, customers.csv out.

The recipe is the one of golden/README.md (`--keep online-retail`). Money is summed exactly, as whole parts of a unit. Scores are
value-based quintiles, right-closed, on type-7 cuts that are compared as whole numbers (five times the cut).
"""

import argparse

import numpy as np
import pandas as pd
import shops

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
shops.add_arguments(parser)
args, shop = shops.parse(parser)

unit = 10**shop.places
columns = [shop.order, shop.date, shop.customer, shop.quantity, shop.price]
if args.input.endswith(".parquet"):
    lines = pd.read_parquet(args.input, columns=columns, dtype_backend="pyarrow")
    lines[shop.price] = lines[shop.price].astype("double[pyarrow]").astype("float64")
    lines[shop.date] = lines[shop.date].astype("datetime64[us]")
else:
    # Texts stay with Arrow, numbers are numpy's; pandas 3 reads dates of one format without guessing each of them.
    types = {shop.order: "str", shop.quantity: "int64", shop.price: "float64", shop.customer: "float64"}
    lines = pd.read_csv(args.input, usecols=columns, dtype=types, parse_dates=[shop.date])
lines = lines[
    lines[shop.customer].notna()
    & ~lines[shop.order].str.startswith("C")
    & ~lines[shop.order].str.startswith("c")
    & (lines[shop.quantity] > 0)
    & (lines[shop.price] > 0)
]
# A price has so few digits that its float times a power of ten, rounded, is exact.
parts = (lines[shop.price] * unit).round().astype("int64") * lines[shop.quantity].astype("int64")
lines = pd.DataFrame(
    {
        "customer_id": lines[shop.customer].astype("int64"),
        "order_id": lines[shop.order],
        "day": lines[shop.date].dt.normalize(),
        "parts": parts,
    }
)
groups = lines.groupby("customer_id", sort=True)
table = groups.agg(last_order=("day", "max"), frequency=("order_id", "nunique"), parts=("parts", "sum"))
table["recency_days"] = (pd.Timestamp(shop.as_of) - table["last_order"]).dt.days


def bins(name):
    """1 + the number of cuts strictly below the value. A cut is the type-7 quantile at position (n - 1) * i / 5."""
    values = table[name].to_numpy(dtype="int64")
    ordered = np.sort(values)
    last = len(ordered) - 1
    cuts = []
    for i in range(1, 5):
        low, part = divmod(last * i, 5)
        cuts.append(5 * ordered[low] + part * (ordered[min(low + 1, last)] - ordered[low]))
    return 1 + np.searchsorted(np.array(cuts), 5 * values, side="left")


table["r_score"] = 6 - bins("recency_days")
table["f_score"] = bins("frequency")
table["m_score"] = bins("parts")
table["rfm_code"] = (table["r_score"] * 100 + table["f_score"] * 10 + table["m_score"]).astype(str)
segments = pd.read_csv(args.segments, dtype=str).set_index("code")["segment"]
table["segment"] = table["rfm_code"].map(segments)
whole, rest = table["parts"] // unit, table["parts"] % unit
table["monetary"] = whole.astype(str) + "." + rest.astype(str).str.zfill(shop.places)
table.reset_index().to_csv(
    args.out / "customers.csv",
    index=False,
    columns=[
        "customer_id", "last_order", "recency_days", "frequency", "monetary",
        "r_score", "f_score", "m_score", "rfm_code", "segment",
    ],
)  # fmt: skip
