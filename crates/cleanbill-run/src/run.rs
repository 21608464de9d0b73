//! A run from checked inputs to published outputs.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;

use cleanbill_engine::Registry;
use cleanbill_intake::InputOptions;
use cleanbill_model::Accounting;
use cleanbill_report::{FileSummary, FinalSummary, NotRunSummary, Summary};

use crate::error::RunError;
use crate::exit_code;
use crate::fail_on::FailOn;
use crate::feed::HistoryFeed;
use crate::finalize::{FinalClaims, FinalPreset};
use crate::folder::{Begun, FolderRun, Keeping};
use crate::input::Input;
use crate::judging::Docket;
use crate::output::{Output, Outputs, Target};
use crate::pipeline::{ByEdits, ToReports};
use crate::publish::{folder_of, keeps_nothing};
use crate::run_claims::Gather;
use crate::stop::Stop;
use crate::surroundings::Surroundings;
use crate::tally::{Tally, registry_summary};
use crate::telling::Telling;

/// Everything that one validation run needs.
pub struct Run<'a> {
    /// The edits.
    pub registry: &'a Registry,
    /// Rules of the packs that are no part of `registry`, for the summary.
    pub not_run: Vec<NotRunSummary>,
    /// What to read, in this order.
    pub inputs: Vec<Input>,
    /// How all inputs are read; told from the first bytes of each where it is left open.
    pub input_options: InputOptions,
    /// Whether the first input error ends the run with nothing published.
    pub strict: bool,
    /// What tells final claims, where they alone are judged.
    pub finalize: Option<FinalPreset>,
    /// Claims that came before this run; without them nothing is known of any.
    pub history: Option<&'a HistoryFeed>,
    /// What to write.
    pub outputs: Vec<Output>,
    /// From which severity findings fail the run.
    pub fail_on: FailOn,
    /// Whether a claim that a plugin could not judge ends the run.
    pub abort_on_plugin_failure: bool,
    /// Threads that judge claims; with more than one, two more read and write. No output depends on it.
    pub jobs: NonZeroUsize,
    /// The folder for all results, beside [`Self::outputs`] elsewhere.
    pub folder: Option<FolderRun>,
    /// Holds the number of a signal once the run is to stop.
    pub stop: Option<&'a AtomicUsize>,
    /// Is told now and then how far the run is.
    pub progress: Option<&'a mut dyn FnMut(Progress)>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Claims judged, or gathered.
    pub claims: u64,
    /// Bytes read, up to the end of the last claim.
    pub bytes: u64,
    /// Whether claims are only gathered by patient so far: the inputs are read once more then.
    pub gathering: bool,
}

/// How a run ended that was neither refused nor broken off.
#[derive(Debug)]
pub enum Outcome {
    /// Every input was read to its end and every output is in place.
    Whole(Box<Summary>),
    /// The same run was whole before; nothing was done. Its exit code.
    WholeBefore(u8),
    /// The readers of all reports went away; nobody is left to be told.
    Unheard,
}

impl Outcome {
    /// The exit code that goes with it.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Whole(summary) => summary.exit_code,
            Self::WholeBefore(exit_code) => *exit_code,
            Self::Unheard => exit_code::WHOLE,
        }
    }
}

