//! What is joined, what stays, and that no order of registration shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use cleanbill_model::{
    Claim, DateRange, Disposition, EditInfo, Element, Origin, Period, ProcedureCode, ServiceDate,
    ServiceLine, Severity, Source, SourceKind,
};

use super::*;
use crate::edit::{Edit, EditFault, Sink};

/// An edit that says what it was told to, and names `names` codes.
#[derive(Clone)]
struct Says {
    info: [Arc<EditInfo>; 1],
    codes: Vec<ProcedureCode>,
    findings: Vec<Finding>,
}

impl Edit for Says {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.info
    }

    fn trigger(&self) -> Trigger<'_> {
        Trigger::Codes(&self.codes)
    }

    fn evaluate(&self, _: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        self.findings.iter().for_each(|finding| sink.find(finding.clone()));
        Ok(())
    }
}

fn code(text: &str) -> ProcedureCode {
    ProcedureCode::new(text.as_bytes()).unwrap()
}

fn says(pack: &str, id: &str, names: usize) -> Says {
    let source = |document: &str| Source {
        authority: "CMS".to_owned(),
        document: document.to_owned(),
        edition: None,
        kind: SourceKind::Public,
        verified: true,
    };
    let info = EditInfo {
        id: id.to_owned(),
        title: String::new(),
        kind: "mutually_exclusive",
        origin: Origin::Pack { pack: pack.to_owned(), place: String::new() },
        disposition: Disposition::LineDenial,
        severity: Severity::Error,
        on_unknown: Disposition::Suspend,
        remit: None,
        effective: Period::ALWAYS,
        owner: None,
        sources: vec![source("both name it"), source(id)],
    };
    let codes = (0..names).map(|n| code(&format!("A{n:04}"))).chain([code("93970")]).collect();
    Says { info: [Arc::new(info)], codes, findings: Vec::new() }
}

impl Says {
    fn that(
        mut self,
        line: usize,
        disposition: Disposition,
        outcome: Outcome,
        about: &str,
    ) -> Self {
        let defect = (!about.is_empty()).then(|| Defect::Life(code(about)));
        self.findings.push(Finding {
            edit: self.info[0].clone(),
            outcome,
            disposition,
            severity: disposition.severity(),
            remit: None,
            line: Some(line),
            others: Vec::new(),
            element: Element::Procedure,
            message: String::new(),
            why: String::new(),
            fix: String::new(),
            evidence: Vec::new(),
            defect,
            also: Vec::new(),
        });
        self
    }

    fn denies(self) -> Self {
        self.that(0, Disposition::LineDenial, Outcome::Fires, "93970")
    }
}

fn claim() -> Claim {
    let mut claim = Claim::default();
    let mut line = ServiceLine::new(1, DateRange::day(ServiceDate::new(2026, 3, 2).unwrap()));
    line.procedure = Some(code("93970"));
    claim.lines.push(line);
    claim
}

fn found(edits: &[&Says]) -> Vec<Finding> {
    let edits = edits.iter().map(|edit| -> Box<dyn Edit> { Box::new((*edit).clone()) }).collect();
    let registry = Registry::new(edits).unwrap();
    Evaluator::default().evaluate(&registry, &claim()).findings.to_vec()
}

/// `id+also(disposition)` of each finding.
fn shown(findings: &[Finding]) -> Vec<String> {
    let also = |also: &Also| format!("+{}({})", also.edit.id, also.disposition.as_str());
    let show = |finding: &Finding| {
        finding.edit.id.clone() + &finding.also.iter().map(also).collect::<String>()
    };
    findings.iter().map(show).collect()
}

#[test]
fn the_pack_that_names_fewer_codes_stays_and_cites_both() {
    let (wide, narrow) = (says("a@1", "a", 100).denies(), says("b@1", "b", 2).denies());
    let found = found(&[&wide, &narrow]);
    assert_eq!(shown(&found), ["b+a(line_denial)"]);
    let sources: Vec<&str> = found[0].sources().iter().map(|s| s.document.as_str()).collect();
    assert_eq!(sources, ["both name it", "b", "a"]);
}

#[test]
fn the_strictest_stays_and_the_milder_word_can_be_seen() {
    let mild = says("b@1", "b", 2).that(0, Disposition::Suspend, Outcome::Fires, "93970");
    let found = found(&[&says("a@1", "a", 100).denies(), &mild]);
    assert_eq!(shown(&found), ["a+b(suspend)"]);
}

#[test]
fn the_louder_severity_of_a_joined_finding_is_kept() {
    let mut loud = says("b@1", "b", 2).that(0, Disposition::Suspend, Outcome::Fires, "93970");
    loud.findings[0].severity = Severity::Error;
    let mut quiet = says("a@1", "a", 100).denies();
    quiet.findings[0].severity = Severity::Info;
    let found = found(&[&loud, &quiet]);
    assert_eq!(
        (found[0].disposition, found[0].severity),
        (Disposition::LineDenial, Severity::Error)
    );
}

