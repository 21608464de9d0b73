//! Threads that ask at the same time: each has a process to itself, and what is counted over the claims of a run
//! is counted in their order, so that it does not show how many threads there were.

use cleanbill_model::Claim;

use super::worker::{Lost, Worker};
use super::{Answered, Asking, Supervisor, count};
use crate::no_answer::NoAnswer;
use crate::wire::Mode;

/// Most processes of a plugin that judge at the same time.
const MOST: usize = 4;

/// Claims that were asked about and are not settled.
#[derive(Debug)]
pub(crate) struct Begun {
    instance: u32,
    /// How many they are.
    count: usize,
    /// The claims, where they have to be asked about again.
    claims: Vec<Claim>,
    sent: Sent,
}

/// What came of sending claims for the first time.
#[derive(Debug)]
enum Sent {
    /// These answers.
    Answered(Vec<Answered>),
    /// The end of a process.
    Lost(Lost),
    /// Nothing was sent: the plugin was given up by a claim before these.
    Not,
}

impl Supervisor {
    /// Asks about `claims` and keeps what comes of it until it is settled. Nothing is counted or set aside
    /// before that, so that threads may ask in any order.
    pub(crate) fn begin(&self, instance: u32, claims: &[&Claim]) -> Begun {
        let sent = self.send_first(instance, claims);
        let again = matches!(sent, Sent::Lost(_));
        let kept = claims.iter().filter(|_| again).map(|claim| Claim::clone(claim)).collect();
        Begun { instance, count: claims.len(), claims: kept, sent }
    }

    /// The answer to each of the claims that were asked about. Calls come in the order of the claims, one at a
    /// time.
    pub(crate) fn settle(&self, begun: Begun) -> Vec<Answered> {
        let Begun { instance, count, claims, sent } = begun;
        self.settle_sent(instance, &claims.iter().collect::<Vec<_>>(), count, sent)
    }

    /// The answer to each of `claims`, in their order.
    pub(crate) fn ask(&self, instance: u32, claims: &[&Claim]) -> Vec<Answered> {
        let sent = self.send_first(instance, claims);
        self.settle_sent(instance, claims, claims.len(), sent)
    }

    fn send_first(&self, instance: u32, claims: &[&Claim]) -> Sent {
        if self.state().disabled.is_some() {
            return Sent::Not;
        }
        let mut worker = match self.take() {
            Ok(worker) => worker,
            Err(lost) => return Sent::Lost(lost),
        };
        let all: Vec<usize> = (0..claims.len()).collect();
        let sent = Asking::new(self, instance, claims).send(&mut worker, &all, Mode::Grouped);
        match sent {
            Ok(answers) => {
                self.give_back(Some(worker));
                Sent::Answered(answers)
            }
            Err(lost) => {
                drop(worker);
                self.give_back(None);
                Sent::Lost(lost)
            }
        }
    }

    /// `claims` are there if their process was lost, and `all` is how many they are in any case.
    fn settle_sent(
        &self,
        instance: u32,
        claims: &[&Claim],
        all: usize,
        sent: Sent,
    ) -> Vec<Answered> {
        let mut state = self.state();
        match (sent, state.disabled.clone()) {
            (Sent::Lost(lost), None) => {
                drop(state);
                Asking::new(self, instance, claims).run(lost)
            }
            (Sent::Answered(answers), None) => {
                state.record.claims += count(all);
                answers
            }
            // What was asked ahead of that counts no more than what was not.
            (_, why) => {
                let why = why.unwrap_or_else(|| "it could not be asked".to_owned());
                (0..all).map(|_| Err(NoAnswer::Disabled(why.clone()))).collect()
            }
        }
    }

    /// A process that is ready, to be given back: one that is idle, the spare, or a new one; waits for one of
    /// another thread when there are enough.
    pub(super) fn take(&self) -> Result<Worker, Lost> {
        let mut state = self.state();
        loop {
            if let Some(worker) = state.idle.pop() {
                state.taken += 1;
                return Ok(worker);
            }
            if state.taken < MOST {
                state.taken += 1;
                let spare = state.spare.take();
                drop(state);
                let lost = match spare.map_or_else(|| self.start(), Ok) {
                    Ok(worker) => return Ok(worker),
                    Err(lost) => lost,
                };
                state = self.state();
                state.taken -= 1;
                // Where the system has no room for another process, those that there are must do.
                if state.taken == 0 && state.idle.is_empty() {
                    return Err(lost);
                }
                if !state.idle.is_empty() {
                    continue;
                }
            }
            state = self.wait(state);
        }
    }

    /// Gives back what was taken, or that it is no more.
    pub(super) fn give_back(&self, worker: Option<Worker>) {
        let mut state = self.state();
        state.taken = state.taken.saturating_sub(1);
        state.idle.extend(worker);
        drop(state);
        self.given_back.notify_one();
    }
}
