//! Keeps a plugin in processes of its own: sends them claims, believes no answer of one that died, finds the
//! claim on which it died, sets that aside and goes on with the others.

mod breaker;
mod cursor;
mod lanes;
mod options;
mod patience;
mod process;
mod source;
mod starter;
mod stderr;
mod worker;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use cleanbill_model::Claim;
use cleanbill_plugin_abi::field::FieldSet;

pub(crate) use lanes::Begun;
pub use options::{Breaker, WorkerOptions, WorkerProgram};
pub(crate) use source::Source;

use crate::answer::Accepted;
use crate::check::Manifest;
use crate::no_answer::{Cause, NoAnswer};
use crate::wire::Mode;
use breaker::Record;
use stderr::Spill;
use worker::{Lost, Worker};

/// How often claims that die together and not alone are tried again.
const ATTEMPTS: u32 = 2;

/// The answer to one claim.
pub(crate) type Answered = Result<Vec<Accepted>, NoAnswer>;

/// One plugin and its processes: as many as there are threads that ask at once, but for a bound.
#[derive(Debug)]
pub(crate) struct Supervisor {
    source: Source,
    manifest: Arc<Manifest>,
    granted: FieldSet,
    options: WorkerOptions,
    state: Mutex<State>,
    /// Told when a process is given back.
    given_back: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// What instances are configured with, by their number.
    configs: Vec<String>,
    idle: Vec<Worker>,
    /// Processes that are taken and not given back.
    taken: usize,
    /// One more process, begun before it is needed, once one has ended.
    spare: Option<Worker>,
    record: Record,
    disabled: Option<String>,
    spill: Option<Arc<Mutex<Spill>>>,
}

impl Supervisor {
    pub(crate) fn new(
        source: Source,
        manifest: Arc<Manifest>,
        granted: FieldSet,
        options: WorkerOptions,
    ) -> Self {
        let (state, given_back) = (Mutex::default(), Condvar::new());
        Self { source, manifest, granted, options, state, given_back }
    }

    /// Makes an instance, so that a plugin that cannot run with `config` is found out before the run; its
    /// number. The error says why, for people.
    pub(crate) fn instance(&self, config: String) -> Result<u32, String> {
        let mut configs = self.state().configs.clone();
        let index = u32::try_from(configs.len()).map_err(|_| "there are too many".to_owned())?;
        configs.push(config);
        let mut worker = self.take().map_err(Lost::words)?;
        let ready = worker.make_ready(&configs).map_err(Lost::words);
        self.give_back(ready.is_ok().then_some(worker));
        ready?;
        self.state().configs = configs;
        Ok(index)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a process that nobody has taken.
    fn lay_by(&self, worker: Worker) {
        self.state().idle.push(worker);
        self.given_back.notify_one();
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.given_back.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// A process that has judged nothing yet; the next one is begun at once.
    fn fresh(&self) -> Result<Worker, Lost> {
        let spare = self.state().spare.take();
        let worker = match spare {
            Some(spare) => spare,
            None => self.start()?,
        };
        let next = self.start();
        self.state().spare = next.ok();
        Ok(worker)
    }

    fn start(&self) -> Result<Worker, Lost> {
        let (configs, spill) = {
            let mut state = self.state();
            let spill = match &state.spill {
                Some(spill) => Arc::clone(spill),
                None => {
                    let spill = match &self.options.stderr {
                        Some(path) => Spill::to(path).map_err(|error| Lost::started(&error))?,
                        None => Spill::default(),
                    };
                    let spill = Arc::new(Mutex::new(spill));
                    state.spill = Some(Arc::clone(&spill));
                    spill
                }
            };
            (state.configs.clone(), spill)
        };
        Worker::start(&self.source, &self.options, &configs, spill)
    }
}

impl Drop for Supervisor {
    /// Tells what became of the plugin, unless there is nothing to tell.
    fn drop(&mut self) {
        let state = self.state();
        let Record { crashes, hangs, unsteady, .. } = state.record;
        let spill = state.spill.as_ref();
        let printed =
            spill.map(|spill| spill.lock().unwrap_or_else(PoisonError::into_inner).bytes());
        let printed = printed.unwrap_or_default();
        if crashes + hangs + unsteady + printed > 0 {
            let plugin = self.manifest.name();
            tracing::info!(plugin, crashes, hangs, unsteady, printed, "a plugin is let go");
        }
    }
}

/// One question: some claims, in their order.
struct Asking<'a> {
    supervisor: &'a Supervisor,
    instance: u32,
    claims: &'a [&'a Claim],
    answers: Vec<Option<Answered>>,
}

