//! A hand-made run for the tests of every format: a conflict, a note, an undetermined edit, a waived
//! one, a finding on the claim, a fault and two input errors. The people are invented.

mod hostile;

use std::sync::Arc;

use cleanbill_model::{
    Accounting, ByteTiling, Carc, Claim, DateRange, Disposition, EditInfo, Element, Evidence,
    Fault, FaultKind, Finding, GroupCode, InputError, LineRef, Location, Modifier, Money, Origin,
    Outcome, Period, Phi, PlaceOfService, ProcedureCode, Rarc, Region, Remit, ServiceDate,
    ServiceLine, Source, SourceKind,
};

use crate::amount::Cents;
use crate::report::{JudgedClaim, Report};
use crate::summary::{FileSummary, RegistrySummary, RuleCounts, SeverityCounts, Summary};

/// Stands in every protected field of the sample; must show up in no report.
pub(crate) const CANARY: &str = "ZZPHIZZ";

const FILE: &str = "claims.837";

/// Compares `text` with the stored snapshot `name`.
pub(crate) fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

pub(crate) use hostile::{HOSTILE_MARK, render_hostile, render_hostile_bytes};

/// Feeds the sample run to a report and reads what it wrote as text.
pub(crate) fn render<'a, R: Report + 'a>(report: impl FnOnce(SharedOut) -> R) -> String {
    String::from_utf8(render_bytes(report)).unwrap()
}

/// Feeds the sample run to a report.
pub(crate) fn render_bytes<'a, R: Report + 'a>(report: impl FnOnce(SharedOut) -> R) -> Vec<u8> {
    let out = SharedOut::default();
    let mut report = report(out.clone());
    report.begin().unwrap();
    let claim = claim();
    let findings = [on_claim(), conflict(), undetermined(), note(), waived()];
    let faults = [fault()];
    let judged = JudgedClaim { file: FILE, claim: &claim, findings: &findings, faults: &faults };
    report.claim(&judged).unwrap();
    for error in input_errors() {
        report.input_error(FILE, &error).unwrap();
    }
    report.end(&summary()).unwrap();
    drop(report);
    out.bytes()
}

/// A buffer that can still be read once a report has it.
#[derive(Clone, Default)]
pub(crate) struct SharedOut(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);

impl SharedOut {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.borrow().clone()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }
}

