"""The same three edits as plain SQL, for engines of data teams: pairs of codes, 93970 beside 93985 or 93986, units.

A table `lines(claim, line, code, modifiers, units, day)` is asked; `ptp` and `mue` are the tables beside it. What is
found goes to a file, as it does in a run of ours, and the counts to standard output as one JSON object.
"""

import json

# Modifiers that lift a pair of indicator 1.
LIFT = """59 XE XS XP XU 24 25 57 58 78 79 27 91 LT RT LC LD RC LM RI E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9
 TA T1 T2 T3 T4 T5 T6 T7 T8 T9""".split()

SIDES = """CASE WHEN list_contains({0}.modifiers, '50') THEN 3
 WHEN list_contains({0}.modifiers, 'LT') = list_contains({0}.modifiers, 'RT') THEN 3
 WHEN list_contains({0}.modifiers, 'LT') THEN 1 ELSE 2 END"""

FINDINGS = f"""
WITH pair AS (
  SELECT one.claim, two.line, one.line AS beside, one.code AS paid, two.code, one.day,
    list_has_any(one.modifiers, {LIFT}) OR list_has_any(two.modifiers, {LIFT}) AS lifted,
    ({SIDES.format("one")}) & ({SIDES.format("two")}) AS sides
  FROM lines one JOIN lines two ON one.claim = two.claim AND one.day = two.day AND one.line <> two.line)
SELECT 'pairs' AS rule, claim, line, pair.code, paid AS other, beside, day
FROM pair JOIN ptp ON ptp.column_one = paid AND ptp.column_two = pair.code
WHERE ptp.indicator <> 9 AND day >= ptp."from" AND (ptp.through IS NULL OR day <= ptp.through)
  AND NOT (ptp.indicator = 1 AND lifted)
UNION ALL
SELECT 'veins', claim, line, code, paid, beside, day FROM pair
WHERE code = '93970' AND paid IN ('93985', '93986') AND sides <> 0
UNION ALL
SELECT 'units', claim, line, lines.code, NULL, NULL, day FROM lines JOIN mue ON mue.code = lines.code
WHERE mai = 1 AND units > max_units
UNION ALL
SELECT 'units', claim, min(line), lines.code, NULL, NULL, day FROM lines JOIN mue ON mue.code = lines.code
WHERE mai <> 1 GROUP BY claim, lines.code, day, max_units HAVING sum(units) > max_units
"""

COUNTS = """SELECT rule, CASE rule WHEN 'pairs' THEN count(DISTINCT (claim, line)) ELSE count(DISTINCT claim) END
FROM found GROUP BY rule"""


def ask(connection, out):
    """Writes the findings to `out` and prints how many there are."""
    connection.execute(f"CREATE TEMP TABLE found AS {FINDINGS}")
    connection.execute(f"COPY found TO '{out}' (FORMAT json)")
    print(json.dumps(dict(connection.execute(COUNTS).fetchall())))
