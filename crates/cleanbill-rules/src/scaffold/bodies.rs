//! The bodies of new rules, one function for each kind. What a coder must look at first has a comment.

use super::sketch::{Body, Case, Parts, TableSketch};
use super::{ScaffoldError, refused};
use crate::diagnostic::suggest;

type Made = Result<Body, ScaffoldError>;

pub(super) fn pair(parts: &Parts, code: &str) -> Made {
    let Some(one) = parts.with.first() else {
        return refused(
            "a pair needs the codes that are paid instead",
            "add `--with 93985`: column one of the pairs",
        );
    };
    if let Some(both) = parts.codes.iter().find(|code| parts.with.contains(code)) {
        return refused(
            format!("`{both}` stands on both sides of the pair"),
            "name it under `--codes` (not paid) or under `--with` (paid)",
        );
    }
    Ok(Body {
        title: format!("{code} on the day of {one}"),
        block: format!(
            "      codes: {}   # column two: not paid\n      with: {}   # column one: paid\n      same: [patient, service_date, rendering_provider]\n      # Any of these on either line lifts the pair; remove the block if nothing does.\n      bypass: {{ modifiers: [\"59\", \"XE\", \"XS\", \"XP\", \"XU\"] }}\n",
            list(&parts.codes),
            list(&parts.with)
        ),
        message: "{code} (line {line}) is not paid with {other.code} (line {other.line}) on {day}.",
        fix: "Remove {code}, or add the modifier that fits if it was a separate service.",
        tests: vec![
            fires("both on one day", lines(&[one, code]), 2, parts),
            silent("a 59 lifts the pair", lines(&[one, &format!("{code}-59")]), "bypass"),
            silent("on another day", lines(&[one, &format!("{code} @2026-03-03")]), "service_date"),
        ],
        table: None,
    })
}

pub(super) fn units(parts: &Parts, code: &str) -> Made {
    let table = &parts.table;
    Ok(Body {
        title: format!("More units of {code} on a day than the limit"),
        block: format!(
            "      table: {table}   # the limits: tables/{table}.csv, one row a code\n      max: units\n      # 1: each line by itself; 2 and 3: all lines of the day together\n      basis: mai\n      same: [patient, service_date, rendering_provider]\n"
        ),
        message: "{code}: {total} units on {day}; the limit is {limit}.",
        fix: "Check that each unit was a whole service, and correct the units.",
        tests: vec![
            fires("one unit over the limit", lines(&[&format!("{code} x2")]), 1, parts),
            silent("at the limit", lines(&[code]), "max"),
            silent(
                "one unit on each of two days",
                lines(&[code, &format!("{code} @2026-03-03")]),
                "max",
            ),
        ],
        table: Some(TableSketch {
            keys: "key: [code], effective: [from, through]",
            csv: rows("code,units,mai,from,through", &parts.codes, |code| format!("{code},1,3,,")),
        }),
    })
}

pub(super) fn modifiers(parts: &Parts, code: &str) -> Made {
    let modifiers = parts.with_or(&["50"]);
    let modifier = modifiers.first().map_or("50", String::as_str);
    Ok(Body {
        title: format!("{code} with a modifier that does not go with it"),
        block: format!(
            "      codes: {}\n      not_allowed: {}   # none of these may stand on the line\n",
            list(&parts.codes),
            list(&modifiers)
        ),
        message: "{code} (line {line}) does not take modifier {modifier}.",
        fix: "Remove modifier {modifier}, or bill the code that it goes with.",
        tests: vec![
            fires("with the modifier", lines(&[&format!("{code}-{modifier}")]), 1, parts),
            silent("without it", lines(&[code]), "not_allowed"),
            silent(
                "another code may have it",
                lines(&[&format!("{}-{modifier}", other(&parts.codes))]),
                "codes",
            ),
        ],
        table: None,
    })
}

