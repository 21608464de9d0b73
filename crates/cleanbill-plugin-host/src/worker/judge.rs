//! Claim by claim through a batch, and the answers on their way back.

use std::collections::BTreeMap;
use std::fs::File;
use std::time::{Duration, Instant};

use cleanbill_plugin_abi::CbClaim;

use super::channel::send;
use super::cursor::Cursor;
use crate::answer::Answer;
use crate::check::Rule;
use crate::instance::Instance;
use crate::library::Functions;
use crate::wire::{Kind, Mode, ReplyWriter, Views, append};

/// Bytes of answers that are sent together.
const GROUP_BYTES: usize = 256 << 10;
/// How long answers may wait for others where nothing else tells that the plugin goes on.
const GROUP_TIME: Duration = Duration::from_millis(20);

/// The instances of the plugin, and what is needed to judge.
pub(super) struct Judge {
    cursor: Cursor,
    functions: Functions,
    rules: Vec<Rule>,
    soft_deadline: Duration,
    instances: BTreeMap<u32, (String, Option<Instance>)>,
    views: Views,
    reply: ReplyWriter,
    frame: Vec<u8>,
}

impl Judge {
    pub(super) fn new(
        cursor: Cursor,
        functions: Functions,
        rules: Vec<Rule>,
        soft_deadline: Duration,
    ) -> Self {
        let (views, reply) = (Views::default(), ReplyWriter::default());
        let instances = BTreeMap::new();
        let frame = Vec::new();
        Self { cursor, functions, rules, soft_deadline, instances, views, reply, frame }
    }

    /// Makes the instance `index`; the error is the plugin's reason.
    pub(super) fn create(&mut self, index: u32, config: &str) -> Result<(), String> {
        let instance = Instance::create(self.functions, config)?;
        self.instances.insert(index, (config.to_owned(), Some(instance)));
        Ok(())
    }

    /// Judges a batch; `None` when the host is gone or sends what is no batch.
    pub(super) fn batch(&mut self, batch: u64, payload: &[u8], answers: &mut File) -> Option<()> {
        let Self { cursor, functions, rules, soft_deadline, instances, views, reply, frame } = self;
        let (index, mode, claims) = views.relocate(payload).ok()?;
        let (config, instance) = instances.get_mut(&index)?;
        let mut sent = (!cursor.is_shared()).then(Instant::now);
        for (place, claim) in (0..).zip(claims) {
            cursor.begin(batch, place);
            if mode == Mode::Apart {
                *instance = None;
            }
            if instance.is_none() {
                match Instance::create(*functions, config) {
                    Ok(made) => *instance = Some(made),
                    Err(reason) => reply.not_made(&reason),
                }
            }
            if let Some(one) = instance
                && !judge(one, claim, rules, *soft_deadline, reply)
            {
                *instance = None;
            }
            let is_due = sent.is_some_and(|sent| sent.elapsed() >= GROUP_TIME);
            if mode != Mode::Grouped || is_due || reply.bytes().len() >= GROUP_BYTES {
                frame.clear();
                append(frame, Kind::Reply, batch, reply.bytes()).ok()?;
                reply.clear();
                send(answers, frame)?;
                sent = sent.map(|_| Instant::now());
            }
        }
        frame.clear();
        append(frame, Kind::Reply, batch, reply.bytes()).ok()?;
        append(frame, Kind::Done, batch, &[]).ok()?;
        reply.clear();
        send(answers, frame)
    }
}

/// Has one claim judged; whether the instance may be used again.
fn judge(
    instance: &mut Instance,
    claim: &CbClaim,
    rules: &[Rule],
    soft_deadline: Duration,
    reply: &mut ReplyWriter,
) -> bool {
    let lines = usize::try_from(claim.n_lines).unwrap_or(usize::MAX);
    let mut answer = Answer::new(rules, lines, soft_deadline).taped(reply);
    let ended = instance.check(claim, &mut answer);
    let good = answer.judged(ended).is_ok();
    reply.checked(ended);
    good
}
