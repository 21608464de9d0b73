"""Judges made-up timelines by a few rules, the slow way: every line against every other line.

    timelines.py FOLDER LINES SEED [SHUFFLE]

writes into FOLDER a pack of rules that look beyond a claim, the claims of patients with 1 to 300 lines as
claim JSON (`earlier.ndjson`, which a history is to be made of, and `run-1.ndjson` to `run-3.ndjson`), and
`expected.txt`: each finding as `RULE CLAIM LINE`, sorted, with `?` before one that is open. Another SHUFFLE
spreads the same claims over the files of the run in another order; nothing else may depend on it. Rules over
several days are judged in `timeline_kinds.py`.

It shares no code with cleanbill. All patients, providers and numbers are invented.
"""

import collections
import datetime
import json
import pathlib
import random
import sys

import timeline_kinds

PACK = """\
schema: cleanbill/pack/v1
name: timelines
version: 1.0.0
title: Rules that look beyond a claim
tables:
  mue: { file: mue.csv, key: [code], effective: [from, through] }
  addon: { file: addon.csv, key: [addon, primary] }
  fees: { file: fees.csv, key: [code], effective: [from, through] }
include: [rules.yaml]
"""

SOURCE = "    source: [{ authority: Example, document: Invented, kind: internal }]\n    tests: []\n"
RULES = f"""\
rules:
  - id: pair
    title: Two services that exclude each other
    mutually_exclusive:
      pairs: [{{ column_one: "93985", column_two: "93970", indicator: "1" }}]
      same: [patient, service_date, billing_provider]
      search: [this_claim, history]
      bypass: {{ modifiers: ["59"] }}
    message: "{{code}}"
    fix: Correct it.
{SOURCE}
  - id: units
    title: Units of the day
    unit_limit:
      table: mue
      max: max_units
      basis: mai
      same: [patient, service_date, billing_provider]
      search: [this_claim, history]
    message: "{{code}}"
    fix: Correct it.
{SOURCE}
  - id: again
    title: The same service twice
    duplicate_line:
      same: [patient, service_date, billing_provider]
      search: [this_claim, history]
      unless_modifiers: ["76"]
    message: "{{code}}"
    fix: Correct it.
{SOURCE}
  - id: often
    title: Too often
    frequency_limit:
      codes: ["93971", "93976"]
      max: 2
      count: lines
      window: {{ days: 30 }}
      same: [patient]
      history: required
    message: "{{code}}"
    fix: Correct it.
{SOURCE}
  - id: add-on
    title: Add-on without its primary
    requires_primary:
      table: addon
      same: [patient, service_date]
      search: [this_claim, history]
      no_primary_list: suspend
    message: "{{code}}"
    fix: Correct it.
{SOURCE}
"""

CODES = ["93970", "93985", "93971", "93976", "99292", "99291", "99213", "20610"]
CODES += ["93970", "93985", "93976", "99292"] + timeline_kinds.CODES
MODIFIERS = [[]] * 12 + [["59"], ["59"], ["76"], ["76"]] + [[mark] for mark in timeline_kinds.MODIFIERS]
MAX_UNITS = {"93970": 1, "20610": 2}
PRIMARY = {"99292": "99291"}
OFTEN = {"93971", "93976"}
BILLING = ["1234567893", "2999999024"]
FIRST_DAY = datetime.date(2026, 1, 1)


