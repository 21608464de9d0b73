//! What was said of a claim as bytes, so that it need not be judged again after a break.
//!
//! Nothing of the claim is in it but what its findings show. A claim of which anything else would be needed,
//! a fault or the control number of another claim, is judged again instead.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use cleanbill_engine::Registry;
use cleanbill_model::{
    Also, Carc, Disposition, EditInfo, Element, Evidence, Finding, GroupCode, LineRef, Outcome,
    Rarc, Remit, Severity,
};
use serde::{Deserialize, Serialize};

/// Edits by their place among all edits of the run.
pub(crate) struct Edits {
    infos: Vec<Arc<EditInfo>>,
    places: HashMap<String, u32>,
}

/// What was said of a claim.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept<'a> {
    pub(crate) ordinal: u64,
    findings: Vec<KeptFinding<'a>>,
}

#[derive(Serialize, Deserialize)]
struct KeptFinding<'a> {
    edit: u32,
    outcome: u8,
    disposition: u8,
    severity: u8,
    remit: Option<(u8, String, Vec<String>)>,
    line: Option<usize>,
    others: Vec<usize>,
    element: u8,
    message: Cow<'a, str>,
    why: Cow<'a, str>,
    fix: Cow<'a, str>,
    evidence: Vec<(Option<usize>, u8, Cow<'a, str>)>,
    also: Vec<(u32, u8)>,
}

impl Edits {
    pub(crate) fn of(registry: &Registry) -> Self {
        let infos: Vec<_> = registry.infos().cloned().collect();
        let named = infos.iter().zip(0_u32..).map(|(info, place)| (info.id.clone(), place));
        let places = named.collect();
        Self { infos, places }
    }

    /// What `findings` say, as far as it can be kept.
    pub(crate) fn keep<'a>(&self, ordinal: u64, findings: &'a [Finding]) -> Option<Kept<'a>> {
        let findings = findings.iter().map(|finding| self.keep_finding(finding));
        Some(Kept { ordinal, findings: findings.collect::<Option<_>>()? })
    }

    /// The findings that were kept; none when they are of other edits.
    pub(crate) fn findings(&self, kept: &Kept<'_>) -> Option<Vec<Finding>> {
        kept.findings.iter().map(|finding| self.finding(finding)).collect()
    }

    fn keep_finding<'a>(&self, finding: &'a Finding) -> Option<KeptFinding<'a>> {
        let also = finding.also.iter();
        let also = also.map(|also| {
            Some((self.place(&also.edit)?, place(&Disposition::ALL, also.disposition)?))
        });
        let evidence = finding.evidence.iter().map(|evidence| {
            let line = match &evidence.line {
                Some(line) => Some(line.own()?),
                None => None,
            };
            let element = place(&Element::ALL, evidence.element)?;
            Some((line, element, Cow::Borrowed(evidence.value.as_str())))
        });
        Some(KeptFinding {
            edit: self.place(&finding.edit)?,
            outcome: place(&Outcome::ALL, finding.outcome)?,
            disposition: place(&Disposition::ALL, finding.disposition)?,
            severity: place(&Severity::ALL, finding.severity)?,
            remit: match &finding.remit {
                Some(remit) => Some(keep_remit(remit)?),
                None => None,
            },
            line: finding.line,
            others: finding.others.iter().map(LineRef::own).collect::<Option<_>>()?,
            element: place(&Element::ALL, finding.element)?,
            message: Cow::Borrowed(&finding.message),
            why: Cow::Borrowed(&finding.why),
            fix: Cow::Borrowed(&finding.fix),
            evidence: evidence.collect::<Option<_>>()?,
            also: also.collect::<Option<_>>()?,
        })
    }

    /// The place of an edit that is the same as the one of the run.
    fn place(&self, edit: &Arc<EditInfo>) -> Option<u32> {
        let place = *self.places.get(&edit.id)?;
        let own = self.infos.get(usize::try_from(place).ok()?)?;
        (Arc::ptr_eq(own, edit) || own == edit).then_some(place)
    }

    fn finding(&self, kept: &KeptFinding<'_>) -> Option<Finding> {
        let also = kept.also.iter().map(|(edit, disposition)| {
            Some(Also {
                edit: self.edit(*edit)?,
                disposition: at(&Disposition::ALL, *disposition)?,
            })
        });
        let evidence = kept.evidence.iter().map(|(line, element, value)| {
            let line = line.map(LineRef::Own);
            Some(Evidence { line, element: at(&Element::ALL, *element)?, value: value.to_string() })
        });
        Some(Finding {
            edit: self.edit(kept.edit)?,
            outcome: at(&Outcome::ALL, kept.outcome)?,
            disposition: at(&Disposition::ALL, kept.disposition)?,
            severity: at(&Severity::ALL, kept.severity)?,
            remit: match &kept.remit {
                Some((group, carc, rarc)) => Some(remit(*group, carc, rarc)?),
                None => None,
            },
            line: kept.line,
            others: kept.others.iter().copied().map(LineRef::Own).collect(),
            element: at(&Element::ALL, kept.element)?,
            message: kept.message.to_string(),
            why: kept.why.to_string(),
            fix: kept.fix.to_string(),
            evidence: evidence.collect::<Option<_>>()?,
            // Edits were joined by it when the claim was judged; no report reads it.
            defect: None,
            also: also.collect::<Option<_>>()?,
        })
    }

    fn edit(&self, place: u32) -> Option<Arc<EditInfo>> {
        self.infos.get(usize::try_from(place).ok()?).cloned()
    }
}

fn keep_remit(remit: &Remit) -> Option<(u8, String, Vec<String>)> {
    let rarc = remit.rarc.iter().map(|remark| remark.as_str().to_owned()).collect();
    Some((place(&GroupCode::ALL, remit.group)?, remit.carc.as_str().to_owned(), rarc))
}

fn remit(group: u8, carc: &str, rarc: &[String]) -> Option<Remit> {
    Some(Remit {
        group: at(&GroupCode::ALL, group)?,
        carc: Carc::new(carc.as_bytes()).ok()?,
        rarc: rarc.iter().map(|code| Rarc::new(code.as_bytes()).ok()).collect::<Option<_>>()?,
    })
}

fn place<T: PartialEq>(all: &[T], one: T) -> Option<u8> {
    all.iter().position(|other| *other == one).and_then(|place| u8::try_from(place).ok())
}

fn at<T: Copy>(all: &[T], place: u8) -> Option<T> {
    all.get(usize::from(place)).copied()
}
