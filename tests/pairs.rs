//! Pairs of a compiled table judge claims as a plain join of the same rows does, written here on its own.
//!
//! `CLEANBILL_PAIR_CASES` sets how many claims are compared; `CLEANBILL_CMS` names a folder with real
//! rows, without which the comparison over them is skipped.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_model::{Claim, ClaimType};
use cleanbill_rules::{ClaimSketch, MemorySource, load};

/// A row, its days as texts: an empty one is open.
struct Row {
    one: String,
    two: String,
    setting: &'static str,
    indicator: char,
    from: String,
    through: String,
}

/// A line, its days as texts.
struct Line {
    code: String,
    modifiers: Vec<&'static str>,
    from: String,
    through: String,
}

/// A small generator of numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

const DAYS: [&str; 8] = [
    "2018-12-31",
    "2019-01-01",
    "2019-06-30",
    "2019-07-01",
    "2019-07-02",
    "2019-12-31",
    "2020-01-01",
    "2020-01-02",
];
const CODES: [&str; 6] = ["X0001", "X0002", "X0003", "X0004", "93970", "0001T"];
const LIFTING: [&str; 3] = ["59", "XS", "RT"];
const ONCE_COLUMN_TWO: [&str; 2] = ["59", "XS"];
const MODIFIERS: [&str; 6] = ["59", "XS", "RT", "76", "26", "50"];

fn registry(rows: &[Row]) -> Registry {
    let mut csv = "column_one,column_two,setting,indicator,from,through\n".to_owned();
    for Row { one, two, setting, indicator, from, through } in rows {
        writeln!(csv, "{one},{two},{setting},{indicator},{from},{through}").unwrap();
    }
    let pack = "schema: cleanbill/pack/v1\nname: pairs\nversion: 1.0.0\ntitle: Pairs\ntables:\n  \
                pairs: { file: pairs.csv, key: [column_one, column_two], effective: [from, through], \
                setting: setting }\nrules:\n  - id: pair\n    title: Pair\n    mutually_exclusive:\n      \
                table: pairs\n      same: [patient, service_date]\n      bypass: { modifiers: [\"59\", \
                XS, RT], once_column_two_only: [\"59\", XS], either_line_from: 2019-07-01 }\n    message: \
                m\n    fix: f\n    source: [{ authority: a, document: d, kind: internal }]\n";
    let source = MemorySource::new("pairs").with("pack.yaml", pack).with("pairs.csv", &csv);
    let pack = load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}\n{csv}"));
    Registry::new(pack.edits).unwrap()
}

fn claim(lines: &[Line], kind: ClaimType) -> Claim {
    let texts: Vec<String> = lines
        .iter()
        .map(|line| {
            let modifiers: String = line.modifiers.iter().map(|m| format!("-{m}")).collect();
            format!("{}{modifiers} @{}..{}", line.code, line.from, line.through)
        })
        .collect();
    let mut claim = ClaimSketch::new(&texts).unwrap().claim(false).unwrap();
    claim.claim_type = kind;
    claim
}

/// Denied line and its partner, by place.
type Denied = BTreeSet<(usize, usize)>;

fn by_engine(evaluator: &mut Evaluator, registry: &Registry, claim: &Claim) -> Denied {
    let verdict = evaluator.evaluate(registry, claim);
    assert!(verdict.faults.is_empty());
    let found = verdict.findings.iter();
    found.map(|finding| (finding.line.unwrap(), finding.others[0].own().unwrap())).collect()
}

/// Every row against every two lines.
fn by_join(rows: &[Row], lines: &[Line], kind: ClaimType) -> Denied {
    let setting = match kind {
        ClaimType::Professional => "practitioner",
        ClaimType::Institutional => "hospital",
        ClaimType::Dental => return Denied::new(),
    };
    let mut denied = Denied::new();
    for (two_place, two) in lines.iter().enumerate() {
        for (one_place, one) in lines.iter().enumerate() {
            let day = if one.from > two.from { &one.from } else { &two.from };
            if one_place == two_place || *day > one.through || *day > two.through {
                continue;
            }
            let in_force = |a: &Line, b: &Line| {
                rows.iter().find(|row| {
                    row.one == a.code
                        && row.two == b.code
                        && (row.setting == "both" || row.setting == setting)
                        && row.indicator != '9'
                        && (row.from.is_empty() || row.from <= *day)
                        && (row.through.is_empty() || row.through >= *day)
                })
            };
            // Rows of both orders on one day: the lower code is column one.
            let Some(row) = in_force(one, two) else { continue };
            if two.code < one.code && in_force(two, one).is_some() {
                continue;
            }
            let lifts = |line: &Line, on_column_one: bool| {
                line.modifiers.iter().any(|modifier| {
                    let too_early = on_column_one
                        && day.as_str() < "2019-07-01"
                        && ONCE_COLUMN_TWO.contains(modifier);
                    LIFTING.contains(modifier) && !too_early
                })
            };
            if row.indicator == '0' || !(lifts(one, true) || lifts(two, false)) {
                denied.insert((two_place, one_place));
            }
        }
    }
    denied
}

