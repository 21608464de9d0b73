"""Polars over the same service lines, out of Parquet: `frames.py FOLDER`, one thread by POLARS_MAX_THREADS."""

import json
import os
import sys

import polars as pl
from edits import LIFT

folder = sys.argv[1]
lines = pl.scan_parquet(os.path.join(folder, "lines.parquet"))
ptp = pl.scan_parquet(os.path.join(folder, "ptp.parquet"))
mue = pl.scan_csv(os.path.join(folder, "mue.csv"), schema_overrides={"code": pl.String})

has = lambda modifier: pl.col("modifiers").list.contains(modifier)
lines = lines.with_columns(
    lifts=pl.col("modifiers").list.eval(pl.element().is_in(LIFT)).list.any().fill_null(False),
    sides=pl.when(has("50") | (has("LT") == has("RT"))).then(3).when(has("LT")).then(1).otherwise(2),
)
pair = lines.join(lines, on=["claim", "day"], suffix="_one").filter(pl.col("line") != pl.col("line_one"))
pairs = (
    pair.join(ptp, left_on=["code_one", "code"], right_on=["column_one", "column_two"])
    .filter(
        (pl.col("indicator") != 9)
        & (pl.col("day") >= pl.col("from"))
        & (pl.col("through").is_null() | (pl.col("day") <= pl.col("through")))
        & ~((pl.col("indicator") == 1) & (pl.col("lifts") | pl.col("lifts_one")))
    )
    .select("claim", "line", "code", "code_one", "day")
)
veins = pair.filter(
    (pl.col("code") == "93970")
    & pl.col("code_one").is_in(["93985", "93986"])
    & ((pl.col("sides") & pl.col("sides_one")) != 0)
).select("claim", "line", "code", "code_one", "day")
limited = lines.join(mue, on="code")
by_line = limited.filter((pl.col("mai") == 1) & (pl.col("units") > pl.col("max_units"))).select("claim", "code", "day")
by_day = (
    limited.filter(pl.col("mai") != 1)
    .group_by("claim", "code", "day", "max_units")
    .agg(pl.col("units").sum())
    .filter(pl.col("units") > pl.col("max_units"))
    .select("claim", "code", "day")
)
pairs, veins, units = pl.collect_all([pairs, veins, pl.concat([by_line, by_day])])
for name, found in {"pairs": pairs, "veins": veins, "units": units}.items():
    found.write_ndjson(os.path.join(folder, f"found-{name}.json"))
print(
    json.dumps(
        {
            "pairs": pairs.unique(["claim", "line"]).height,
            "veins": veins["claim"].n_unique(),
            "units": units["claim"].n_unique(),
        }
    )
)