pub(super) fn places(parts: &Parts, code: &str) -> Made {
    let places = parts.with_or(&["21", "22", "23"]);
    let place = places.first().map_or("22", String::as_str);
    let fine = ["11", "22", "81", "12"]
        .into_iter()
        .find(|fine| places.iter().all(|place| place != fine))
        .unwrap_or("99");
    Ok(Body {
        title: format!("{code} at a place where it is not paid"),
        block: format!(
            "      codes: {}\n      not_at: {}\n      # A line with one of these is fine everywhere; remove it if there is none.\n      unless_modifiers: [\"26\"]\n",
            list(&parts.codes),
            list(&places)
        ),
        message: "{code} (line {line}) is not paid at place of service {place_of_service}.",
        fix: "Correct the place of service, or add 26 if only the reading is billed.",
        tests: vec![
            fires("at such a place", format!("pos: \"{place}\", {}", lines(&[code])), 1, parts),
            silent("elsewhere", format!("pos: \"{fine}\", {}", lines(&[code])), "not_at"),
            silent(
                "with the modifier",
                format!("pos: \"{place}\", {}", lines(&[&format!("{code}-26")])),
                "unless_modifiers",
            ),
        ],
        table: None,
    })
}

pub(super) fn life(parts: &Parts, code: &str) -> Made {
    let table = &parts.table;
    Ok(Body {
        title: format!("{code} on a day on which it does not exist"),
        block: format!(
            "      table: {table}   # first and last days: tables/{table}.csv, one row a code\n"
        ),
        message: "{code} (line {line}) is not valid on {service_date}; it is valid {valid}.",
        fix: "Bill the code that was valid on the date of service.",
        tests: vec![
            fires(
                "the day before its first",
                format!("date: 2019-12-31, {}", lines(&[code])),
                1,
                parts,
            ),
            silent("its first day", format!("date: 2020-01-01, {}", lines(&[code])), "valid"),
        ],
        table: Some(TableSketch {
            keys: "key: [code], effective: [from, through]",
            csv: rows("code,from,through", &parts.codes, |code| format!("{code},2020-01-01,")),
        }),
    })
}

pub(super) fn primary(parts: &Parts, code: &str) -> Made {
    let (table, disposition) = (&parts.table, parts.disposition);
    let besides = parts.with.first().cloned().unwrap_or_else(|| other(&parts.codes));
    Ok(Body {
        title: format!("Add-on code {code} without a primary procedure"),
        block: format!(
            "      table: {table}   # the primaries: tables/{table}.csv, one row for each pair\n      same: [patient, service_date, rendering_provider]\n      # What happens where the list of primaries is open (types 2 and 3).\n      no_primary_list: {disposition}\n"
        ),
        message: "{code} (line {line}) is an add-on code without its primary ({expected}).",
        fix: "Bill it with the procedure that it was part of.",
        tests: vec![
            fires("alone", lines(&[code]), 1, parts),
            silent("with its primary", lines(&[&besides, code]), "primary"),
        ],
        table: Some(TableSketch {
            keys: "key: [addon, primary]",
            csv: rows("addon,primary,type", &parts.codes, |code| match parts.with.as_slice() {
                [] => format!("{code},,2"),
                with => {
                    let pairs: Vec<String> =
                        with.iter().map(|primary| format!("{code},{primary},1")).collect();
                    pairs.join("\n")
                }
            }),
        }),
    })
}

