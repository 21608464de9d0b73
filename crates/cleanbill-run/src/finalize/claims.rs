//! The final claims of the inputs of a run: found in a reading of their own, then told to each reader.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cleanbill_history::{VersionDecision, VersionPlace, VersionStore};
use cleanbill_intake::{Event, InputOptions};
use cleanbill_model::{Claim, FinalAction, Money, NotFinal};
use cleanbill_report::{OtherVersion, VersionNote};

use super::preset::FinalPreset;
use crate::error::RunError;
use crate::input::Input;
use crate::stop::Stop;

/// Decisions that a reader holds at a time; of one claim all.
const AHEAD: usize = 1024;

/// Reads `inputs` once and has their readers pass over all but final claims from now on.
///
/// # Errors
/// [`RunError`] when an input cannot be read, there is no room, or nothing on any claim tells its versions.
pub fn judge_final_claims(
    preset: FinalPreset,
    inputs: &mut [Input],
    options: &InputOptions,
    stop: Option<&AtomicUsize>,
) -> Result<(), RunError> {
    inputs.iter().try_for_each(Input::check)?;
    FinalClaims::find(preset, inputs, options, &Stop::new(stop))
}

/// What was decided of the claims of a run.
pub(crate) struct FinalClaims {
    store: Mutex<VersionStore>,
    /// Names of the inputs.
    files: Vec<String>,
}

impl FinalClaims {
    /// Reads `inputs` and has their readers pass over all but final claims from now on. A stream is kept in a
    /// file without a name until the run ends. What cannot be read is told when the inputs are judged.
    ///
    /// # Errors
    /// [`RunError`] when an input fails, there is no room, or nothing on any claim tells its versions.
    pub(crate) fn find(
        preset: FinalPreset,
        inputs: &mut [Input],
        options: &InputOptions,
        stop: &Stop<'_>,
    ) -> Result<(), RunError> {
        let options = InputOptions { acknowledge: false, ..options.clone() };
        let mut store = VersionStore::new()?;
        let mut claim = Claim::default();
        let (mut claims, mut first) = (0_u64, 1);
        for (file, input) in (0..).zip(inputs.iter_mut()) {
            let name = input.name().to_owned();
            let mut reader = input.reader_before(&options, first, stop)?;
            let failed = |source| stop.failed(&name, source, 0);
            while let Some(event) = reader.next(&mut claim).map_err(failed)? {
                if let Event::Claim = event {
                    let line = claim.location.line;
                    store.add(&claim, VersionPlace { ordinal: claim.ordinal, file, line })?;
                    claims += 1;
                }
            }
            first = reader.next_ordinal();
        }
        let mut known = 0_u64;
        store.decide(|versions| {
            known +=
                versions.iter().filter(|version| preset.knows(version)).map(|_| 1).sum::<u64>();
            preset.decide(versions)
        })?;
        if let (true, 0, Some(needs)) = (claims > 0, known, preset.needs()) {
            return Err(RunError::NoVersions { preset: preset.as_str(), needs });
        }
        store.forget_versions()?;
        tracing::info!(
            claims,
            preset = preset.as_str(),
            "versions of the claims of the run compared"
        );
        let files = inputs.iter().map(|input| input.name().to_owned()).collect();
        let found = Arc::new(Self { store: Mutex::new(store), files });
        inputs.iter_mut().for_each(|input| input.judge_final(Arc::clone(&found)));
        Ok(())
    }

    fn store(&self) -> MutexGuard<'_, VersionStore> {
        // A thread that panicked has changed nothing: it only asked.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Passes the claims of one input that are not final over, and takes lines off that are not.
pub(crate) struct Sieve {
    found: Arc<FinalClaims>,
    /// Decisions from here on have not been asked for.
    next: u64,
    ahead: VecDeque<VersionDecision>,
    is_over: bool,
}

impl Sieve {
    /// For an input whose first claim has this number.
    pub(crate) fn new(found: Arc<FinalClaims>, first: u64) -> Self {
        Self { found, next: first, ahead: VecDeque::new(), is_over: false }
    }

