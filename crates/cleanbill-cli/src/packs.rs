//! Where the edits of a run come from. Stand-in with one edit; to be replaced.

use std::path::PathBuf;
use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Registry, Sink, Subject, Trigger};
use cleanbill_model::{
    Disposition, EditInfo, Element, Finding, Origin, Outcome, Period, ProcedureCode,
};

use crate::failure::Failure;

/// The edits of `packs` and `plugins`; without packs, of those that come with cleanbill.
pub fn registry(packs: &[PathBuf], plugins: &[PathBuf]) -> Result<Registry, Failure> {
    if !packs.is_empty() || !plugins.is_empty() {
        return Err(Failure::refused("packs cannot be loaded yet", ""));
    }
    Registry::new(vec![Box::new(StandIn::new())])
        .map_err(|error| Failure::refused(error.to_string(), ""))
}

struct StandIn {
    infos: [Arc<EditInfo>; 1],
    codes: Vec<ProcedureCode>,
}

impl StandIn {
    fn new() -> Self {
        let info = EditInfo {
            id: "93970-access-mapping".to_owned(),
            title: "93970 with an access mapping".to_owned(),
            kind: "mutually_exclusive",
            origin: Origin::Pack { pack: "stand-in@0.0.0".to_owned(), place: String::new() },
            disposition: Disposition::LineDenial,
            severity: Disposition::LineDenial.severity(),
            on_unknown: Disposition::Suspend,
            remit: None,
            effective: Period::ALWAYS,
            owner: None,
            sources: Vec::new(),
        };
        let codes = [b"93970", b"93985", b"93986"];
        Self {
            infos: [Arc::new(info)],
            codes: codes.iter().filter_map(|code| ProcedureCode::new(*code).ok()).collect(),
        }
    }
}

impl Edit for StandIn {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        Trigger::Codes(&self.codes)
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        let claim = subject.claim;
        let is = |index: usize, code: &str| {
            claim.lines.get(index).and_then(|l| l.procedure).is_some_and(|c| c.as_str() == code)
        };
        let count = claim.lines.len();
        for line in (0..count).filter(|line| is(*line, "93970")) {
            for other in (0..count).filter(|o| is(*o, "93985") || is(*o, "93986")) {
                let [info] = &self.infos;
                sink.find(Finding {
                    edit: Arc::clone(info),
                    outcome: Outcome::Fires,
                    disposition: info.disposition,
                    severity: info.severity,
                    remit: None,
                    line: Some(line),
                    others: vec![other],
                    element: Element::Procedure,
                    message: "93970 with an access mapping".to_owned(),
                    why: String::new(),
                    fix: String::new(),
                    evidence: Vec::new(),
                });
            }
        }
        Ok(())
    }
}
