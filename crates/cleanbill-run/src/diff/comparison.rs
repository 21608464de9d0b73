//! A comparison from checked inputs to published outputs.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicUsize;

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_intake::InputOptions;
use cleanbill_model::{Accounting, Claim, ClaimVerdict, InputError};
use cleanbill_report::{DiffBy, DiffFormat, DiffResult, DiffSide, Styles};
use cleanbill_rules::PackFingerprint;

use super::groups::Groups;
use super::plan::Plan;
use super::threshold::Threshold;
use super::verdicts::{Difference, Verdicts};
use crate::error::RunError;
use crate::exit_code;
use crate::feed::HistoryFeed;
use crate::input::Input;
use crate::judging::{Docket, Judge};
use crate::output::Target;
use crate::run::{Progress, check_names, is_trusted};
use crate::run_claims::Gather;
use crate::stop::Stop;
use crate::surroundings::Surroundings;
use crate::telling::{Teller, Telling};
use crate::whole_outputs::WholeOutputs;

/// One of the two editions.
#[derive(Clone, Copy)]
pub struct DiffEdition<'a> {
    /// Its edits.
    pub registry: &'a Registry,
    /// What decides them, pack by pack.
    pub fingerprints: &'a [PackFingerprint],
    /// Its packs as they were named, for commands that look at a sample.
    pub named: &'a [String],
    /// Editions of imported tables that were chosen for it, TABLE@EDITION, for the same.
    pub editions: &'a [String],
    /// The folder of imported tables as it was named, for the same.
    pub tables: Option<&'a str>,
}

/// One output of a comparison.
pub struct DiffOutput {
    /// Where it goes.
    pub target: Target,
    /// In which format.
    pub format: DiffFormat,
    /// Colours, for [`DiffFormat::Text`].
    pub styles: Styles,
}

/// Everything that one comparison needs.
pub struct Diff<'a> {
    /// The old edition.
    pub old: DiffEdition<'a>,
    /// The new edition.
    pub new: DiffEdition<'a>,
    /// What to read. The order makes no difference to the result.
    pub inputs: Vec<Input>,
    /// How all inputs are read; told from the first bytes of each where it is left open.
    pub input_options: InputOptions,
    /// Earlier claims; without them nothing is known of any.
    pub history: Option<&'a HistoryFeed>,
    /// What to group lines by, behind the rule.
    pub by: Vec<DiffBy>,
    /// Samples of each group.
    pub samples: usize,
    /// What makes the comparison fail.
    pub thresholds: Vec<Threshold>,
    /// What to write.
    pub outputs: Vec<DiffOutput>,
    /// Threads that judge claims; with more than one, two more read and add up. No output depends on it.
    pub jobs: NonZeroUsize,
    /// Holds the number of a signal once the comparison is to stop.
    pub stop: Option<&'a AtomicUsize>,
    /// Is told now and then how far it is.
    pub progress: Option<&'a mut dyn FnMut(Progress)>,
}

