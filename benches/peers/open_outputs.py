#!/usr/bin/env python3
"""Opens the Parquet and Arrow files of a result with pyarrow, DuckDB and Polars, and holds all of them against its CSV.

    benches/peers/setup.sh
    rfm segment orders.csv --out result --format csv,parquet,arrow
    ~/.cache/rfm-peers/bin/python3 benches/peers/open_outputs.py result

Ends with status 1 at the first difference: rows, sums of money, of frequency and of recency, customers per segment, and the
description of the run in the metadata.
"""

import csv
import decimal
import json
import pathlib
import sys

import duckdb
import polars
import pyarrow
import pyarrow.ipc
import pyarrow.parquet


def of_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return facts(rows, lambda row, name: row[name])


def facts(rows, get):
    segments = {}
    for row in rows:
        segments[get(row, "segment")] = segments.get(get(row, "segment"), 0) + 1
    return {
        "rows": len(rows),
        "monetary": sum(decimal.Decimal(str(get(row, "monetary"))) for row in rows),
        "frequency": sum(int(get(row, "frequency")) for row in rows),
        "recency_days": sum(int(get(row, "recency_days")) for row in rows),
        "last_order": max(str(get(row, "last_order")) for row in rows),
        "scores": sum(int(get(row, name)) for row in rows for name in ("r_score", "f_score", "m_score")),
        "codes": sorted({str(get(row, "rfm_code")) for row in rows}),
        "segments": segments,
    }


def of_table(table):
    return facts(table.to_pylist(), lambda row, name: row[name])


def of_duckdb(path):
    relation = duckdb.sql(f"SELECT * FROM read_parquet('{path}')")
    names = relation.columns
    return facts(relation.fetchall(), lambda row, name: row[names.index(name)])


def of_polars(frame):
    return facts(frame.to_dicts(), lambda row, name: row[name])


def main():
    decimal.getcontext().prec = 60
    result = pathlib.Path(sys.argv[1])
    expected = of_csv(result / "customers.csv")
    run = json.loads((result / "run.json").read_text(encoding="utf-8"))
    parquet, arrow = result / "customers.parquet", result / "customers.arrow"
    found = {}
    if parquet.exists():
        table = pyarrow.parquet.read_table(parquet)
        assert json.loads(table.schema.metadata[b"rfm"]) == run, "the run in the metadata of the Parquet file"
        assert pyarrow.parquet.ParquetFile(parquet).metadata.row_group(0).column(0).statistics is None
        [(stored,)] = duckdb.sql(
            f"SELECT value FROM parquet_kv_metadata('{parquet}') WHERE decode(key) = 'rfm'"
        ).fetchall()
        assert json.loads(stored) == run, "the run that DuckDB finds"
        found["parquet, pyarrow"] = of_table(table)
        found["parquet, DuckDB"] = of_duckdb(parquet)
        found["parquet, Polars"] = of_polars(polars.read_parquet(parquet))
    if arrow.exists():
        ipc = pyarrow.ipc.open_file(arrow).read_all()
        assert json.loads(ipc.schema.metadata[b"rfm"]) == run, "the run in the metadata of the Arrow file"
        found["arrow, pyarrow"] = of_table(ipc)
        relation = duckdb.sql("SELECT * FROM ipc")
        names = relation.columns
        found["arrow, DuckDB"] = facts(relation.fetchall(), lambda row, name: row[names.index(name)])
        found["arrow, Polars"] = of_polars(polars.read_ipc(arrow))
    assert found, f"neither {parquet} nor {arrow} is there"
    for reader, seen in found.items():
        for name, value in expected.items():
            assert seen[name] == value, f"{reader}: {name} is {seen[name]}, the CSV has {value}"
        print(f"{reader}: {seen['rows']} customers, {seen['monetary']} in all, as in the CSV")
    for path in sorted(result.glob("segments.*")) + sorted(result.glob("scores.*")):
        if path.suffix == ".parquet":
            rows = pyarrow.parquet.read_table(path).num_rows
            assert rows == duckdb.sql(f"SELECT count(*) FROM read_parquet('{path}')").fetchall()[0][0]
        elif path.suffix == ".arrow":
            rows = pyarrow.ipc.open_file(path).read_all().num_rows
        else:
            continue
        lines = len(list(csv.DictReader(open(path.with_suffix(".csv"), newline="", encoding="utf-8"))))
        assert rows == lines, f"{path.name}: {rows} rows, the CSV has {lines}"


if __name__ == "__main__":
    main()
