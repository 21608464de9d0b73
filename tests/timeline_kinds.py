"""Judges made-up timelines by rules over several days, the slow way: see `timelines.py`, which makes them.

It knows visits of new patients, what surgeries include, and near duplicates, by groupings of providers that
the claims may leave open. True, False and None stand for yes, no and unknown. It shares no code with
cleanbill.
"""

import datetime

SOURCE = "    source: [{ authority: Example, document: Invented, kind: internal }]\n    tests: []\n"
RULES = f"""\
  - id: new-patient
    title: Not a new patient
    new_patient_visit:
      codes: ["99203"]
      face_to_face: ["99203", "99213", "20610"]
      except_modifiers: ["26"]
      same: [patient, physician]
    message: "{{code}}"
    fix: Correct it.
{SOURCE}
  - id: included
    title: A service that a surgery includes
    global_surgery:
      table: fees
      days: days
      visits: ["99203", "99213"]
      same: [patient, group_specialty]
    message: "{{code}}"
    fix: Correct it.
{SOURCE}
  - id: nearly
    title: Nearly the same service twice
    duplicate_line:
      same: [patient, service_date, tax_id]
      search: [this_claim, history]
      differ: [modifiers, units]
      repeated:
        same_provider: ["76"]
        other_provider: ["77"]
        laboratory: {{ modifiers: ["91"], codes: ["93976"] }}
    message: "{{code}}"
    fix: Correct it.
{SOURCE}
"""

NEW = {"99203"}
FACE_TO_FACE = {"99203", "99213", "20610"}
VISITS = {"99203", "99213"}
LABORATORY = {"93976"}
DAYS = {"20610": "000", "X0010": "010", "X0090": "090", "X0099": "YYY", "X0091": "090"}
# Rows of this code hold from here on; what they say of days before is open.
FROM = {"X0091": datetime.date(2026, 3, 1)}
CODES = ["99203", "99213", "X0010", "X0090", "X0099", "X0091"]
MODIFIERS = ["24", "25", "26", "54", "55", "57", "58", "77", "78", "79", "80", "91"]
TABLE = "code,days,from,through\n" + "".join(
    f"{code},{days},{FROM.get(code, '')},\n" for code, days in DAYS.items()
)


def check_digit(nine):
    digits = [int(digit) for digit in "80840" + nine]
    doubled = [digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(reversed(digits))]
    return str(-sum(digit // 10 + digit % 10 for digit in doubled) % 10)


PHYSICIANS = [
    (nine + check_digit(nine), taxonomy)
    for nine, taxonomy in [
        ("299999903", "208600000X"),
        ("299999904", "208600000X"),
        ("299999905", "207R00000X"),
        ("299999906", "2085R0202X"),
    ]
]
TAX_NUMBERS = ["123456789"] * 6 + ["987654321"] * 3 + [None]


def provider(rng):
    """NPI and specialty of a line, either of which may be missing; None where the claim says nothing."""
    npi, taxonomy = rng.choice(PHYSICIANS)
    return rng.choice([(npi, taxonomy)] * 12 + [(npi, None), (None, taxonomy), None])


def both(*values):
    return False if False in values else None if None in values else True


def either(*values):
    return True if True in values else None if None in values else False


def equal(a, b):
    return None if a is None or b is None else a == b


def known(claim, line):
    return line["provider"] or (claim["billing"], None)


def one_npi(a, b):
    (claim, line), (other_claim, other) = a, b
    npi, other_npi = known(claim, line)[0], known(other_claim, other)[0]
    if claim is other_claim and npi is None and other_npi is None:
        return True
    return equal(npi, other_npi)


def one_specialty(a, b):
    return equal(known(*a)[1], known(*b)[1])


def one_tax_number(a, b):
    return True if a[0] is b[0] else equal(a[0]["tax"], b[0]["tax"])


def one_group(a, b):
    if a[0] is b[0]:
        return True
    return either(a[0]["billing"] == b[0]["billing"], equal(a[0]["tax"], b[0]["tax"]))


def physician(a, b):
    return True if one_npi(a, b) else both(one_group(a, b), one_specialty(a, b))


def group_specialty(a, b):
    return both(one_group(a, b), True if one_npi(a, b) else one_specialty(a, b))


def years_later(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def new_patient(own, others):
    claim, line = own
    if line["code"] not in NEW:
        return False
    found = [
        physician(own, (other_claim, other))
        for _, other_claim, other in others
        if other["code"] in FACE_TO_FACE
        and other["date"] < line["date"] < years_later(other["date"], 3)
        and "26" not in other["modifiers"]
    ]
    return either(False, *found)


def global_days(line):
    """The indicator and whether it is certain."""
    days = DAYS.get(line["code"])
    if days is None:
        return None
    in_force = line["date"] >= FROM.get(line["code"], datetime.date.min)
    return days, True if in_force and days != "YYY" else None


def included(surgery, service):
    """Whether the fee of one line includes another."""
    s, x = surgery[1], service[1]
    package, own = global_days(s), global_days(x)
    is_visit = x["code"] in VISITS
    marks = set(s["modifiers"])
    if package is None or s["code"] in VISITS or marks & {"78", "80", "81", "82", "AS"}:
        return False
    if not is_visit and (own is None or set(x["modifiers"]) & {"55", "56"}):
        return False
    indicator, certain = package
    length = 90 if indicator == "YYY" else int(indicator)
    care = "54" in marks or not marks & {"55", "56"}
    before = care or "56" in marks
    after = "55" in marks or not marks & {"54", "56"}
    apart = (x["date"] - s["date"]).days
    if is_visit and apart == 0 and before:
        lifts = {"000": {"25"}, "010": {"25"}, "090": {"57"}, "YYY": {"25", "57"}}[indicator]
    elif is_visit and apart == -1 and before and length == 90:
        lifts = {"25", "57"} if indicator == "YYY" else {"57"}
    elif 0 < apart <= length and after:
        lifts = {"24"} if is_visit else {"58", "78", "79"}
    else:
        return False
    if set(x["modifiers"]) & lifts:
        return False
    return both(certain, True if is_visit else own[1], group_specialty(surgery, service))


def nearly(own, where, other_claim, other):
    claim, line = own
    comes_first = other["number"] < line["number"] if where is None else where in (-1, 0)
    if not comes_first or other["code"] != line["code"] or other["date"] != line["date"]:
        return False
    if set(other["modifiers"]) == set(line["modifiers"]) and other["units"] == line["units"]:
        return False
    npi = one_npi(own, (other_claim, other))
    opposite = None if npi is None else not npi
    lifts = [False]
    for modifier in line["modifiers"] + other["modifiers"]:
        lifts += [npi] if modifier == "76" else [opposite] if modifier == "77" else []
        lifts += [line["code"] in LABORATORY] if modifier == "91" else []
    lifted = either(*lifts)
    stands = None if lifted is None else not lifted
    return both(stands, one_tax_number(own, (other_claim, other)))


def judge(own, others):
    """The findings on a line beside all others, each `(where, claim, line)`: rule, and `?` where it is open."""
    found = []

    def say(rule, truth):
        if truth is not False:
            found.append(rule if truth else "?" + rule)

    say("new-patient", new_patient(own, others))
    pairs = [(where, (claim, line)) for where, claim, line in others]
    say("included", either(False, *[included(other, own) for _, other in pairs]))
    # A surgery behind services that were billed before the run falls on its own line, service by service.
    for where, other in pairs:
        if where == -1:
            say("included", included(own, other))
    say("nearly", either(False, *[nearly(own, where, *other) for where, other in pairs]))
    return found