pub(super) fn fact(parts: &Parts, code: &str) -> Made {
    let known = ["ordering_or_referring_provider", "place_of_service", "pointed_diagnosis"];
    let fact = parts.with.first().map_or("pointed_diagnosis", String::as_str);
    let (without, with) = match fact {
        "ordering_or_referring_provider" => {
            (format!("referring: none, {}", lines(&[code])), lines(&[code]))
        }
        "place_of_service" => (format!("pos: none, {}", lines(&[code])), lines(&[code])),
        "pointed_diagnosis" => (
            format!("dx: [Z00.00], {}", lines(&[&format!("{code} dx=none")])),
            format!("dx: [Z00.00], {}", lines(&[&format!("{code} dx=1")])),
        ),
        _ => {
            return refused(
                format!("`{fact}` is not a fact that a new rule can ask for and test"),
                suggest(fact, known),
            );
        }
    };
    Ok(Body {
        title: format!("{code} without what must stand on the claim"),
        block: format!(
            "      codes: {}\n      must_have: {fact}   # one of {}\n",
            list(&parts.codes),
            known.join(", ")
        ),
        message: match fact {
            "pointed_diagnosis" => "{code} (line {line}) points to no diagnosis.",
            "place_of_service" => "{code} (line {line}) has no place of service.",
            _ => "{code} (line {line}) has no ordering or referring provider.",
        },
        fix: match fact {
            "pointed_diagnosis" => "Point line {line} to the diagnosis that {code} was done for.",
            "place_of_service" => "Give the place of service.",
            _ => "Give the ordering or referring provider with name and NPI.",
        },
        tests: vec![
            fires("it is missing", without, 1, parts),
            silent("it is there", with.clone(), "must_have"),
            silent(
                "another code need not have it",
                with.replace(code, &other(&parts.codes)),
                "codes",
            ),
        ],
        table: None,
    })
}

pub(super) fn coverage(parts: &Parts, code: &str) -> Made {
    let table = &parts.table;
    let covered = parts.with_or(&["I82.4"]);
    let Some(whole) = covered.first().filter(|dx| dx.trim_end_matches('.').len() >= 3) else {
        return refused(
            "a covered diagnosis needs its first three characters",
            "give the beginnings of the covered diagnoses, as `--with I82.4,R60`",
        );
    };
    // The beginning of a diagnosis may end at its point; a diagnosis may not.
    let whole = whole.trim_end_matches('.');
    let uncovered = ["Z00.00", "I10", "E11.9"]
        .into_iter()
        .find(|dx| covered.iter().all(|prefix| !dx.starts_with(prefix.as_str())))
        .unwrap_or("R69");
    let pointed = lines(&[&format!("{code} dx=1")]);
    Ok(Body {
        title: format!("{code} without a covered diagnosis"),
        block: format!(
            "      codes: {}\n      covered: {table}   # beginnings of diagnoses: tables/{table}.csv, one row each\n      look_at: pointed   # the diagnoses that the line points to; or primary, any_on_claim\n",
            list(&parts.codes)
        ),
        message: "{code} (line {line}): none of its diagnoses ({dx}) is covered.",
        fix: "Point the line to the diagnosis that it was done for, if the record shows a covered one.",
        tests: vec![
            fires("no covered diagnosis", format!("dx: [{uncovered}], {pointed}"), 1, parts),
            silent("a covered diagnosis", format!("dx: [{whole}], {pointed}"), "covered"),
            silent(
                "another code needs none",
                format!(
                    "dx: [{uncovered}], {}",
                    lines(&[&format!("{} dx=1", other(&parts.codes))])
                ),
                "codes",
            ),
        ],
        table: Some(TableSketch {
            keys: "key: [dx_prefix]",
            csv: rows("dx_prefix", &covered, Clone::clone),
        }),
    })
}

pub(super) fn duplicate(parts: &Parts, code: &str) -> Made {
    let modifiers = parts.with_or(&["76", "77", "91", "59"]);
    let modifier = modifiers.first().map_or("76", String::as_str);
    Ok(Body {
        title: format!("{code} on two lines of one day"),
        block: format!(
            "      codes: {}\n      same: [patient, service_date, rendering_provider]   # may also name modifiers, units, charge\n      # Any of these on either line says that the service was repeated.\n      unless_modifiers: {}\n",
            list(&parts.codes),
            list(&modifiers)
        ),
        message: "{code} on line {line} repeats line {other.line}.",
        fix: "Remove line {line}, or add the modifier that fits if the service was done twice.",
        tests: vec![
            fires("twice on one day", lines(&[code, code]), 2, parts),
            silent("done again", lines(&[code, &format!("{code}-{modifier}")]), "unless_modifiers"),
            silent(
                "on another day",
                lines(&[code, &format!("{code} @2026-03-03")]),
                "service_date",
            ),
        ],
        table: None,
    })
}

