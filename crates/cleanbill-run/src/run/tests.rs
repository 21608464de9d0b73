//! Whole runs over small inputs, with edits made for the test.

use std::cell::RefCell;
use std::fs;
use std::io::{self, Cursor, Read, Write};
use std::rc::Rc;
use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger};
use cleanbill_intake::InputOptions;
use cleanbill_model::{
    Disposition, EditInfo, Element, FaultKind, Finding, InputError, Origin, Outcome as EditOutcome,
    Period, Severity,
};
use cleanbill_report::{Cents, JudgedClaim, NdjsonReport, Report};

use super::*;

mod jobs;

/// Speaks on every line with its procedure code, or cannot run when the claim has it.
struct TestEdit {
    infos: [Arc<EditInfo>; 1],
    code: &'static str,
    faults: bool,
    looks_back: bool,
}

impl TestEdit {
    fn fires(id: &str, code: &'static str, disposition: Disposition) -> Box<dyn Edit> {
        Box::new(Self::new(id, code, disposition, false))
    }

    fn cannot_run(id: &str, code: &'static str) -> Box<dyn Edit> {
        Box::new(Self::new(id, code, Disposition::LineDenial, true))
    }

    fn new(id: &str, code: &'static str, disposition: Disposition, faults: bool) -> Self {
        let info = EditInfo {
            id: id.to_owned(),
            title: String::new(),
            kind: "test",
            origin: Origin::Pack { pack: "test@1.0.0".to_owned(), place: String::new() },
            disposition,
            severity: disposition.severity(),
            on_unknown: Disposition::Suspend,
            remit: None,
            effective: Period::ALWAYS,
            owner: None,
            sources: Vec::new(),
        };
        let infos = [Arc::new(info)];
        Self { infos, code, faults, looks_back: false }
    }
}

impl Edit for TestEdit {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        Trigger::EveryClaim
    }

    fn scope(&self) -> Scope {
        if self.looks_back { Scope::PatientDay } else { Scope::Claim }
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        for (index, line) in subject.claim.lines.iter().enumerate() {
            if line.procedure.is_none_or(|code| code.as_str() != self.code) {
                continue;
            }
            if self.faults {
                let message = "it broke".to_owned();
                return Err(EditFault::new(FaultKind::PluginError, message));
            }
            sink.find(Finding {
                edit: Arc::clone(&self.infos[0]),
                outcome: EditOutcome::Fires,
                disposition: self.infos[0].disposition,
                severity: self.infos[0].severity,
                remit: None,
                line: Some(index),
                others: Vec::new(),
                element: Element::Procedure,
                message: "not this code".to_owned(),
                why: String::new(),
                fix: String::new(),
                evidence: Vec::new(),
                defect: None,
                also: Vec::new(),
            });
        }
        Ok(())
    }
}

/// Remembers what it was told.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<String>>>);

impl Report for Told {
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        let (claim, file) = (judged.claim, judged.file);
        self.0.borrow_mut().push(format!("{file} {} {}", claim.ordinal, claim.id()));
        Ok(())
    }

    fn input_error(&mut self, file: &str, _: &InputError) -> io::Result<()> {
        self.0.borrow_mut().push(format!("{file} input error"));
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.0.borrow_mut().push(format!("exit code {}", summary.exit_code));
        Ok(())
    }
}

impl Told {
    fn output(&self) -> Output {
        let report = self.clone();
        let target = Target::Stream { name: "told".to_owned(), out: Box::new(io::sink()) };
        Output { target, format: Box::new(move |_| Box::new(report)) }
    }
}