#[test]
fn what_is_waived_open_or_of_the_same_pack_stays_by_itself() {
    let waived = says("b@1", "b", 2).that(0, Disposition::LineDenial, Outcome::Waived, "93970");
    let open = says("c@1", "c", 2).that(0, Disposition::Suspend, Outcome::Undetermined, "93970");
    let (one, two) = (says("a@1", "a1", 2).denies(), says("a@1", "a2", 2).denies());
    assert_eq!(shown(&found(&[&waived, &open, &one, &two])), ["a1", "a2", "b", "c"]);
}

#[test]
fn other_lines_other_defects_and_findings_that_name_none_stay_apart() {
    let one = says("a@1", "a", 2).denies();
    let two = says("b@1", "b", 2)
        .that(1, Disposition::LineDenial, Outcome::Fires, "93970")
        .that(0, Disposition::LineDenial, Outcome::Fires, "93971")
        .that(0, Disposition::LineDenial, Outcome::Fires, "");
    assert_eq!(shown(&found(&[&one, &two])), ["a", "b", "b", "b"]);
}

#[test]
fn an_explanation_names_the_others_whoever_stays() {
    let edits: Vec<Box<dyn Edit>> =
        vec![Box::new(says("a@1", "a", 100).denies()), Box::new(says("b@1", "b", 2).denies())];
    let registry = Registry::new(edits).unwrap();
    let claim = claim();
    for (asked, other) in [("a", "b"), ("b", "a")] {
        let (edit, _) = registry.find(asked).unwrap();
        let mut seen = crate::explain::explain(edit, asked, &claim).unwrap();
        also_found_by(&registry, Subject::from(&claim), &mut seen);
        let LineOutcome::Found(found) = &seen.lines[0].outcome else { panic!("{seen:?}") };
        assert_eq!(shown(found), [format!("{asked}+{other}(line_denial)")]);
    }
}

/// A small generator of numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

#[test]
fn no_order_of_registration_shows_and_nothing_found_is_lost() {
    let mut numbers = Numbers(93_970);
    for _ in 0..2_000 {
        let mut edits: Vec<Says> = Vec::new();
        for n in 0..2 + numbers.below(5) {
            let pack = ["a@1", "b@1", "c@1"][numbers.below(3)];
            let mut edit = says(pack, &format!("edit-{n}"), numbers.below(3));
            for _ in 0..numbers.below(4) {
                let outcome =
                    [Outcome::Fires, Outcome::Undetermined, Outcome::Waived][numbers.below(3)];
                let about = ["93970", "93971", ""][numbers.below(3)];
                let disposition = Disposition::ALL[numbers.below(3)];
                edit = edit.that(numbers.below(2), disposition, outcome, about);
            }
            edits.push(edit);
        }
        let all: Vec<&Says> = edits.iter().collect();
        let once = found(&all);
        let mut shuffled = all;
        for place in (1..shuffled.len()).rev() {
            shuffled.swap(place, numbers.below(place + 1));
        }
        assert_eq!(found(&shuffled), once);
        same_as_alone(&edits, &once);
        assert!(!groups(&once).values().any(|packs| packs.len() > 1), "{once:#?}");
    }
}

type Key = (Option<usize>, u8, Option<Defect>);

fn owned(finding: &Finding) -> Key {
    let (line, outcome, defect) = key(finding);
    (line, outcome, defect.cloned())
}

/// The packs with a finding of their own on each defect.
fn groups(findings: &[Finding]) -> BTreeMap<Key, Vec<String>> {
    let mut groups: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.defect.is_some()) {
        let packs = groups.entry(owned(finding)).or_default();
        packs.push(finding.edit.origin.name().to_owned());
        packs.dedup();
    }
    groups
}

/// Each edit that finds something alone is there, in a finding of its own or beside another one's.
fn same_as_alone(edits: &[Says], joined: &[Finding]) {
    for edit in edits {
        for alone in &edit.findings {
            let id = &alone.edit.id;
            let known = joined.iter().filter(|finding| owned(finding) == owned(alone));
            let said = known.flat_map(|finding| {
                let own = (&finding.edit.id, finding.disposition);
                let also = finding.also.iter().map(|also| (&also.edit.id, also.disposition));
                core::iter::once(own).chain(also)
            });
            let strictest = said.filter(|(edit, _)| *edit == id).map(|(_, strict)| strict).max();
            assert!(strictest.is_some_and(|it| it >= alone.disposition), "{id}: {joined:#?}");
        }
    }
}