impl Run<'_> {
    /// Reads every input and publishes every output.
    ///
    /// # Errors
    /// [`RunError`] when the run is refused before any claim is read, or does not become whole; no
    /// output file appears then.
    pub fn execute(self) -> Result<Outcome, RunError> {
        if self.registry.is_empty() {
            return Err(RunError::NoEdits);
        }
        self.checked()
    }

    /// The same without an edit: outputs tell which claims are final, and which are not and why.
    ///
    /// # Errors
    /// As [`Run::execute`].
    pub fn tell_versions(self, preset: FinalPreset) -> Result<Outcome, RunError> {
        Self { finalize: Some(preset), ..self }.checked()
    }

    fn checked(mut self) -> Result<Outcome, RunError> {
        if self.inputs.is_empty() {
            return Err(RunError::NoInputs);
        }
        self.inputs.iter().try_for_each(Input::check)?;
        self.inputs.iter().try_for_each(|input| input.check_format(&self.input_options))?;
        check_names(self.inputs.iter(), self.history, self.outputs.iter().map(|out| &out.target))?;
        let Some(folder) = self.folder.take() else { return self.work(None) };
        self.outputs.extend(folder.outputs());
        let mut keeping = match folder.begin(&mut self.inputs, self.history, self.registry)? {
            Begun::Runs(keeping) => keeping,
            Begun::Whole(exit_code) => return Ok(Outcome::WholeBefore(exit_code)),
        };
        self.work(Some(&mut keeping)).map_err(|error| keeping.broke_off(error))
    }

    fn work(mut self, keeping: Option<&mut Keeping<'_>>) -> Result<Outcome, RunError> {
        let edits = self.registry;
        let registry = registry_summary(edits);
        tracing::info!(edits = registry.edits, inputs = self.inputs.len(), "run starts");

        let staging = keeping.as_ref().map(|keeping| keeping.work());
        let remembered = keeping.as_ref().map(|keeping| keeping.remembered()).unwrap_or_default();
        let mut teller = ToReports {
            outputs: Outputs::open(self.outputs, staging.as_deref())?,
            keeping,
            tally: Tally::default(),
            versions: FinalSummary::default(),
            abort_on_plugin_failure: self.abort_on_plugin_failure,
            strict: self.strict,
        };
        let (inputs, options) = (&mut self.inputs, &self.input_options);
        if let Some(preset) = self.finalize {
            FinalClaims::find(preset, inputs, options, &Stop::new(self.stop))?;
        }
        let gather = Gather {
            registries: &[edits],
            feed: self.history,
            stop: self.stop,
            progress: self.progress.as_deref_mut(),
        };
        let run = gather.claims_of(inputs, options)?;
        teller.outputs.each(|report| report.begin())?;
        let mut telling = Telling::new(teller, Stop::new(self.stop), self.progress);
        let docket = Docket { inputs: self.inputs, options: self.input_options, jobs: self.jobs };
        let surroundings = || Surroundings::new(self.history, run.as_ref());
        let by_edits = || ByEdits::new(edits, surroundings()).remembering(remembered.clone());
        if !docket.work_off(by_edits, &mut telling)? {
            return Ok(Outcome::Unheard);
        }
        let (files, ToReports { mut outputs, tally, keeping, versions, .. }) =
            telling.into_parts()?;
        let mut summary = Summary { registry, not_run: self.not_run, ..Summary::default() };
        for file in files {
            summary.total += file.accounting;
            summary.input_errors += file.input_errors;
            summary.files.push(file);
        }
        summary.severities = tally.severities;
        summary.faults = tally.faults;
        summary.charge_at_risk = tally.charge_at_risk();
        summary.rules = tally.into_rules();
        summary.finalize =
            self.finalize.map(|preset| FinalSummary { preset: preset.as_str(), ..versions });
        summary.unused_waivers = match &keeping {
            Some(keeping) => keeping.unused_waivers(),
            None => edits.unused_waivers(),
        };
        summary.exit_code = exit_code_of(&summary, self.fail_on);
        outputs.each(|report| report.end(&summary))?;
        if outputs.are_all_closed() {
            return Ok(Outcome::Unheard);
        }
        match keeping {
            Some(keeping) => keeping.publish(outputs.finish()?)?,
            None => outputs.publish()?,
        }
        tracing::info!(exit_code = summary.exit_code, claims = summary.total.claims_in, "run ends");
        Ok(Outcome::Whole(Box::new(summary)))
    }
}

/// The exit code of a whole run.
fn exit_code_of(summary: &Summary, fail_on: FailOn) -> u8 {
    if !is_trusted(summary.input_errors, &summary.total, &summary.files) {
        exit_code::UNTRUSTED
    } else if fail_on.fails(&summary.severities) {
        exit_code::FINDINGS
    } else {
        exit_code::WHOLE
    }
}

/// Whether all of the input was read, judged and accounted for.
pub(crate) fn is_trusted(input_errors: u64, total: &Accounting, files: &[FileSummary]) -> bool {
    input_errors == 0
        && total.quarantined == 0
        && total.holds()
        && files.iter().all(|file| file.accounting.holds())
}

/// No output may replace an input or another output.
pub(crate) fn check_names<'a>(
    inputs: impl Iterator<Item = &'a Input>,
    history: Option<&'a HistoryFeed>,
    targets: impl Iterator<Item = &'a Target>,
) -> Result<(), RunError> {
    let earlier = history.into_iter().flat_map(|feed| feed.files.iter().map(PathBuf::as_path));
    let read = inputs.filter_map(Input::path).chain(earlier);
    let read: Vec<PathBuf> = read.filter_map(|path| path.canonicalize().ok()).collect();
    let mut written: Vec<PathBuf> = Vec::new();
    for target in targets {
        let Target::File(path) = target else { continue };
        if keeps_nothing(path) {
            continue;
        }
        let name = || cleanbill_report::input_name(path);
        let place = real_place(path);
        if read.contains(&place) {
            return Err(RunError::OutputIsInput { output: name() });
        }
        if written.contains(&place) {
            return Err(RunError::OutputTwice { output: name() });
        }
        written.push(place);
    }
    Ok(())
}

/// The path without links; of a file that does not exist yet, its folder's path and its name.
fn real_place(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        match (folder_of(path).canonicalize(), path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => path.to_owned(),
        }
    })
}

#[cfg(test)]
mod tests;