/// Fails every write in the same way.
struct Broken(io::ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

fn ndjson(target: Target) -> Output {
    Output { target, format: Box::new(|out| Box::new(NdjsonReport::new(out))) }
}

fn broken(kind: io::ErrorKind) -> Output {
    ndjson(Target::Stream { name: "standard output".to_owned(), out: Box::new(Broken(kind)) })
}

/// Around the claims of a file; everybody in it is invented.
const BEFORE: &str = "\
ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260302*1200*^*00501*000000042*0*T*:~
GS*HC*SENDER*RECEIVER*20260302*1200*7*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*BATCH1*20260302*1200*CH~
NM1*41*2*INVENTED BILLING*****46*SUB1~
PER*IC*DESK*TE*5555550100~
NM1*40*2*INVENTED CLEARINGHOUSE*****46*REC1~
HL*1**20*1~
NM1*85*2*INVENTED VASCULAR GROUP*****XX*1234567893~
N3*1 NOWHERE ST~
N4*AUSTIN*TX*787010001~
REF*EI*741234567~
HL*2*1*22*0~
SBR*P*18*******MB~
NM1*IL*1*ZZLAST*ZZFIRST****MI*1EG4TE5MK72~
DMG*D8*19500101*F~
NM1*PR*2*MEDICARE*****PI*MEDICARE_B~
";
/// Segments from ST to the last one before the claims.
const BEFORE_IN_ST: usize = 15;

/// An 837P of claims: their ids and procedure codes, each code for 10.00.
fn claims(list: &[(&str, &[&str])]) -> Vec<u8> {
    let mut segments = Vec::new();
    for (id, codes) in list {
        segments.push(format!("CLM*{id}*{}***11:B:1*Y*A*Y*Y~", codes.len() * 10));
        segments.push("HI*ABK:N186~".to_owned());
        for (index, code) in codes.iter().enumerate() {
            segments.push(format!("LX*{}~", index + 1));
            segments.push(format!("SV1*HC:{code}*10*UN*1***1~"));
            segments.push("DTP*472*D8*20260302~".to_owned());
        }
    }
    let count = BEFORE_IN_ST + segments.len() + 1;
    let after = format!("SE*{count}*0001~\nGE*1*7~\nIEA*1*000000042~\n");
    format!("{BEFORE}{}\n{after}", segments.join("\n")).into_bytes()
}

fn stream(name: &str, bytes: Vec<u8>) -> Input {
    Input::stream(name, Box::new(Cursor::new(bytes)))
}

fn run(registry: &Registry, inputs: Vec<Input>, outputs: Vec<Output>) -> Run<'_> {
    Run {
        registry,
        not_run: Vec::new(),
        inputs,
        input_options: InputOptions::default(),
        history: None,
        finalize: None,
        outputs,
        strict: false,
        fail_on: FailOn::Error,
        abort_on_plugin_failure: false,
        jobs: NonZeroUsize::MIN,
        folder: None,
        stop: None,
        progress: None,
    }
}

fn whole(run: Run<'_>) -> Box<Summary> {
    match run.execute() {
        Ok(Outcome::Whole(summary)) => summary,
        other => panic!("the run is not whole: {other:?}"),
    }
}

fn registry(edits: Vec<Box<dyn Edit>>) -> Registry {
    Registry::new(edits).unwrap()
}

fn denies_93970() -> Registry {
    registry(vec![TestEdit::fires("denies", "93970", Disposition::LineDenial)])
}

#[test]
fn every_claim_and_every_cent_is_counted_once() {
    let edits = registry(vec![
        TestEdit::fires("denies", "93970", Disposition::LineDenial),
        TestEdit::fires("denies-too", "93970", Disposition::LineDenial),
        TestEdit::fires("notes", "93971", Disposition::Informational),
        TestEdit::cannot_run("broken", "93985"),
    ]);
    let list: [(&str, &[&str]); 4] = [
        ("A", &["93971"]),
        ("B", &["93970", "93971"]),
        ("C", &["93985", "93970"]),
        ("D", &["99213"]),
    ];
    let summary = whole(run(&edits, vec![stream("one", claims(&list))], vec![]));
    let total = summary.total;
    assert!(total.holds(), "{total:?}");
    assert_eq!((total.claims_in, total.passed, total.rejected, total.quarantined), (4, 2, 1, 1));
    assert_eq!((total.charges_in, total.charges_rejected), (6000, 2000));
    // B and C have one 93970 each for 10.00; two rules hit it, and a note puts nothing at risk.
    assert_eq!(summary.charge_at_risk, Cents(2000));
    assert_eq!(summary.severities.of(Severity::Error), 4);
    assert_eq!(summary.severities.of(Severity::Info), 2);
    let rules: Vec<_> = summary.rules.iter().map(|rule| (rule.rule.as_str(), rule.fires)).collect();
    assert_eq!(rules, [("denies", 2), ("denies-too", 2), ("notes", 2)]);
    assert_eq!(summary.faults, 1);
    assert_eq!(summary.exit_code, exit_code::UNTRUSTED);
}

