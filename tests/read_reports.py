#!/usr/bin/env python3
"""Reads the reports of one run with readers that share no code with cleanbill, and compares them.

Takes a folder with findings.ndjson, findings.csv, findings.sarif, results.xml and worklist.xlsx, the JSON Schema of SARIF
2.1.0, and the snapshot of a log with waivers and faults. `crates/cleanbill-cli/tests/cli/readers.rs` makes the folder; it needs the packages jsonschema and openpyxl.
"""
import csv
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import openpyxl

folder, schema, snapshot = map(Path, sys.argv[1:])
records = [json.loads(line) for line in (folder / "findings.ndjson").read_text("utf-8").splitlines()]
findings = [record for record in records if record["type"] == "finding"]
unchecked = [record for record in records if record["type"] in ("fault", "input_error")]
assert len(findings) > 20 and unchecked, "a run that shows little"


def at_risk(finding):
    is_quiet = finding["outcome"] == "waived" or finding["disposition"] == "informational"
    return None if is_quiet else float(finding["charge"])


def check_workbook():
    book = openpyxl.load_workbook(folder / "worklist.xlsx")
    owners = {finding["owner"] or "no owner" for finding in findings if finding["outcome"] != "waived"}
    names = book.sheetnames
    assert names[0] == "Summary" and owners < set(names), names
    for name in names[1:]:
        sheet = book[name]
        head, *rows = list(sheet.iter_rows())
        columns = {cell.value: place for place, cell in enumerate(head)}
        assert not any(cell.data_type == "f" for row in rows for cell in row), f"a formula on {name}"
        assert sheet.freeze_panes and sheet.auto_filter.ref, name
        if name not in owners:
            continue
        order = [(-(row[0].value or 0), row[columns["Date of service"]].value or "~") for row in rows]
        assert order == sorted(order), f"{name} is not sorted by charge and age"
        shown = {row[columns["Finding id"]].value: row for row in rows}
        own = [f for f in findings if (f["owner"] or "no owner") == name and f["outcome"] != "waived"]
        assert set(shown) == {finding["id"] for finding in own} and len(rows) == len(own), name
        for finding in own:
            row = shown[finding["id"]]
            assert row[columns["Claim"]].value == finding["claim"], finding
            assert row[0].value == at_risk(finding), finding
    listed = book["not checked"].max_row - 1
    assert listed == len(unchecked), (listed, len(unchecked))
    return f"{len(names)} sheets"


def check_csv():
    with open(folder / "findings.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(findings) + len(unchecked)
    of_runs = [record for record in records if record["type"] != "summary"]
    for row, record in zip(rows, of_runs):
        assert None not in row and row["record"] == record["type"], row
        assert row["claim"].removeprefix("'") == (record["claim"] or ""), row
        for name, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)
    return f"{len(rows)} rows"


def check_sarif():
    validator = jsonschema.Draft7Validator(json.loads(schema.read_text("utf-8")))
    log = json.loads((folder / "findings.sarif").read_text("utf-8"))
    other = json.loads(snapshot.read_text("utf-8").split("\n---\n", 1)[1])
    assert any(result["suppressions"] for result in other["runs"][0]["results"])
    for checked in (log, other):
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(checked)]
        assert not errors, errors[:5]
    # The check is awake.
    assert list(validator.iter_errors({**log, "version": "2.0.0"}))
    results = log["runs"][0]["results"]
    assert [r["partialFingerprints"]["cleanbillFinding/v1"] for r in results] == [f["id"] for f in findings]
    return f"{len(results)} results"


def check_junit():
    root = ElementTree.parse(folder / "results.xml").getroot()
    assert set(root.attrib) == {"name", "tests", "failures", "errors"}, root.attrib
    for element in [root, *root.findall("testsuite")]:
        cases = list(element.iter("testcase"))
        assert int(element.get("tests")) == len(cases)
        for name, of in (("failures", "failure"), ("errors", "error")):
            assert int(element.get(name)) == sum(case.find(of) is not None for case in cases), name
    assert int(root.get("failures")) > 0 and int(root.get("errors")) > 0
    return f"{root.get('tests')} cases"


print("; ".join(f"{check.__name__}: {check()}" for check in (check_workbook, check_csv, check_sarif, check_junit)))
