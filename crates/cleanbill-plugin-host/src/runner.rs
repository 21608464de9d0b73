//! Where the code of a plugin runs, for whoever asks it: here or in a process of its own, the answers are the
//! same.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use cleanbill_engine::EditFault;
use cleanbill_model::{Claim, Disposition};
use cleanbill_plugin_abi::field::FieldSet;

use crate::answer::{Accepted, SOFT_DEADLINE};
use crate::check::Manifest;
use crate::instance::Instances;
use crate::library::Functions;
use crate::no_answer::NoAnswer;
use crate::supervisor::{Answered, Begun, Supervisor};

/// Most bytes of claims that are sent at once, as they stand in their files.
const BATCH_BYTES: u64 = 512 << 10;
/// Most claims that are sent at once.
const BATCH_CLAIMS: usize = 4_096;

/// A plugin that can be asked.
#[derive(Clone, Debug)]
pub(crate) enum Runner {
    /// In this process.
    Here(Functions),
    /// In processes of its own.
    Worker(Arc<Supervisor>),
}

impl Runner {
    /// The plugin configured with `config`, a JSON object. The error says why not, for people.
    pub(crate) fn configured(
        &self,
        config: &str,
        manifest: &Arc<Manifest>,
        granted: FieldSet,
        not_evaluated: Disposition,
    ) -> Result<Asker, String> {
        let config = config.to_owned();
        let at = match self {
            Self::Here(functions) => {
                At::Here(Instances::start(*functions, config, granted, SOFT_DEADLINE)?)
            }
            Self::Worker(supervisor) => {
                let instance = supervisor.instance(config)?;
                let ahead = Mutex::default();
                At::Worker { supervisor: Arc::clone(supervisor), instance, ahead }
            }
        };
        Ok(Asker { manifest: Arc::clone(manifest), not_evaluated, at })
    }
}

/// A plugin with one configuration.
#[derive(Debug)]
pub(crate) struct Asker {
    manifest: Arc<Manifest>,
    not_evaluated: Disposition,
    at: At,
}

#[derive(Debug)]
enum At {
    Here(Instances),
    Worker { supervisor: Arc<Supervisor>, instance: u32, ahead: Mutex<Ahead> },
}

/// What each thread has asked about claims that it is about to judge. There are few threads.
type Ahead = Vec<(ThreadId, Asked)>;

/// In the order in which the claims will be judged.
#[derive(Debug, Default)]
struct Asked {
    /// Batches that are asked about and not settled.
    begun: Vec<(Vec<Key>, Begun)>,
    /// Answers.
    known: VecDeque<(Key, Answered)>,
}

/// What the thread has asked.
fn of(ahead: &mut Ahead, own: ThreadId) -> Option<&mut Asked> {
    ahead.iter_mut().find(|(thread, _)| *thread == own).map(|(_, asked)| asked)
}

/// What tells claims of a run apart.
type Key = (u64, u64, usize);

impl Asker {
    /// Has `claim` checked.
    pub(crate) fn check(&self, claim: &Claim) -> Result<Vec<Accepted>, EditFault> {
        self.answer(claim).map_err(|why| why.fault(self.manifest.name(), self.not_evaluated))
    }

    fn answer(&self, claim: &Claim) -> Answered {
        match &self.at {
            At::Here(instances) => instances.check(claim, &self.manifest.rules),
            At::Worker { supervisor, instance, ahead } => {
                let own = thread::current().id();
                let mut asked = lock(ahead);
                if of(&mut asked, own).is_some_and(|asked| !asked.begun.is_empty()) {
                    // Whoever has no order to keep has it settled now.
                    drop(asked);
                    self.settle();
                    asked = lock(ahead);
                }
                if let Some(Asked { known, .. }) = of(&mut asked, own)
                    && let Some(place) = known.iter().position(|(key, _)| *key == key_of(claim))
                {
                    // Claims before this one were not asked about after all.
                    known.drain(..place);
                    if let Some((_, answer)) = known.pop_front() {
                        return answer;
                    }
                }
                drop(asked);
                let lost = || Err(NoAnswer::Disabled("it could not be asked".to_owned()));
                supervisor.ask(*instance, &[claim]).pop().unwrap_or_else(lost)
            }
        }
    }

    /// Whether it is of use to know claims before they are judged.
    pub(crate) const fn looks_ahead(&self) -> bool {
        matches!(self.at, At::Worker { .. })
    }

    /// Asks about claims that this thread judges next, in this order.
    pub(crate) fn look_ahead(&self, claims: &[&Claim]) {
        let At::Worker { supervisor, instance, ahead } = &self.at else { return };
        let own = thread::current().id();
        let mut all = lock(ahead);
        let place = all.iter().position(|(thread, _)| *thread == own);
        // Its memory is used again.
        let mut asked = place.map_or_else(Asked::default, |place| all.swap_remove(place).1);
        drop(all);
        asked.known.clear();
        asked.begun.clear();
        for batch in batches(claims) {
            let keys = batch.iter().map(|claim| key_of(claim)).collect();
            asked.begun.push((keys, supervisor.begin(*instance, batch)));
        }
        lock(ahead).push((own, asked));
    }

    /// Settles what this thread has asked ahead, in the order of the claims.
    pub(crate) fn settle(&self) {
        let At::Worker { supervisor, ahead, .. } = &self.at else { return };
        let own = thread::current().id();
        let begun = of(&mut lock(ahead), own).map(|asked| mem::take(&mut asked.begun));
        for (keys, begun) in begun.unwrap_or_default() {
            let answers = supervisor.settle(begun);
            if let Some(asked) = of(&mut lock(ahead), own) {
                asked.known.extend(keys.into_iter().zip(answers));
            }
        }
    }
}

fn lock(ahead: &Mutex<Ahead>) -> MutexGuard<'_, Ahead> {
    ahead.lock().unwrap_or_else(PoisonError::into_inner)
}

fn key_of(claim: &Claim) -> Key {
    (claim.ordinal, claim.bytes.start, claim.lines.len())
}

/// Parts of `claims` that are not too large to be sent at once.
fn batches<'a, 'c>(mut claims: &'a [&'c Claim]) -> impl Iterator<Item = &'a [&'c Claim]> {
    std::iter::from_fn(move || {
        let mut bytes = 0_u64;
        let fits = claims.iter().take(BATCH_CLAIMS).take_while(|claim| {
            bytes = bytes.saturating_add(claim.bytes.end.saturating_sub(claim.bytes.start));
            bytes <= BATCH_BYTES
        });
        let (batch, rest) = claims.split_at_checked(fits.count().max(1))?;
        claims = rest;
        Some(batch)
    })
}