#[test]
fn findings_fail_a_run_from_the_asked_severity_on() {
    let edits = registry(vec![TestEdit::fires("suspends", "93970", Disposition::Suspend)]);
    let exit_code = |fail_on| {
        let input = stream("one", claims(&[("A", &["93970"])]));
        whole(Run { fail_on, ..run(&edits, vec![input], vec![]) }).exit_code
    };
    assert_eq!(exit_code(FailOn::Error), exit_code::WHOLE);
    assert_eq!(exit_code(FailOn::Warning), exit_code::FINDINGS);
    assert_eq!(exit_code(FailOn::Never), exit_code::WHOLE);
}

#[test]
fn ordinals_go_on_from_input_to_input() {
    let told = Told::default();
    let edits = denies_93970();
    let first = stream("one", claims(&[("A", &["93970"]), ("B", &["99213"])]));
    let second = stream("two", claims(&[("C", &["93970"])]));
    let summary = whole(run(&edits, vec![first, second], vec![told.output()]));
    assert_eq!(*told.0.borrow(), ["one 1 A", "one 2 B", "two 3 C", "exit code 1"]);
    assert_eq!(summary.files.len(), 2);
    assert_eq!(summary.files[1].accounting.claims_in, 1);
    assert!(summary.files.iter().all(|file| file.accounting.holds()));
}

#[test]
fn what_cannot_be_read_makes_the_run_untrusted_and_loses_no_other_claim() {
    let told = Told::default();
    let edits = denies_93970();
    let bytes = claims(&[("X", &["9397"]), ("A", &["93970"])]);
    let summary = whole(run(&edits, vec![stream("one", bytes)], vec![told.output()]));
    assert_eq!(summary.exit_code, exit_code::UNTRUSTED);
    assert_eq!((summary.input_errors, summary.total.quarantined), (1, 1));
    assert_eq!(summary.total.rejected, 1);
    assert!(summary.total.holds(), "{:?}", summary.total);
    assert_eq!(*told.0.borrow(), ["one input error", "one 2 A", "exit code 3"]);
}

#[test]
fn a_stop_request_ends_the_run_and_publishes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.ndjson");
    let (edits, stop) = (denies_93970(), AtomicUsize::new(15));
    let input = stream("one", claims(&[("A", &["93970"])]));
    let asked =
        Run { stop: Some(&stop), ..run(&edits, vec![input], vec![ndjson(Target::File(path))]) };
    let error = asked.execute().unwrap_err();
    assert_eq!(error.exit_code(), 143);
    assert_eq!(error.to_string(), "stopped by SIGTERM after 0 claims; nothing was published");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_full_disk_is_told_by_name_and_publishes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = ndjson(Target::File(folder.path().join("out.ndjson")));
    let edits = denies_93970();
    let input = stream("one", claims(&[("A", &["93970"])]));
    let outputs = vec![file, broken(io::ErrorKind::StorageFull)];
    let error = run(&edits, vec![input], outputs).execute().unwrap_err();
    assert_eq!(error.exit_code(), exit_code::NOT_WHOLE);
    assert!(error.to_string().starts_with("writing `standard output` failed: "), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let edits = denies_93970();
    let input = stream("one", claims(&[("A", &["93970"])]));
    let outcome = run(&edits, vec![input], vec![broken(io::ErrorKind::BrokenPipe)]).execute();
    assert_eq!(outcome.unwrap().exit_code(), exit_code::WHOLE);
}

