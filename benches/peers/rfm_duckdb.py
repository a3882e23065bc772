#!/usr/bin/env python3
"""The whole job in DuckDB: Online Retail II as CSV in, customers.csv out.

The recipe is the one of golden/README.md (`--keep online-retail`). Money is summed exactly, as whole thousandths. Scores are
value-based quintiles, right-closed, on type-7 cuts that are compared as whole numbers (five times the cut).
"""

import argparse
import pathlib
import re

import duckdb

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("input")
parser.add_argument("--as-of", default="2011-12-10")
parser.add_argument("--segments", required=True, help="CSV table code,segment")
parser.add_argument("--out", required=True, help="directory for customers.csv")
parser.add_argument("--threads", type=int, help="default: all cores")
args = parser.parse_args()

if not re.fullmatch(r"\d{4}-\d\d-\d\d", args.as_of):
    parser.error("--as-of: expected YYYY-MM-DD")
out = pathlib.Path(args.out)
out.mkdir(parents=True, exist_ok=True)


def text(value):
    return "'" + str(value).replace("'", "''") + "'"


def cuts(name):
    """Five times the four type-7 quantiles of a sorted list: at position (n - 1) * i / 5, counted from 0."""
    low = "((len(v) - 1) * i) // 5"
    part = "((len(v) - 1) * i) % 5"
    # DuckDB lists are counted from 1, and reading past the end gives NULL: with one customer there is no right neighbour.
    quantile = f"5 * v[{low} + 1] + {part} * (coalesce(v[{low} + 2], v[{low} + 1]) - v[{low} + 1])"
    return f"{name}_cuts AS (SELECT list_transform([1, 2, 3, 4], lambda i: {quantile}) AS q FROM (SELECT list_sort(list({name}::HUGEINT)) AS v FROM summaries))"


def bin_of(name):
    return "1 + " + " + ".join(f"(5 * {name}::HUGEINT > (SELECT q[{i}] FROM {name}_cuts))::INT" for i in range(1, 5))


con = duckdb.connect()
if args.threads:
    con.execute(f"SET threads = {args.threads}")
# Types are given, as the user of a known export would: no second pass to sniff them.
con.execute(f"""
COPY (
  WITH lines AS (
    SELECT "Customer ID"::BIGINT AS customer_id, Invoice AS invoice, InvoiceDate::DATE AS day,
           (Price * 1000)::BIGINT * Quantity AS thousandths
    FROM read_csv({text(args.input)}, header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, columns = {{
      'Invoice': 'VARCHAR', 'StockCode': 'VARCHAR', 'Description': 'VARCHAR', 'Quantity': 'BIGINT',
      'InvoiceDate': 'TIMESTAMP', 'Price': 'DECIMAL(18,3)', 'Customer ID': 'DOUBLE', 'Country': 'VARCHAR'}})
    WHERE "Customer ID" IS NOT NULL AND NOT starts_with(upper(Invoice), 'C') AND Quantity > 0 AND Price > 0
  ),
  summaries AS MATERIALIZED (
    SELECT customer_id, max(day) AS last_order, DATE '{args.as_of}' - max(day) AS recency_days,
           count(DISTINCT invoice) AS frequency, sum(thousandths) AS thousandths
    FROM lines GROUP BY customer_id
  ),
  {cuts("recency_days")},
  {cuts("frequency")},
  {cuts("thousandths")},
  scored AS (
    SELECT *, 6 - ({bin_of("recency_days")}) AS r_score, {bin_of("frequency")} AS f_score, {bin_of("thousandths")} AS m_score
    FROM summaries
  ),
  coded AS (SELECT *, concat(r_score, f_score, m_score) AS rfm_code FROM scored)
  SELECT customer_id, last_order, recency_days, frequency,
         -- A division would be one of doubles.
         thousandths::DECIMAL(18,0) * 0.001::DECIMAL(4,3) AS monetary,
         r_score, f_score, m_score, rfm_code, segment
  FROM coded LEFT JOIN read_csv({text(args.segments)}, header = true, columns = {{'code': 'VARCHAR', 'segment': 'VARCHAR'}})
    ON code = rfm_code
  ORDER BY customer_id
) TO {text(out / "customers.csv")} (HEADER, DELIMITER ',')
""")