impl<'a> Asking<'a> {
    fn new(supervisor: &'a Supervisor, instance: u32, claims: &'a [&'a Claim]) -> Self {
        Self { supervisor, instance, claims, answers: claims.iter().map(|_| None).collect() }
    }

    /// The answers to claims of which a first process was lost.
    fn run(mut self, first: Lost) -> Vec<Answered> {
        self.go_on(first);
        let unanswered = || Err(NoAnswer::Disabled("it could not be asked".to_owned()));
        self.answers.into_iter().map(|answer| answer.unwrap_or_else(unanswered)).collect()
    }

    fn go_on(&mut self, first: Lost) {
        let mut open: Vec<usize> = (0..self.claims.len()).collect();
        let mut quick = Mode::Grouped;
        let mut mode = quick;
        let mut attempts = 0;
        let mut is_last = false;
        let mut next = Err(first);
        while !open.is_empty() {
            let disabled = self.supervisor.state().disabled.clone();
            if let Some(why) = disabled.filter(|_| !is_last) {
                return self.give_up(&open, &why);
            }
            let sent = next.and_then(|mut worker| {
                let answers = self.send(&mut worker, &open, mode)?;
                Ok((worker, answers))
            });
            let lost = match sent {
                Ok((worker, answers)) => {
                    for (place, answer) in open.iter().zip(answers) {
                        self.set(*place, answer);
                    }
                    self.supervisor.state().record.claims += count(open.len());
                    return self.supervisor.lay_by(worker);
                }
                Err(lost) if lost.is_unable() => {
                    let why = lost.words();
                    self.supervisor.state().disabled = Some(why.clone());
                    return self.give_up(&open, &why);
                }
                Err(lost) => lost,
            };
            // The answers so far are those of a process that died: none of them is believed.
            let suspect = match open.as_slice() {
                [only] => Some(*only),
                several => {
                    // Step by step, one that did not even begin died on the first.
                    let first = (mode != Mode::Grouped).then_some(0);
                    lost.at.or(first).and_then(|place| several.get(place).copied())
                }
            };
            let Some(suspect) = suspect else {
                mode = Mode::Stepwise;
                next = self.supervisor.fresh();
                continue;
            };
            let alone = self.supervisor.fresh().and_then(|mut worker| {
                let answers = self.send(&mut worker, &[suspect], Mode::Stepwise)?;
                Ok((worker, answers))
            });
            let cause = match alone {
                Err(unable) if unable.is_unable() => {
                    next = Err(unable);
                    continue;
                }
                Err(again) => Some(again.cause),
                Ok((worker, _)) if mode == Mode::Grouped => {
                    // One that outlived its crash for a while gave a wrong hint; steps give none.
                    quick = Mode::Stepwise;
                    mode = quick;
                    drop(worker);
                    None
                }
                Ok((worker, _)) if attempts < ATTEMPTS => {
                    attempts += 1;
                    let mut state = self.supervisor.state();
                    state.record.unsteady += 1;
                    if state.disabled.is_none() {
                        let breaker = self.supervisor.options.breaker;
                        state.disabled = state.record.is_enough(breaker);
                    }
                    drop(state);
                    tracing::warn!(
                        plugin = self.supervisor.manifest.name(),
                        "the process of a plugin ended near a claim which it survives alone"
                    );
                    mode = Mode::Apart;
                    drop(worker);
                    None
                }
                Ok(_) => Some(Cause::Unsteady),
            };
            if let Some(cause) = cause {
                self.quarantine(&mut open, suspect, cause);
                mode = quick;
                if let Some(why) = self.supervisor.state().disabled.clone() {
                    // Claims before this one were judged before it was given up, whatever a batch is.
                    let first_after = open.partition_point(|place| *place < suspect);
                    let after = open.split_off(first_after);
                    self.give_up(&after, &why);
                    is_last = true;
                }
            }
            next = self.supervisor.fresh();
        }
        if let Ok(worker) = next {
            self.supervisor.lay_by(worker);
        }
    }

    /// Has the claims at `places` judged by `worker`.
    fn send(
        &self,
        worker: &mut Worker,
        places: &[usize],
        mode: Mode,
    ) -> Result<Vec<Answered>, Lost> {
        let supervisor = self.supervisor;
        let rules = &supervisor.manifest.rules;
        let configs = supervisor.state().configs.clone();
        worker.make_ready(&configs)?;
        let claims = places.iter().filter_map(|place| self.claims.get(*place).copied());
        worker.lay_out(claims, supervisor.granted)?;
        worker.judge(self.instance, mode, rules, &supervisor.options)
    }

    fn quarantine(&mut self, open: &mut Vec<usize>, suspect: usize, cause: Cause) {
        let mut state = self.supervisor.state();
        // Claims before this one have been judged, whatever a batch is, or will be.
        let before = open.iter().filter(|place| **place < suspect).count();
        match cause {
            Cause::Hung(_) => state.record.hangs += 1,
            _ => state.record.crashes += 1,
        }
        state.record.claims += 1;
        let so_far = state.record.claims;
        state.record.claims = so_far + count(before);
        if state.disabled.is_none() {
            state.disabled = state.record.is_enough(self.supervisor.options.breaker);
        }
        state.record.claims = so_far;
        drop(state);
        tracing::warn!(
            plugin = self.supervisor.manifest.name(),
            claim = self.claims.get(suspect).map(|claim| claim.ordinal),
            "a claim is set aside, since the process of a plugin does not survive it"
        );
        open.retain(|place| *place != suspect);
        self.set(suspect, Err(NoAnswer::Quarantined(cause)));
    }

    fn give_up(&mut self, open: &[usize], why: &str) {
        for place in open {
            self.set(*place, Err(NoAnswer::Disabled(why.to_owned())));
        }
    }

    fn set(&mut self, place: usize, answer: Answered) {
        if let Some(slot) = self.answers.get_mut(place) {
            *slot = Some(answer);
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
