//! The presets: what tells the versions of a claim.

use std::collections::BTreeMap;

use cleanbill_history::{VersionDecision, VersionPlace, VersionRecord};
use cleanbill_model::FinalAction;

use super::{cclf, frequency, tmsis};

/// What tells the versions of a claim apart, and which of them is the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinalPreset {
    /// Frequency codes of 837 claims: 7 replaces and 8 voids the claim named in REF\*F8.
    Frequency,
    /// CMS claim and claim line feed: natural keys, effective dates, types of adjustment.
    Cclf,
    /// T-MSIS: families by ICN-ORIG and ICN-ADJ, by date of adjudication.
    Tmsis,
}

impl FinalPreset {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Frequency, Self::Cclf, Self::Tmsis];

    /// Its name for users.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Frequency => "837",
            Self::Cclf => "cclf",
            Self::Tmsis => "tmsis",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == name)
    }

    /// What claims need for it that nobody else asks for; none where every claim has it.
    pub(super) const fn needs(self) -> Option<&'static str> {
        match self {
            Self::Frequency => None,
            Self::Cclf => Some(
                "map `payer_claim` (CLM_CNTL_NUM) or, for Part A, `facility` (PRVDR_OSCAR_NUM), with \
                 `adjustment` (CLM_ADJSMT_TYPE_CD) and `effective` (CLM_EFCTV_DT)",
            ),
            Self::Tmsis => Some(
                "map `payer_claim` (ICN-ORIG), `payer_version` (ICN-ADJ), `adjustment` \
                 (LINE-ADJUSTMENT-IND) and `effective` (ADJUDICATION-DATE)",
            ),
        }
    }

    /// Whether it can tell the versions of a claim like this one.
    pub(super) fn knows(self, version: &VersionRecord) -> bool {
        match self {
            Self::Frequency => true,
            Self::Cclf => cclf::knows(version),
            Self::Tmsis => tmsis::knows(version),
        }
    }

    /// Decides on the claims of one patient.
    pub(super) fn decide(self, versions: &[VersionRecord]) -> Vec<VersionDecision> {
        let mut verdicts = Verdicts::new(versions);
        for (place, version) in versions.iter().enumerate() {
            if !self.knows(version) {
                verdicts.claim(place, FinalAction::NoKey, None);
            }
        }
        match self {
            Self::Frequency => frequency::decide(versions, &mut verdicts),
            Self::Cclf => cclf::decide(versions, &mut verdicts),
            Self::Tmsis => tmsis::decide(versions, &mut verdicts),
        }
        verdicts.into_decisions()
    }
}

/// What was decided, and by which version.
type Verdict = (FinalAction, Option<usize>);

/// What is decided of the claims of one patient.
pub(super) struct Verdicts<'a> {
    versions: &'a [VersionRecord],
    /// By place of the claim; by place of the line, or none for the claim as a whole.
    said: BTreeMap<(usize, Option<usize>), Verdict>,
}

impl<'a> Verdicts<'a> {
    fn new(versions: &'a [VersionRecord]) -> Self {
        Self { versions, said: BTreeMap::new() }
    }

    /// Decides on a claim as a whole.
    pub(super) fn claim(&mut self, place: usize, action: FinalAction, by: Option<usize>) {
        self.said.insert((place, None), (action, by));
    }

    /// Decides on a line.
    pub(super) fn line(
        &mut self,
        (place, line): (usize, usize),
        action: FinalAction,
        by: Option<usize>,
    ) {
        self.said.insert((place, Some(line)), (action, by));
    }

    fn into_decisions(mut self) -> Vec<VersionDecision> {
        for (place, version) in self.versions.iter().enumerate() {
            let lines: Vec<(usize, Verdict)> = (0..version.lines.len())
                .filter_map(|line| Some((line, *self.said.get(&(place, Some(line)))?)))
                .collect();
            if lines.is_empty() || lines.len() < version.lines.len() {
                continue;
            }
            // No line is left, so the claim goes, for the reason that says most.
            let whole = lines.iter().map(|(_, verdict)| *verdict).min_by_key(|(action, _)| *action);
            self.said.retain(|(of, line), _| *of != place || line.is_none());
            if let Some(whole) = whole {
                self.said.insert((place, None), whole);
            }
        }
        let by = |place: usize| -> Option<(String, VersionPlace)> {
            self.versions.get(place).map(|version| (version.id.clone(), version.place))
        };
        let decision = |((place, line), (action, other)): (_, Verdict)| {
            let version: &VersionRecord = self.versions.get(place)?;
            let (ordinal, id) = (version.place.ordinal, version.id.clone());
            Some(VersionDecision { ordinal, line, action, id, by: other.and_then(by) })
        };
        self.said.iter().map(|(key, verdict)| (*key, *verdict)).filter_map(decision).collect()
    }
}