pub(super) fn age(parts: &Parts, code: &str) -> Made {
    let born = |day: &str| format!("birth_date: {day}, {}", lines(&[code]));
    Ok(Body {
        title: format!("{code} at an age that does not go with it"),
        block: format!(
            "      codes: {}\n      age: {{ min: 18 }}   # completed years on the day of service; may also have max\n",
            list(&parts.codes)
        ),
        message: "{code} (line {line}) does not go with the patient's age.",
        fix: "Bill the code that goes with the patient's age, or correct the date of birth.",
        tests: vec![
            fires("the day before the birthday", born("2008-03-03"), 1, parts),
            silent("on the birthday", born("2008-03-02"), "age"),
        ],
        table: None,
    })
}

pub(super) fn frequency(parts: &Parts, code: &str) -> Made {
    let after = |day: &str| lines(&[code, &format!("{code} @{day}")]);
    Ok(Body {
        title: format!("{code} more often than allowed"),
        block: format!(
            "      codes: {}\n      max: 1   # the most that is allowed within the window\n      count: service_dates   # or lines, units\n      window: {{ days: 30 }}   # the last of them is the line's own day\n      same: [patient]\n      # Judge by this claim alone; `required` counts earlier claims, and leaves it open without them.\n      history: claim_only\n",
            list(&parts.codes)
        ),
        message: "{code} (line {line}) is number {n} in {window}; the limit is {limit}; earlier: {prior_dates}.",
        fix: "Check the dates of service, or add the record that shows why it was needed again.",
        tests: vec![
            fires("again within the window", after("2026-03-09"), 2, parts),
            silent("once", lines(&[code]), "max"),
            silent("again after the window", after("2026-04-20"), "window"),
        ],
        table: None,
    })
}

pub(super) fn dates(parts: &Parts, code: &str) -> Made {
    let handed_in = |day: &str| format!("submitted: {day}, {}", lines(&[code]));
    Ok(Body {
        title: format!("{code} served after the claim was handed in"),
        block: format!(
            "      codes: {}   # left out, every line\n      not_after: submitted   # or as_of, the day given with --as-of; or not_before: birth_date\n",
            list(&parts.codes)
        ),
        message: "{code} (line {line}) was served {service_date}, behind {bound}.",
        fix: "Correct the date of service.",
        tests: vec![
            fires("handed in the day before", handed_in("2026-03-01"), 1, parts),
            silent("handed in on the day of service", handed_in("2026-03-02"), "not_after"),
        ],
        table: None,
    })
}

pub(super) fn fires(name: &'static str, claim: String, line: u32, parts: &Parts) -> Case {
    let expect = format!("fires: [{line}], disposition: {}", parts.disposition);
    Case { name, claim, expect }
}

pub(super) fn silent(name: &'static str, claim: String, because: &str) -> Case {
    Case { name, claim, expect: format!("silent: {{ because: {because} }}") }
}

pub(super) fn lines(lines: &[&str]) -> String {
    format!("lines: [\"{}\"]", lines.join("\", \""))
}

pub(super) fn list(items: &[String]) -> String {
    format!("[\"{}\"]", items.join("\", \""))
}

/// A code that is none of `codes`.
fn other(codes: &[String]) -> String {
    let known = ["99213", "99214", "99215"].map(str::to_owned);
    known.into_iter().find(|code| !codes.contains(code)).unwrap_or_else(|| "99212".to_owned())
}

pub(super) fn rows(header: &str, codes: &[String], row: impl Fn(&String) -> String) -> String {
    let rows: Vec<String> = codes.iter().map(row).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}