impl Diff<'_> {
    /// Reads every input, publishes every output and gives back the exit code.
    ///
    /// # Errors
    /// [`RunError`] when the comparison is refused before any claim is read, or does not become whole;
    /// no output file appears then.
    pub fn execute(mut self) -> Result<u8, RunError> {
        let plan = self.check()?;
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let outputs =
            outputs.map(|DiffOutput { target, format, styles }| (target, (format, styles)));
        let outputs = WholeOutputs::open(outputs)?;
        let result = self.compare(plan)?;
        let is_heard =
            outputs.publish(|(format, styles), out| format.write(out, &result, &styles))?;
        Ok(if is_heard { result.exit_code } else { exit_code::WHOLE })
    }

    /// Reads every input and gives back what was found; nothing is written.
    ///
    /// # Errors
    /// As [`Diff::execute`].
    pub fn result(self) -> Result<DiffResult, RunError> {
        let plan = self.check()?;
        self.compare(plan)
    }

    /// What refuses the comparison before any claim is read.
    fn check(&self) -> Result<Plan, RunError> {
        if self.old.registry.is_empty() || self.new.registry.is_empty() {
            return Err(RunError::NoEdits);
        }
        if self.inputs.is_empty() {
            return Err(RunError::NoInputs);
        }
        self.inputs.iter().try_for_each(Input::check)?;
        check_names(self.inputs.iter(), self.history, self.outputs.iter().map(|out| &out.target))?;
        let plan = Plan::new(&self.old, &self.new);
        for rule in self.thresholds.iter().filter_map(Threshold::rule) {
            if plan.index(rule).is_none() {
                return Err(RunError::NoSuchRule { rule: rule.to_owned() });
            }
        }
        Ok(plan)
    }

    /// The comparison without its outputs.
    pub(super) fn compare(mut self, plan: Plan) -> Result<DiffResult, RunError> {
        // Samples are the first ones by name and place, whatever the order of the inputs.
        self.inputs.sort_by(|a, b| a.name().cmp(b.name()));
        let both = [self.old.registry, self.new.registry];
        let (inputs, options) = (&mut self.inputs, &self.input_options);
        let gather = Gather {
            registries: &both,
            feed: self.history,
            stop: self.stop,
            progress: self.progress.as_deref_mut(),
        };
        let run = gather.claims_of(inputs, options)?;
        let (rules, unchanged_rules) = plan.changes();
        let mut result = DiffResult {
            old: side(&self.old),
            new: side(&self.new),
            by: self.by.clone(),
            rules,
            unchanged_rules,
            tables: plan.tables.clone(),
            ..DiffResult::default()
        };
        let comparison = Comparison {
            plan: &plan,
            groups: Groups::new(self.by, self.samples),
            claims: 0,
            lines: 0,
            faulted: 0,
        };
        let mut telling = Telling::new(comparison, Stop::new(self.stop), self.progress);
        let docket = Docket { inputs: self.inputs, options: self.input_options, jobs: self.jobs };
        let by_both = || ByBoth {
            old: self.old.registry,
            new: self.new.registry,
            plan: &plan,
            surroundings: Surroundings::new(self.history, run.as_ref()),
            evaluator: Evaluator::default(),
            verdicts: Verdicts::default(),
        };
        docket.work_off(by_both, &mut telling)?;
        let (files, comparison) = telling.into_parts()?;
        let mut total = Accounting::default();
        for file in files {
            total += file.accounting;
            result.input_errors += file.input_errors;
            result.files.push(file);
        }
        result.claims = comparison.claims;
        result.lines = comparison.lines;
        result.faulted_claims = comparison.faulted;
        (result.groups, result.total) = comparison.groups.into_parts(&plan);
        result.failed = self.thresholds.iter().filter_map(|limit| limit.check(&result)).collect();
        result.exit_code = if !is_trusted(result.input_errors, &total, &result.files) {
            exit_code::UNTRUSTED
        } else if !result.failed.is_empty() {
            exit_code::FINDINGS
        } else {
            exit_code::WHOLE
        };
        Ok(result)
    }
}

fn side(edition: &DiffEdition<'_>) -> DiffSide {
    let packs = edition.fingerprints.iter().map(|print| print.pack.clone()).collect();
    DiffSide {
        packs,
        named: edition.named.to_vec(),
        editions: edition.editions.to_vec(),
        tables: edition.tables.map(str::to_owned),
    }
}

/// A claim through the edits of both editions.
struct ByBoth<'a> {
    old: &'a Registry,
    new: &'a Registry,
    plan: &'a Plan,
    surroundings: Surroundings<'a>,
    evaluator: Evaluator,
    verdicts: Verdicts,
}

/// What both editions say of a claim.
#[derive(Default)]
struct Compared {
    /// Whether every edit of both could run.
    is_whole: bool,
    differences: Vec<Difference>,
}

impl Judge for ByBoth<'_> {
    type Opinion = Compared;

    fn judge(&mut self, claim: &Claim, compared: &mut Compared) -> Result<(), RunError> {
        let subject = self.surroundings.of(claim)?;
        let old = self.evaluator.evaluate(self.old, subject);
        compared.is_whole = old.faults.is_empty();
        self.verdicts.old(self.plan, old.findings);
        let new = self.evaluator.evaluate(self.new, subject);
        compared.is_whole &= new.faults.is_empty();
        self.verdicts.new_edition(self.plan, new.findings);
        self.verdicts.differences(&mut compared.differences);
        Ok(())
    }

    fn looks_ahead(&self) -> bool {
        self.old.looks_ahead() || self.new.looks_ahead()
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        self.old.look_ahead(claims);
        self.new.look_ahead(claims);
    }

    fn settle(&self) {
        self.old.settle();
        self.new.settle();
    }
}

/// A comparison that is under way.
struct Comparison<'a> {
    plan: &'a Plan,
    groups: Groups,
    claims: u64,
    lines: u64,
    faulted: u64,
}

impl Teller<Compared> for Comparison<'_> {
    fn claim(
        &mut self,
        file: &str,
        claim: &Claim,
        Compared { is_whole, differences }: &Compared,
    ) -> Result<ClaimVerdict, RunError> {
        if !is_whole {
            self.faulted += 1;
            return Ok(ClaimVerdict::Quarantined);
        }
        self.claims += 1;
        self.lines += u64::try_from(claim.lines.len()).unwrap_or(u64::MAX);
        if let Some(found) = differences.iter().find(|found| self.plan.is_unchanged(found.rule)) {
            let rule = self.plan.id(found.rule).to_owned();
            return Err(RunError::UnchangedRuleDiffers { rule, claim: claim.ordinal });
        }
        if !differences.is_empty() {
            self.groups.add(file, claim, differences);
        }
        Ok(ClaimVerdict::Passed)
    }

    fn input_error(&mut self, _file: &str, _error: &InputError) -> Result<(), RunError> {
        Ok(())
    }
}