#[test]
fn a_file_is_still_written_when_the_reader_of_the_screen_goes_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.ndjson");
    let edits = denies_93970();
    let input = stream("one", claims(&[("A", &["93970"]), ("B", &["93970"])]));
    let outputs = vec![broken(io::ErrorKind::BrokenPipe), ndjson(Target::File(path.clone()))];
    assert_eq!(whole(run(&edits, vec![input], outputs)).exit_code, exit_code::FINDINGS);
    assert_eq!(fs::read_to_string(path).unwrap().lines().count(), 3);
}

#[test]
fn all_inputs_are_checked_before_any_is_read() {
    struct Unread;
    impl Read for Unread {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("it was read")
        }
    }
    let edits = denies_93970();
    let inputs =
        vec![Input::stream("-", Box::new(Unread)), Input::file(PathBuf::from("no-such-file.837"))];
    let error = run(&edits, inputs, vec![]).execute().unwrap_err();
    assert_eq!(error.exit_code(), exit_code::REFUSED);
    assert!(error.to_string().starts_with("cannot read `no-such-file.837`: "), "{error}");
}

#[test]
fn an_output_never_replaces_an_input_or_another_output() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.ndjson");
    fs::write(&path, claims(&[("A", &["93970"])])).unwrap();
    let edits = denies_93970();
    let other_way = folder.path().join("..").join(folder.path().file_name().unwrap());
    let same = ndjson(Target::File(other_way.join("claims.ndjson")));
    let error = run(&edits, vec![Input::file(path.clone())], vec![same]).execute().unwrap_err();
    assert!(matches!(error, RunError::OutputIsInput { .. }), "{error}");

    let out = || ndjson(Target::File(folder.path().join("out.ndjson")));
    let error = run(&edits, vec![Input::file(path)], vec![out(), out()]).execute().unwrap_err();
    assert!(matches!(error, RunError::OutputTwice { .. }), "{error}");
    assert_eq!(error.exit_code(), exit_code::REFUSED);
}

#[test]
fn a_run_without_edits_or_inputs_is_refused() {
    let input = stream("one", claims(&[("A", &["93970"])]));
    let error = run(&registry(vec![]), vec![input], vec![]).execute().unwrap_err();
    assert!(matches!(error, RunError::NoEdits));
    let error = run(&denies_93970(), vec![], vec![]).execute().unwrap_err();
    assert!(matches!(error, RunError::NoInputs));
}

#[test]
fn progress_counts_claims_and_bytes_over_all_inputs() {
    let many: Vec<(&str, &[&str])> = vec![("A", &["99213"]); 300];
    let bytes = claims(&many);
    let size = u64::try_from(bytes.len()).unwrap();
    let mut seen = Vec::new();
    let mut keep = |progress| seen.push(progress);
    let edits = denies_93970();
    let inputs = vec![stream("one", bytes.clone()), stream("two", bytes)];
    whole(Run { progress: Some(&mut keep), ..run(&edits, inputs, vec![]) });
    assert_eq!(seen.iter().map(|done| done.claims).collect::<Vec<_>>(), [256, 512]);
    assert!(seen[0].bytes < size && seen[1].bytes > size && seen[1].bytes < 2 * size);
}

#[test]
fn progress_is_told_while_claims_are_gathered_too() {
    let bytes = claims(&vec![("A", &["99213"][..]); 300]);
    let mut seen = Vec::new();
    let mut keep = |progress| seen.push(progress);
    let edit = TestEdit::new("r", "93970", Disposition::LineDenial, false);
    let edits = Registry::new(vec![Box::new(TestEdit { looks_back: true, ..edit })]).unwrap();
    let inputs = vec![stream("one", bytes.clone()), stream("two", bytes)];
    whole(Run { progress: Some(&mut keep), ..run(&edits, inputs, vec![]) });
    let told: Vec<(bool, u64)> = seen.iter().map(|done| (done.gathering, done.claims)).collect();
    assert_eq!(told, [(true, 300), (true, 600), (false, 256), (false, 512)]);
    assert!(seen[1].bytes > seen[0].bytes && seen[1].bytes > seen[3].bytes);
}
