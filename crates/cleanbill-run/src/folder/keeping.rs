//! What a run in a folder keeps while it goes: what was said of claims, what was read, what was set aside.

use std::collections::HashSet;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cleanbill_engine::Registry;
use cleanbill_model::{Claim, Fault, Finding, InputError};

use super::journal::{Head, Journal, Opinions};
use super::opinions::Edits;
use super::plan::FolderRun;
use super::quarantine::Quarantine;
use super::witness::{Changed, Witness};
use super::{FolderError, WORK};
use crate::error::RunError;
use crate::exit_code;

/// Time between two checkpoints.
const EVERY: Duration = Duration::from_secs(2);
/// Claims between two looks at the time.
const LOOK_EVERY: u64 = 256;

/// Claims that need not be judged, since an earlier run has done so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remembered(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    through: u64,
    again: HashSet<u64>,
}

impl Remembered {
    /// Whether what was said of the claim is known.
    pub(crate) fn knows(&self, ordinal: u64) -> bool {
        ordinal <= self.0.through && !self.0.again.contains(&ordinal)
    }
}

/// What a run in a folder begins with.
pub(super) struct Beginning<'a> {
    pub(super) run: FolderRun,
    pub(super) registry: &'a Registry,
    pub(super) journal: Journal,
    pub(super) journal_name: String,
    pub(super) earlier: Option<Opinions>,
    pub(super) head: Head,
    pub(super) witnesses: Vec<(String, Arc<Witness>)>,
    pub(super) quarantine: Quarantine,
}

/// What a run in a folder keeps while it goes.
pub(crate) struct Keeping<'a> {
    pub(super) run: FolderRun,
    registry: &'a Registry,
    edits: Edits,
    journal: Journal,
    journal_name: String,
    earlier: Option<Opinions>,
    remembered: Remembered,
    /// Waivers that had met no finding when the run broke off.
    unused_before: Option<Vec<String>>,
    /// What the next frame says.
    head: Head,
    since: u64,
    last: Instant,
    pub(super) witnesses: Vec<(String, Arc<Witness>)>,
    /// Place of the input in hand.
    input: usize,
    pub(super) quarantine: Option<Quarantine>,
    /// Whether a checkpoint could not be written: it is never tried again.
    is_broken: bool,
}

impl<'a> Keeping<'a> {
    pub(super) fn new(from: Beginning<'a>) -> Self {
        let is_resumed = from.earlier.is_some();
        let known =
            Known { through: from.head.through, again: from.head.again.into_iter().collect() };
        Self {
            edits: Edits::of(from.registry),
            registry: from.registry,
            run: from.run,
            journal: from.journal,
            journal_name: from.journal_name,
            earlier: from.earlier,
            remembered: Remembered(Arc::new(known)),
            unused_before: is_resumed.then_some(from.head.unused_waivers),
            head: Head { through: from.head.through, ..Head::default() },
            since: 0,
            last: Instant::now(),
            witnesses: from.witnesses,
            input: 0,
            quarantine: Some(from.quarantine),
            is_broken: false,
        }
    }

    /// Claims that need not be judged.
    pub(crate) fn remembered(&self) -> Remembered {
        self.remembered.clone()
    }

    /// What an earlier run found on the claim; none when it was judged now.
    pub(crate) fn findings_of(&mut self, claim: &Claim) -> Result<Option<Vec<Finding>>, RunError> {
        if !self.remembered.knows(claim.ordinal) {
            return Ok(None);
        }
        let (edits, opinions) = (&self.edits, self.earlier.as_mut());
        let kept = match opinions {
            Some(opinions) => opinions.of(claim.ordinal, |kept| edits.findings(kept)),
            None => Ok(None),
        };
        match kept.map_err(|source| self.failed(source))? {
            // Nothing was found on most claims.
            None => Ok(Some(Vec::new())),
            Some(Some(findings)) => Ok(Some(findings)),
            Some(None) => Err(self.failed(io::Error::other("it names edits that are not there"))),
        }
    }

    /// A claim was told.
    pub(crate) fn told(
        &mut self,
        file: &str,
        claim: &Claim,
        findings: &[Finding],
        faults: &[Fault],
    ) -> Result<(), RunError> {
        if !faults.is_empty() {
            self.in_quarantine(|quarantine, witness| {
                quarantine.set_claim_aside(file, witness, claim, faults)
            })?;
        }
        if claim.ordinal <= self.remembered.0.through {
            return Ok(());
        }
        // What plugins did so far decides whether they are asked again, so they see every claim.
        if self.registry.looks_ahead() {
            return self.checkpoint_if_due();
        }
        self.head.through = claim.ordinal;
        if !findings.is_empty() || !faults.is_empty() {
            let kept = self.edits.keep(claim.ordinal, findings).filter(|_| faults.is_empty());
            match kept {
                None => self.head.again.push(claim.ordinal),
                Some(kept) => {
                    let is_full = self.journal.add(&kept);
                    if is_full.map_err(|source| self.failed(source))? {
                        self.write()?;
                    }
                }
            }
        }
        self.checkpoint_if_due()
    }

