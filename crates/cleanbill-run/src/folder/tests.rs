//! Folders for results, and what is kept of claims that were judged.

use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Registry, Sink, Subject, Trigger};
use cleanbill_model::{
    Also, Carc, DateRange, Disposition, EarlierLine, EditInfo, Element, Evidence, Finding,
    GroupCode, LineRef, Origin, Outcome, Period, Rarc, Remit, ServiceDate, Standing,
};

use super::opinions::{Edits, Kept};
use super::*;

struct Silent([Arc<EditInfo>; 1]);

impl Edit for Silent {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.0
    }

    fn trigger(&self) -> Trigger<'_> {
        Trigger::EveryClaim
    }

    fn evaluate(&self, _: Subject<'_>, _: &mut dyn Sink) -> Result<(), EditFault> {
        Ok(())
    }
}

fn info(id: &str) -> Arc<EditInfo> {
    let disposition = Disposition::LineDenial;
    Arc::new(EditInfo {
        id: id.to_owned(),
        title: "Title".to_owned(),
        kind: "test",
        origin: Origin::Pack { pack: "test@1.0.0".to_owned(), place: String::new() },
        disposition,
        severity: disposition.severity(),
        on_unknown: Disposition::Suspend,
        remit: None,
        effective: Period::ALWAYS,
        owner: None,
        sources: Vec::new(),
    })
}

/// A finding that has something everywhere.
fn finding(edit: &Arc<EditInfo>, also: &Arc<EditInfo>, element: Element) -> Finding {
    Finding {
        edit: Arc::clone(edit),
        outcome: Outcome::Undetermined,
        disposition: Disposition::Suspend,
        severity: Disposition::Suspend.severity(),
        remit: Some(Remit {
            group: GroupCode::Pi,
            carc: Carc::new(b"236").unwrap(),
            rarc: vec![Rarc::new(b"N20").unwrap(), Rarc::new(b"M80").unwrap()],
        }),
        line: Some(3),
        others: vec![LineRef::Own(1), LineRef::Own(7)],
        element,
        message: "what".to_owned(),
        why: "why".to_owned(),
        fix: "fix".to_owned(),
        evidence: vec![
            Evidence { line: None, element: Element::Claim, value: "a".to_owned() },
            Evidence {
                line: Some(LineRef::Own(2)),
                element: Element::Units,
                value: "b".to_owned(),
            },
        ],
        defect: None,
        also: vec![Also { edit: Arc::clone(also), disposition: Disposition::ClaimDenial }],
    }
}

#[test]
fn what_is_kept_of_findings_gives_the_same_findings_again() {
    let (one, two) = (info("one"), info("two"));
    let edits: Vec<Box<dyn Edit>> =
        vec![Box::new(Silent([Arc::clone(&one)])), Box::new(Silent([Arc::clone(&two)]))];
    let edits = Edits::of(&Registry::new(edits).unwrap());
    let findings: Vec<Finding> =
        Element::ALL.into_iter().map(|element| finding(&one, &two, element)).collect();
    let bytes = postcard::to_allocvec(&edits.keep(9, &findings).unwrap()).unwrap();
    let kept: Kept<'_> = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(kept.ordinal, 9);
    assert_eq!(edits.findings(&kept).unwrap(), findings);
    assert_eq!(
        Element::ALL
            .map(Element::as_str)
            .into_iter()
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        11
    );

    // The control number of another claim stays out, and an edit of another run is not taken for ours.
    let day = ServiceDate::new(2026, 3, 2).unwrap();
    let earlier = LineRef::Earlier(EarlierLine {
        claim: "ZZOTHER".into(),
        number: 1,
        dates: DateRange::day(day),
        standing: Standing::Earlier,
        is_open: false,
    });
    let mut of_earlier = findings[0].clone();
    of_earlier.others.push(earlier.clone());
    assert!(edits.keep(1, &[of_earlier]).is_none());
    let mut of_earlier = findings[0].clone();
    of_earlier.evidence[1].line = Some(earlier);
    assert!(edits.keep(1, &[of_earlier]).is_none());
    let other = EditInfo { title: "Other".to_owned(), ..EditInfo::clone(&one) };
    assert!(edits.keep(1, &[finding(&Arc::new(other), &two, Element::Claim)]).is_none());
}

#[test]
fn a_folder_made_for_a_run_that_leaves_nothing_is_gone_with_it() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("run");
    let folder = RunFolder::open(path.clone(), Reopen::Refuse).unwrap();
    assert!(matches!(
        RunFolder::open(path.clone(), Reopen::Resume),
        Err(FolderError::Locked { .. })
    ));
    drop(folder);
    assert!(!path.exists());
    let other = RunFolder::open(place.path().to_owned(), Reopen::Refuse).unwrap();
    drop(other);
    assert!(place.path().exists());
}

#[test]
fn no_two_results_have_one_name() {
    let names: Vec<String> = names().map(str::to_lowercase).collect();
    let once: std::collections::BTreeSet<&String> = names.iter().collect();
    assert_eq!(once.len(), names.len());
    assert_eq!(names.last().map(String::as_str), Some(SUMMARY));
}