def make(lines, rng):
    """Claims until there are `lines` lines: a list of patients, each a list of claims."""
    patients, made = [], 0
    while made < lines:
        wanted = min(rng.choice([1, 1, 2, 3, 5, 8, 13, 21, 34, 60, 300]), lines - made)
        days = max(3, wanted // 2)
        claims, patient = [], len(patients)
        # Some are seen day by day, some over years.
        stretch = rng.choice([1, 1, 1, 1, 9, 60])
        while wanted > 0:
            count = min(rng.randint(1, 6), wanted)
            wanted -= count
            made += count
            start = rng.randrange(days) * stretch
            claim = {
                "id": f"P{patient}C{len(claims)}",
                "patient": f"M{patient}",
                "billing": rng.choice(BILLING),
                "tax": rng.choice(timeline_kinds.TAX_NUMBERS),
                "frequency": "1",
                "reference": "",
                "submitted": FIRST_DAY + datetime.timedelta(start + rng.randrange(3)),
                "lines": [
                    {
                        "number": number,
                        "code": rng.choice(CODES),
                        "units": rng.choice([1, 1, 1, 2]),
                        "modifiers": rng.choice(MODIFIERS),
                        "provider": timeline_kinds.provider(rng),
                        "date": FIRST_DAY + datetime.timedelta(start + rng.choice([0, 0, 0, 1])),
                    }
                    for number in range(1, count + 1)
                ],
            }
            if claims and rng.random() < 0.12:
                target = rng.choice(claims)
                claim["frequency"] = rng.choice("778")
                claim["reference"] = target["id"]
                claim["submitted"] = target["submitted"] + datetime.timedelta(rng.randrange(2))
            elif rng.random() < 0.03 and claims:
                # Handed in again under its old number, changed or not.
                claim["id"] = rng.choice(claims)["id"]
            claims.append(claim)
        patients.append(claims)
    return patients


def written_provider(line):
    if line["provider"] is None:
        return {}
    given = zip(("npi", "taxonomy"), line["provider"])
    return {"rendering_provider": {name: value for name, value in given if value}}


def written(claim):
    tax = {"tax_id": claim["tax"]} if claim["tax"] else {}
    return {
        "schema": 1,
        "claim_id": claim["id"],
        "type": "professional",
        "frequency": claim["frequency"],
        "original_reference": claim["reference"],
        "payer": "PAYER",
        "patient": {"id": claim["patient"]},
        "billing_provider": {"npi": claim["billing"], **tax},
        "place_of_service": "11",
        "diagnoses": ["N186"],
        "charge": str(10 * len(claim["lines"])),
        "submitted": str(claim["submitted"]),
        "lines": [
            {
                "number": line["number"],
                "procedure": line["code"],
                "modifiers": line["modifiers"],
                "units": str(line["units"]),
                "charge": "10",
                "from": str(line["date"]),
                "through": str(line["date"]),
                "diagnosis_pointers": [1],
                **written_provider(line),
            }
            for line in claim["lines"]
        ],
    }


def corrects(claim):
    return claim["frequency"] in "78"


def same(a, b):
    days = {line["date"] for line in a["lines"]}
    return a["id"] == b["id"] and any(line["date"] in days for line in b["lines"])


def supersedes(later, earlier):
    return corrects(later) and (
        later["id"] == earlier["id"]
        or later["reference"] == earlier["id"]
        or later["reference"] != "" and later["reference"] == earlier["reference"]
    )


def one(a, b):
    return same(a, b) or supersedes(a, b) or supersedes(b, a)


def stands(all_claims, at):
    claim = all_claims[at]
    if claim["frequency"] == "8":
        return False
    for place, other in enumerate(all_claims):
        if place == at:
            continue
        if corrects(other) and other["reference"] == claim["id"]:
            return False
        if place > at and (supersedes(other, claim) or same(other, claim)):
            return False
    return True


def judge(earlier, run):
    """The findings on the claims of `run`, which are in the order in which they count as having come."""
    both = earlier + run
    standing = [stands(both, at) for at in range(len(both))]
    found = []
    for rank, own in enumerate(run):
        # Every other line with where its claim stands: -1 before the run, 0 before, 1 behind.
        beside = []
        for at, other in enumerate(both):
            if at == len(earlier) + rank or not standing[at] or one(own, other):
                continue
            where = -1 if at < len(earlier) else 0 if at - len(earlier) < rank else 1
            beside += [(where, other, line) for line in other["lines"]]
        inside = [(None, own, line) for line in own["lines"]]
        for line in own["lines"]:
            say = lambda rule: found.append(f"{rule} {own['id']} {line['number']}")
            day, code = line["date"], line["code"]
            here = [
                (where, claim, other)
                for where, claim, other in inside + beside
                if other is not line and other["date"] == day
            ]
            by_billing = [item for item in here if item[1]["billing"] == own["billing"]]
            free = lambda other: "59" not in other["modifiers"] + line["modifiers"]
            for where, _, other in by_billing:
                if code == "93970" and other["code"] == "93985" and free(other):
                    say("pair")
                if code == "93985" and other["code"] == "93970" and where == -1 and free(other):
                    say("pair")
            if code in MAX_UNITS:
                units = sum(other["units"] for _, _, other in by_billing if other["code"] == code)
                if units + line["units"] > MAX_UNITS[code]:
                    say("units")
            if any(
                other["code"] == code
                and "76" not in other["modifiers"] + line["modifiers"]
                and (where in (-1, 0) or where is None and other["number"] < line["number"])
                for where, _, other in by_billing
            ):
                say("again")
            if code in OFTEN:
                key = lambda where, other: (
                    other["date"],
                    {-1: 0, 0: 0, None: 1, 1: 2}[where],
                    other["number"] if where is None else 0,
                )
                mine = key(None, line)
                count = sum(
                    other["code"] in OFTEN
                    and key(where, other) <= mine
                    and (day - other["date"]).days < 30
                    for where, _, other in inside + beside
                )
                if count > 2:
                    say("often")
            if code in PRIMARY and not any(other["code"] == PRIMARY[code] for _, _, other in here):
                say("add-on")
            others = [item for item in inside + beside if item[2] is not line]
            for rule in timeline_kinds.judge((own, line), others):
                say(rule)
    return found


def rank(claim):
    first = min(line["date"] for line in claim["lines"])
    return (claim["submitted"], first, corrects(claim), claim["id"])


def main():
    folder, lines, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    shuffle = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    patients = make(lines, random.Random(seed))
    rng = random.Random(seed + 1)
    earlier_all, run_all, expected = [], [], []
    for claims in patients:
        # Two claims of one patient with one rank would be told apart by a digest that is not ours.
        taken, earlier, run = set(), [], []
        for claim in claims:
            if rng.random() < 0.3:
                earlier.append(claim)
            elif rank(claim) not in taken:
                taken.add(rank(claim))
                run.append(claim)
        run.sort(key=rank)
        expected += judge(earlier, run)
        earlier_all += earlier
        run_all += run
    (folder / "pack").mkdir(parents=True, exist_ok=True)
    (folder / "pack/pack.yaml").write_text(PACK)
    (folder / "pack/rules.yaml").write_text(RULES + timeline_kinds.RULES)
    (folder / "pack/fees.csv").write_text(timeline_kinds.TABLE)
    limits = "".join(f"{code},{units},3,,\n" for code, units in MAX_UNITS.items())
    (folder / "pack/mue.csv").write_text("code,max_units,mai,from,through\n" + limits)
    pairs = "".join(f"{addon},{primary},1\n" for addon, primary in PRIMARY.items())
    (folder / "pack/addon.csv").write_text("addon,primary,type\n" + pairs)
    random.Random(shuffle).shuffle(run_all)
    parts = collections.defaultdict(list)
    for place, claim in enumerate(run_all):
        parts[place * 3 // len(run_all) + 1].append(claim)
    files = {"earlier": earlier_all, **{f"run-{part}": parts[part] for part in (1, 2, 3)}}
    for name, claims in files.items():
        text = "".join(json.dumps(written(claim)) + "\n" for claim in claims)
        (folder / f"{name}.ndjson").write_text(text)
    (folder / "expected.txt").write_text("".join(f"{item}\n" for item in sorted(expected)))
    counts = collections.Counter(item.split()[0] for item in expected)
    print(len(patients), "patients,", len(run_all), "claims,", dict(sorted(counts.items())))


main()