    /// Something of the input could not be read or trusted.
    pub(crate) fn noted(&mut self, error: &InputError) {
        if let Some(quarantine) = &mut self.quarantine {
            quarantine.note(error);
        }
    }

    /// A range of the input was set aside.
    pub(crate) fn set_aside(&mut self, file: &str, range: &Range<u64>) -> Result<(), RunError> {
        self.in_quarantine(|quarantine, witness| quarantine.set_aside(file, witness, range))
    }

    /// The input in hand is told to its end.
    pub(crate) fn input_ended(&mut self) -> Result<(), RunError> {
        if let Some((_, witness)) = self.witnesses.get(self.input) {
            let mark = witness.finish();
            let mark = mark.map_err(|source| self.read_failed(source))?;
            self.head.marks.push((u32::try_from(self.input).unwrap_or(u32::MAX), mark));
        }
        self.in_quarantine(|quarantine, _| quarantine.input_ended())?;
        self.input += 1;
        Ok(())
    }

    /// Waivers that met no finding, before a break or since.
    pub(crate) fn unused_waivers(&self) -> Vec<String> {
        let mut unused = self.registry.unused_waivers();
        if let Some(before) = &self.unused_before {
            unused.retain(|waiver| before.contains(waiver));
        }
        unused
    }

    /// The run broke off: a last checkpoint if it can go on later, else nothing is left of it.
    pub(crate) fn broke_off(mut self: Box<Self>, error: RunError) -> RunError {
        let folder = self.run.folder.name.clone();
        let error = match (error, self.changed()) {
            (RunError::Read { .. }, Some((input, Changed::SinceCheckpoint))) => {
                return FolderError::InputChanged { folder, input: input.to_owned() }.into();
            }
            (error, _) => error,
        };
        let code = error.exit_code();
        if code == exit_code::REFUSED || code == exit_code::UNTRUSTED {
            // What is left does no harm and is taken away by the next run.
            let _ = std::fs::remove_dir_all(self.run.folder.path.join(WORK));
        } else if !self.is_broken {
            let _ = self.checkpoint();
        }
        error
    }

    fn changed(&self) -> Option<(&str, Changed)> {
        let mut inputs = self.witnesses.iter();
        inputs.find_map(|(name, witness)| Some((name.as_str(), witness.changed()?)))
    }

    fn checkpoint_if_due(&mut self) -> Result<(), RunError> {
        self.since += 1;
        let is_due = match self.run.checkpoint_every {
            Some(every) => self.since >= every,
            None => self.since.is_multiple_of(LOOK_EVERY) && self.last.elapsed() >= EVERY,
        };
        if is_due { self.checkpoint() } else { Ok(()) }
    }

    /// Makes everything up to here safe on disk.
    fn checkpoint(&mut self) -> Result<(), RunError> {
        self.write()?;
        let synced = self.journal.sync();
        self.is_broken = synced.is_err();
        synced.map_err(|source| self.failed(source))?;
        (self.since, self.last) = (0, Instant::now());
        Ok(())
    }

    fn write(&mut self) -> Result<(), RunError> {
        if let Some((_, witness)) = self.witnesses.get(self.input) {
            let place = u32::try_from(self.input).unwrap_or(u32::MAX);
            self.head.marks.push((place, witness.mark()));
        }
        self.head.unused_waivers = self.unused_waivers();
        let written = self.journal.write(&self.head);
        self.is_broken = written.is_err();
        written.map_err(|source| self.failed(source))?;
        self.head.again.clear();
        self.head.marks.clear();
        Ok(())
    }

    fn in_quarantine(
        &mut self,
        with: impl FnOnce(&mut Quarantine, &Witness) -> io::Result<()>,
    ) -> Result<(), RunError> {
        let witness = self.witnesses.get(self.input).map(|(_, witness)| witness.as_ref());
        let (Some(quarantine), Some(witness)) = (&mut self.quarantine, witness) else {
            return Ok(());
        };
        with(quarantine, witness).map_err(|source| RunError::Write {
            output: format!("{}/{}", self.run.folder.name, super::QUARANTINE),
            source,
        })
    }

    fn read_failed(&self, source: io::Error) -> RunError {
        let name = self.witnesses.get(self.input).map(|(name, _)| name.clone());
        RunError::Read { input: name.unwrap_or_default(), source }
    }

    fn failed(&self, source: io::Error) -> RunError {
        RunError::Write { output: self.journal_name.clone(), source }
    }
}
