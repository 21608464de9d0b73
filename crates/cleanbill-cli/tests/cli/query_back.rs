//! Every row of a small quarter of pairs, asked for on its first and last day and the days around them, over
//! an import and a run of the command. What is expected is worked out from the rows as text alone; the
//! benchmark does the same with as many rows as a release has.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::command::Sandbox;
use crate::tables;

/// Column one, column two, first and last day (`*`: open), indicator.
type Row = [&'static str; 5];

/// Windows that follow each other, one day alone, tombstones beside a row of the same day, both orders.
const ROWS: [Row; 13] = [
    ["10000", "20000", "19960101", "*", "0"],
    ["10000", "30000", "20200101", "20201231", "1"],
    ["10000", "30000", "20210101", "20210101", "0"],
    ["10000", "30000", "20210401", "*", "1"],
    ["10000", "40000", "20000229", "20040229", "1"],
    ["10000", "50000", "20010101", "20010101", "9"],
    ["10000", "60000", "19960101", "19960101", "9"],
    ["10000", "60000", "19960101", "*", "0"],
    ["20000", "10000", "19950101", "19951231", "0"],
    ["30000", "G0001", "20190630", "20191231", "1"],
    ["40000", "30000", "20200101", "20200630", "0"],
    ["40000", "30000", "20200701", "*", "1"],
    ["G0001", "40000", "20240101", "*", "0"],
];

/// The days around and on the edges of the rows, each `YYYYMMDD`.
const DAYS: [&str; 34] = [
    "19941231", "19950101", "19951231", "19960101", "19960102", "20000228", "20000229", "20000301",
    "20001231", "20010101", "20010102", "20040228", "20040229", "20040301", "20190629", "20190630",
    "20190701", "20191231", "20200101", "20200630", "20200701", "20201231", "20210101", "20210102",
    "20210331", "20210401", "20231231", "20240101", "20240102", "20260331", "20260630", "20260701",
    "20260930", "20261001",
];

/// The line that is denied of two with these codes.
fn expected(one: &str, two: &str, day: &str, lifts: bool) -> Option<u8> {
    let in_force = |one: &str, two: &str| {
        ROWS.iter().find(|[a, b, from, through, indicator]| {
            (*a, *b) == (one, two)
                && *indicator != "9"
                && *from <= day
                && (*through == "*" || day <= *through)
        })
    };
    let (row, denied) = match (in_force(one, two), in_force(two, one)) {
        (Some(row), _) => (row, 2),
        (None, Some(row)) => (row, 1),
        (None, None) => return None,
    };
    // The modifier stands on the second line; before that day it counts on column two alone.
    let is_lifted = lifts && row[4] == "1" && (denied == 2 || day >= "20190701");
    (!is_lifted).then_some(denied)
}

#[test]
fn every_row_gives_its_verdict_on_its_edges_and_the_days_around_them() {
    let pairs: BTreeSet<(&str, &str)> = ROWS.iter().map(|row| (row[0], row[1])).collect();
    let (mut claims, mut wanted) = (String::new(), BTreeSet::new());
    for (one, two) in &pairs {
        for day in DAYS {
            let (year, rest) = day.split_at(4);
            let (month, rest) = rest.split_at(2);
            let date = format!("{year}-{month}-{rest}");
            for lifts in [false, true] {
                let id = format!("{one}-{two}-{day}-{lifts}");
                let mut claim = tables::claim(&id, [one, two], &date)
                    .replace(r#""payer":"P""#, r#""payer":"P","filing_indicator":"MB""#);
                if lifts {
                    let code = format!(r#""procedure":"{two}""#);
                    claim = claim.replace(&code, &format!(r#"{code},"modifiers":["59"]"#));
                }
                claims += &claim;
                wanted.extend(expected(one, two, day, lifts).map(|line| (id, line)));
            }
        }
    }
    let sandbox = Sandbox::with_claims(&[claims]);
    let mut parts: [Vec<String>; 2] = Default::default();
    for [one, two, from, through, indicator] in ROWS {
        let mut row = String::new();
        write!(row, "{one}|{two}||{from}|{through}|{indicator}|words").unwrap();
        parts[usize::from(one != "10000")].push(row);
    }
    let [first, second] =
        parts.each_ref().map(|rows| -> Vec<&str> { rows.iter().map(String::as_str).collect() });
    tables::quarter(&sandbox, "v322r0", &first, &second);
    let imported = tables::import(&sandbox, "v322r0", &["--allow-damaged"]);
    assert_eq!(imported.code, Some(0), "{imported:?}");
    let validate = ["validate", "claims.ndjson", "--packs", "ncci-medicare", "--tables", "tables"];
    let ran = sandbox.run(&[&validate[..], &["--quiet", "--format", "ndjson"]].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let found: BTreeSet<(String, u8)> = ran
        .records()
        .iter()
        .filter(|record| record["rule"] == "ncci-ptp-practitioner")
        .map(|finding| {
            let line = u8::try_from(finding["line"].as_u64().unwrap()).unwrap();
            (finding["claim"].as_str().unwrap().to_owned(), line)
        })
        .collect();
    let differ: Vec<_> = found.symmetric_difference(&wanted).collect();
    assert!(differ.is_empty(), "{differ:?}");
    assert!(wanted.len() > 100 && wanted.len() < pairs.len() * DAYS.len() * 2, "{}", wanted.len());
}