impl std::io::Write for SharedOut {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// 93970 and 93985 on the same legs, and 93971-59 on an arm.
pub(crate) fn claim() -> Claim {
    let mut claim = Claim {
        ordinal: 1,
        charge: Money::from_cents(84_450),
        location: Location { offset: 900, line: 27, segment: 24 },
        ..Claim::default()
    };
    claim.claim_id = claim.texts.add("PCN1");
    claim.payer_id = claim.texts.add("00882");
    claim.patient.id = Phi::new(claim.texts.add(CANARY));
    claim.note = Phi::new(claim.texts.add(CANARY));
    claim.lines = vec![
        line(1, b"93985", &[], Some(Region::Lower), 26_800),
        line(2, b"93970", &[], Some(Region::Lower), 41_200),
        line(3, b"93971", &[b"59", b"LT"], None, 16_450),
    ];
    claim
}

fn line(
    number: u32,
    code: &[u8],
    modifiers: &[&[u8]],
    body_region: Option<Region>,
    cents: i64,
) -> ServiceLine {
    let day = DateRange::day(ServiceDate::new(2026, 3, 2).unwrap());
    let mut line = ServiceLine::new(number, day);
    line.procedure = Some(ProcedureCode::new(code).unwrap());
    for modifier in modifiers {
        line.modifiers.push(Modifier::new(modifier).unwrap()).unwrap();
    }
    line.place_of_service = PlaceOfService::new(b"11").ok();
    line.body_region = body_region;
    line.charge = Money::from_cents(cents);
    line.location =
        Location { offset: 1000 + u64::from(number) * 43, line: 29, segment: 26 + number };
    line
}

fn edit(id: &str, disposition: Disposition, remit: Option<Remit>) -> Arc<EditInfo> {
    Arc::new(EditInfo {
        id: id.to_owned(),
        title: "a sample".to_owned(),
        kind: "mutually_exclusive",
        origin: Origin::Pack {
            pack: "cpt-93970@1.0.0".to_owned(),
            place: "rules/pairs.yaml:4".to_owned(),
        },
        disposition,
        severity: disposition.severity(),
        on_unknown: Disposition::Suspend,
        remit,
        effective: Period::ALWAYS,
        owner: Some("coder".to_owned()),
        sources: vec![
            Source {
                authority: "CMS".to_owned(),
                document: "NCCI PTP practitioner".to_owned(),
                edition: Some("2026q3".to_owned()),
                kind: SourceKind::Public,
                verified: true,
            },
            Source {
                authority: "AMA CPT".to_owned(),
                document: "parenthetical note at 93985".to_owned(),
                edition: None,
                kind: SourceKind::Licensed,
                verified: false,
            },
        ],
    })
}

fn remit() -> Remit {
    Remit {
        group: GroupCode::Co,
        carc: Carc::new(b"236").unwrap(),
        rarc: vec![Rarc::new(b"N20").unwrap()],
    }
}

fn finding(edit: Arc<EditInfo>, line: Option<usize>, others: &[usize]) -> Finding {
    Finding {
        outcome: Outcome::Fires,
        disposition: edit.disposition,
        severity: edit.severity,
        remit: edit.remit.clone(),
        line,
        others: others.iter().copied().map(LineRef::Own).collect(),
        element: Element::Procedure,
        message: String::new(),
        why: String::new(),
        fix: String::new(),
        evidence: Vec::new(),
        defect: None,
        also: Vec::new(),
        edit,
    }
}

/// 93970 falls to 93985 on the same legs.
pub(crate) fn conflict() -> Finding {
    let edit = edit("93970-access-mapping", Disposition::LineDenial, Some(remit()));
    Finding {
        message: "93970 is billed with 93985 for the same patient, day and extremity; the access \
                  mapping already contains the venous study"
            .to_owned(),
        why: "line 2 is 93970 on both legs; line 1 is 93985 on the legs on the same day, 2026-03-02; \
              no modifier tells them apart"
            .to_owned(),
        fix: "take 93970 off the claim, or document two separate extremities and say so with the \
              body region"
            .to_owned(),
        evidence: vec![
            Evidence { line: Some(1.into()), element: Element::Procedure, value: "93970".to_owned() },
            Evidence { line: Some(0.into()), element: Element::Procedure, value: "93985".to_owned() },
        ],
        ..finding(edit, Some(1), &[0])
    }
}

pub(crate) fn undetermined() -> Finding {
    let edit = edit("93971-access-mapping", Disposition::LineDenial, Some(remit()));
    Finding {
        outcome: Outcome::Undetermined,
        disposition: Disposition::Suspend,
        severity: Disposition::Suspend.severity(),
        remit: None,
        element: Element::BodyRegion,
        message: "93971 may repeat 93985: the claim does not say which limb".to_owned(),
        why: "line 3 has no body region and points to no diagnosis with one".to_owned(),
        fix: "give line 3 a body region, or point it to a diagnosis that names the limb".to_owned(),
        ..finding(edit, Some(2), &[0, 1])
    }
}

fn note() -> Finding {
    let edit = edit("93971-modifier-review", Disposition::Informational, None);
    Finding {
        element: Element::Modifiers,
        message: "modifier 59 lifts the pair".to_owned(),
        why: "line 3 carries 59".to_owned(),
        fix: "keep the record that shows two separate studies".to_owned(),
        ..finding(edit, Some(2), &[])
    }
}

pub(crate) fn waived() -> Finding {
    let edit = edit("units-over-mue", Disposition::LineDenial, None);
    Finding {
        outcome: Outcome::Waived,
        element: Element::Units,
        message: "2 units of 93971 are more than the limit of 1".to_owned(),
        why: "waived RCM-4471 through 2026-06-30 by A. Sample: the payer pays two".to_owned(),
        fix: "bill 1 unit".to_owned(),
        ..finding(edit, Some(2), &[])
    }
}

fn on_claim() -> Finding {
    let edit = edit("claim-without-diagnosis", Disposition::ReturnToProvider, None);
    Finding {
        element: Element::Claim,
        message: "the claim has no diagnosis".to_owned(),
        why: "no HI segment was read".to_owned(),
        fix: "add the diagnosis and submit again".to_owned(),
        ..finding(edit, None, &[])
    }
}

pub(crate) fn fault() -> Fault {
    Fault {
        edit: Arc::new(EditInfo {
            id: "acme-prior-auth".to_owned(),
            origin: Origin::Plugin { plugin: "acme@0.3.0".to_owned() },
            ..EditInfo::clone(&edit("x", Disposition::LineDenial, None))
        }),
        kind: FaultKind::PluginPanic,
        message: "the plugin panicked".to_owned(),
    }
}

pub(crate) fn input_errors() -> [InputError; 2] {
    [
        InputError {
            code: "I1203",
            location: Location { offset: 1731, line: 52, segment: 49 },
            element: "SV1-01-2".to_owned(),
            loop_id: "",
            message: "the procedure code has 4 characters where 5 are needed".to_owned(),
            fix: "write the full CPT or HCPCS code".to_owned(),
            claim: Some("PCN2".to_owned()),
            quarantines: true,
        },
        InputError {
            code: "I1007",
            location: Location { offset: 2048, line: 60, segment: 0 },
            element: String::new(),
            loop_id: "",
            message: "the file ends inside an interchange".to_owned(),
            fix: "send the file again in full".to_owned(),
            claim: None,
            quarantines: false,
        },
    ]
}

pub(crate) fn registry() -> RegistrySummary {
    RegistrySummary {
        edits: 5,
        packs: vec!["cpt-93970@1.0.0".to_owned()],
        plugins: vec!["acme@0.3.0".to_owned()],
    }
}

pub(crate) fn summary() -> Summary {
    let accounting = Accounting {
        claims_in: 2,
        quarantined: 2,
        charges_in: 84_450,
        charges_quarantined: 84_450,
        charges_unreadable: 1,
        bytes_in: 2048,
        bytes: ByteTiling {
            envelope: 400,
            loop_header: 500,
            claim: 700,
            white_space: 60,
            quarantined: 388,
        },
        ..Accounting::default()
    };
    let rule = |rule: &str, fires, undetermined, waived| RuleCounts {
        rule: rule.to_owned(),
        pack: "cpt-93970@1.0.0".to_owned(),
        fires,
        undetermined,
        waived,
    };
    Summary {
        not_run: Vec::new(),
        finalize: None,
        files: vec![FileSummary {
            file: FILE.to_owned(),
            format: Some("x12"),
            accounting,
            input_errors: 2,
            repeats: Vec::new(),
        }],
        total: accounting,
        severities: SeverityCounts { error: 2, warning: 1, info: 1 },
        rules: vec![
            rule("93970-access-mapping", 1, 0, 0),
            rule("93971-access-mapping", 0, 1, 0),
            rule("93971-modifier-review", 1, 0, 0),
            rule("claim-without-diagnosis", 1, 0, 0),
            rule("units-over-mue", 0, 0, 1),
        ],
        faults: 1,
        input_errors: 2,
        charge_at_risk: Cents(84_450),
        registry: registry(),
        exit_code: 3,
        unused_waivers: vec!["waiver of units-over-mue (RCM-4471, waivers.yaml:2)".to_owned()],
    }
}