fn random_rows(numbers: &mut Numbers) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..=numbers.below(20) {
        let (one, two) = (numbers.of(&CODES), numbers.of(&CODES));
        let (a, b) = (numbers.below(DAYS.len() + 1), numbers.below(DAYS.len() + 1));
        let day = |place: usize| DAYS.get(place).copied().unwrap_or_default().to_owned();
        let (from, through) = (day(a), day(b));
        let is_reversed = !from.is_empty() && !through.is_empty() && through < from;
        if one == two || is_reversed {
            continue;
        }
        rows.push(Row {
            one: one.to_owned(),
            two: two.to_owned(),
            setting: numbers.of(&["practitioner", "hospital", "both"]),
            indicator: numbers.of(&['0', '1', '1', '9']),
            from,
            through,
        });
    }
    rows
}

fn random_line(numbers: &mut Numbers) -> Line {
    let place = numbers.below(DAYS.len());
    let last = (place + numbers.of(&[0, 0, 0, 1, 2])).min(DAYS.len() - 1);
    let modifiers = (0..numbers.of(&[0, 0, 1, 1, 2])).map(|_| numbers.of(&MODIFIERS)).collect();
    Line {
        code: numbers.of(&CODES).to_owned(),
        modifiers,
        from: DAYS[place].to_owned(),
        through: DAYS[last].to_owned(),
    }
}

#[test]
fn a_compiled_table_judges_as_a_plain_join_does() {
    let cases: usize =
        std::env::var("CLEANBILL_PAIR_CASES").map_or(4_000, |text| text.parse().unwrap());
    let (mut numbers, mut evaluator) = (Numbers(236), Evaluator::default());
    let (mut compared, mut found, mut silent) = (0, 0, 0);
    while compared < cases {
        let rows = random_rows(&mut numbers);
        if rows.is_empty() {
            continue;
        }
        let registry = registry(&rows);
        for _ in 0..100 {
            let kind = numbers.of(&[ClaimType::Professional, ClaimType::Institutional]);
            let lines: Vec<Line> =
                (0..2 + numbers.below(4)).map(|_| random_line(&mut numbers)).collect();
            let claim = claim(&lines, kind);
            let denied = by_join(&rows, &lines, kind);
            assert_eq!(by_engine(&mut evaluator, &registry, &claim), denied, "{claim:?}");
            compared += 1;
            if denied.is_empty() { silent += 1 } else { found += 1 }
        }
    }
    assert!(found > cases / 20 && silent > cases / 20, "{found} with a finding, {silent} without");
}

fn real_rows(folder: &Path, name: &str, setting: &'static str) -> Vec<Row> {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let through = if cells[2] == "9999-12-31" { "" } else { cells[2] };
        Row {
            one: cells[0].to_owned(),
            two: cells[1].to_owned(),
            setting,
            indicator: cells[3].chars().next().unwrap(),
            from: String::new(),
            through: through.to_owned(),
        }
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn real_rows_judge_as_a_plain_join_does() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/cms");
    let folder = std::env::var_os("CLEANBILL_CMS").map_or(beside, PathBuf::from);
    if !folder.is_dir() {
        return;
    }
    let mut evaluator = Evaluator::default();
    for (name, setting, kind) in [
        ("ncci_ptp_prac_vascular_subset.csv", "practitioner", ClaimType::Professional),
        ("ncci_ptp_out_vascular_subset.csv", "hospital", ClaimType::Institutional),
    ] {
        let rows = real_rows(&folder, name, setting);
        let registry = registry(&rows);
        // The join over few rows at a time: those of the two codes.
        let mut of_pair: BTreeMap<[String; 2], Vec<Row>> = BTreeMap::new();
        for row in rows {
            let mut pair = [row.one.clone(), row.two.clone()];
            pair.sort();
            of_pair.entry(pair).or_default().push(row);
        }
        let mut found = 0;
        for (codes, rows) in &of_pair {
            for (modifiers, day) in
                [(vec![], "2024-07-01"), (vec!["59"], "2024-07-01"), (vec![], "2016-12-31")]
            {
                let line = |code: &String, modifiers: &[&'static str]| Line {
                    code: code.clone(),
                    modifiers: modifiers.to_vec(),
                    from: day.to_owned(),
                    through: day.to_owned(),
                };
                let lines = [line(&codes[0], &[]), line(&codes[1], &modifiers)];
                let denied = by_join(rows, &lines, kind);
                let claim = claim(&lines, kind);
                assert_eq!(by_engine(&mut evaluator, &registry, &claim), denied, "{codes:?} {day}");
                found += denied.len();
            }
        }
        assert!(found > 1_000, "{name}: {found}");
    }
}
