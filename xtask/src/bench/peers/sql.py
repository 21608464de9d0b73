"""DuckDB over the same claims: `sql.py prepare|text|parquet|table FOLDER`, one thread.

`text` takes the 837 apart with functions of strings, which is what someone without a parser writes; `parquet` and
`table` begin with service lines that another program has made, and so leave the reading out.
"""

import os
import sys

import duckdb
from edits import ask

what, folder = sys.argv[1:]
database = os.path.join(folder, "peers.duckdb")
parquet = os.path.join(folder, "lines.parquet")
claims = os.path.join(folder, "claims.837")

LINES = f"""
WITH cut AS (SELECT unnest(string_split(content, '~')) AS segment FROM read_text('{claims}')),
numbered AS (SELECT row_number() OVER () AS place, segment FROM cut),
kept AS (
  SELECT place, segment, starts_with(segment, 'CLM*') AS opens FROM numbered
  WHERE starts_with(segment, 'CLM*') OR starts_with(segment, 'SV1*') OR starts_with(segment, 'DTP*472*')),
grouped AS (
  SELECT place, string_split(segment, '*') AS e, starts_with(segment, 'SV1*') AS is_line,
    sum(opens::INT) OVER (ORDER BY place) AS claim,
    string_split(lead(segment) OVER (ORDER BY place), '*') AS after FROM kept)
SELECT claim::INT AS claim, row_number() OVER (PARTITION BY claim ORDER BY place)::INT AS line,
  string_split(e[2], ':')[2] AS code, string_split(e[2], ':')[3:] AS modifiers, e[5]::INT AS units,
  strptime(after[4], '%Y%m%d')::DATE AS day
FROM grouped WHERE is_line
"""


def tables(connection):
    """The pairs as CMS writes them, and the limits of units."""
    names = ["column_one", "column_two", "older", "effective", "deletion", "indicator", "rationale"]
    pairs = os.path.join(folder, "ccipra-*.txt")
    columns = {name: "VARCHAR" for name in names}
    connection.execute(
        f"""CREATE TABLE ptp AS SELECT column_one, column_two, indicator::TINYINT AS indicator,
        strptime(effective, '%Y%m%d')::DATE AS "from",
        CASE deletion WHEN '*' THEN NULL ELSE strptime(deletion, '%Y%m%d')::DATE END AS through
        FROM read_csv('{pairs}', delim = '\t', header = false, skip = 6, quote = '', columns = {columns})"""
    )
    mue = os.path.join(folder, "mue.csv")
    connection.execute(f"CREATE TABLE mue AS FROM read_csv('{mue}', types = {{'code': 'VARCHAR'}})")


if what == "prepare":
    if os.path.exists(database):
        os.remove(database)
    connection = duckdb.connect(database)
    connection.execute("SET threads = 1")
    tables(connection)
    connection.execute(f"CREATE TABLE lines AS {LINES}")
    connection.execute(f"COPY lines TO '{parquet}' (FORMAT parquet)")
    connection.execute(f"COPY ptp TO '{os.path.join(folder, 'ptp.parquet')}' (FORMAT parquet)")
    claims = os.path.join(folder, "claims.ndjson")
    connection.execute(f"COPY (SELECT claim, list({{'code': code}}) AS lines FROM lines GROUP BY claim) TO '{claims}' (FORMAT json)")
    connection.close()
    print("{}")
else:
    # Pairs and units always lie ready as native tables, as ours lie compiled.
    connection = duckdb.connect(database, read_only=True)
    connection.execute("SET threads = 1")
    if what == "text":
        connection.execute(f"CREATE TEMP TABLE lines AS {LINES}")
    elif what == "parquet":
        connection.execute(f"CREATE TEMP VIEW lines AS FROM '{parquet}'")
    ask(connection, os.path.join(folder, "found.json"))