    /// What was decided of `claim`, which is the next one; nothing of a claim that is simply final. Lines that are
    /// not final are taken off.
    ///
    /// # Errors
    /// That of the store; or another claim stands here than before.
    pub(crate) fn pass(&mut self, claim: &mut Claim) -> io::Result<Option<Box<VersionNote>>> {
        self.look(claim.ordinal)?;
        let mut of_claim = Vec::new();
        while let Some(decision) = self.ahead.pop_front_if(|one| one.ordinal == claim.ordinal) {
            if decision.id != claim.id() {
                return Err(changed());
            }
            of_claim.push(decision);
        }
        let Some(first) = of_claim.first() else { return Ok(None) };
        let mut note = VersionNote {
            claim: first.id.clone(),
            claim_ordinal: claim.ordinal,
            location: claim.location,
            action: first.action,
            by: first.by.as_ref().map(|(id, place)| self.other(id, *place)),
            lines: Vec::new(),
            charge: claim.charge,
        };
        if first.line.is_some() {
            let off: Vec<usize> = of_claim.iter().filter_map(|decision| decision.line).collect();
            note.charge = take_off(claim, &off, &mut note.lines).ok_or_else(changed)?;
        } else if first.action.is_judged() {
            note.charge = Money::ZERO;
        }
        Ok(Some(Box::new(note)))
    }

    fn other(&self, id: &str, place: VersionPlace) -> OtherVersion {
        let file = usize::try_from(place.file).ok().and_then(|at| self.found.files.get(at));
        OtherVersion {
            claim: id.to_owned(),
            claim_ordinal: place.ordinal,
            file: file.cloned().unwrap_or_default(),
            line: place.line,
        }
    }

    /// Has decisions on claim number `ordinal` in hand, where there are any.
    fn look(&mut self, ordinal: u64) -> io::Result<()> {
        if self.ahead.front().is_some_and(|one| one.ordinal < ordinal) {
            // That claim could be read before, and cannot now.
            return Err(changed());
        }
        if self.is_over || !self.ahead.is_empty() || ordinal < self.next {
            return Ok(());
        }
        let found = self.found.store().decisions(ordinal, AHEAD);
        let found = found.map_err(io::Error::other)?;
        self.is_over = found.len() < AHEAD;
        self.next = found.last().map_or(self.next, |last| last.ordinal + 1);
        self.ahead.extend(found);
        Ok(())
    }
}

fn changed() -> io::Error {
    io::Error::other("it changed between two readings: its claims are not those of the first")
}

/// Takes the lines at places `off` off the claim, their numbers into `numbers`; gives their charge, by which that of
/// the claim is less. `None` where a line is not there.
fn take_off(claim: &mut Claim, off: &[usize], numbers: &mut Vec<u32>) -> Option<Money> {
    let mut charge = Money::ZERO;
    for place in off {
        let line = claim.lines.get(*place)?;
        numbers.push(line.number);
        charge = charge.checked_add(line.charge)?;
    }
    let mut place = 0;
    claim.lines.retain(|_| {
        place += 1;
        !off.contains(&(place - 1))
    });
    claim.charge = Money::from_cents(claim.charge.cents().checked_sub(charge.cents())?);
    Some(charge)
}

/// Books a claim or lines that are not judged.
pub(crate) fn book(note: &VersionNote, sums: &mut NotFinal) {
    if note.lines.is_empty() {
        match note.action {
            FinalAction::Superseded => sums.superseded += 1,
            FinalAction::Voided => sums.voided += 1,
            FinalAction::Void => sums.voids += 1,
            FinalAction::Repeated => sums.repeated += 1,
            FinalAction::Orphan | FinalAction::NoKey => return,
        }
    } else {
        sums.lines += u64::try_from(note.lines.len()).unwrap_or(u64::MAX);
    }
    sums.charges += i128::from(note.charge.cents());
}
