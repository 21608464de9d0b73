//! A process of a plugin, spoken to: the greeting, instances, and batches of claims.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cleanbill_model::Claim;
use cleanbill_plugin_abi::field::FieldSet;

use super::Source;
use super::cursor::Cursor;
use super::options::WorkerOptions;
use super::process::Process;
use super::stderr::Spill;
use super::{Answered, count};
use crate::answer::Answer;
use crate::check::Rule;
use crate::no_answer::{Cause, NoAnswer};
use crate::view::ViewMemory;
use crate::wire::{Batch, Fared, Hello, Kind, Malformed, Mode, Ready, Reply, begin, finish};

/// How long a library may take to load.
const START: Duration = Duration::from_secs(10);

/// A process that is greeted.
#[derive(Debug)]
pub(super) struct Worker {
    process: Process,
    /// Whether it has said what it is.
    is_ready: bool,
    /// Instances that it has, and has been asked for.
    instances: usize,
    asked_for: usize,
    batch: u64,
    cursor: Cursor,
    frame: Vec<u8>,
    /// Claims that are laid out to be sent, and their numbers of lines.
    laid_out: Batch,
    lines: Vec<usize>,
    view: ViewMemory,
}

/// What became of a process, and how far it had come.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) cause: Cause,
    /// The claim of the batch that it had in hand, by its place, where that is known.
    pub(super) at: Option<usize>,
    /// Where it could not even begin: why.
    why: Option<String>,
}

impl Lost {
    pub(super) fn started(error: &std::io::Error) -> Self {
        Self::because(format!("its process could not be started: {error}"))
    }

    pub(super) const fn garbled() -> Self {
        Self { cause: Cause::Garbled, at: None, why: None }
    }

    const fn because(why: String) -> Self {
        Self { cause: Cause::Garbled, at: None, why: Some(why) }
    }

    const fn of(cause: Cause) -> Self {
        Self { cause, at: None, why: None }
    }

    /// Whether no other process would fare better.
    pub(super) const fn is_unable(&self) -> bool {
        self.why.is_some()
    }

    /// Why it could not begin, for people.
    pub(super) fn words(self) -> String {
        self.why.unwrap_or_else(|| match self.cause {
            Cause::Ended(how) => format!("its process ended {how} while it was made ready"),
            Cause::Hung(limit) => {
                format!("its process made no progress for {limit} ms while it was made ready")
            }
            Cause::Garbled | Cause::Unsteady => {
                "its process did not say what it should while it was made ready".to_owned()
            }
        })
    }
}

impl From<Cause> for Lost {
    fn from(cause: Cause) -> Self {
        Self::of(cause)
    }
}

impl From<Malformed> for Lost {
    fn from(_: Malformed) -> Self {
        Self::garbled()
    }
}

impl Worker {
    /// Starts a process and tells it what it is for; what it says to that is heard when it is needed.
    pub(super) fn start(
        source: &Source,
        options: &WorkerOptions,
        configs: &[String],
        spill: Arc<Mutex<Spill>>,
    ) -> Result<Self, Lost> {
        let cursor = Cursor::new();
        let hello = Hello {
            library: source.library.path.clone(),
            needed: source.needed.iter().map(|needed| needed.path.clone()).collect(),
            shown: source.shown.clone(),
            keep: source.numbers().into_iter().chain(cursor.number()).collect(),
            cursor: cursor.number(),
            manifest: source.manifest.clone(),
            abi: (source.abi.major, source.abi.minor),
            parent: std::process::id(),
            memory: options.memory,
            soft_deadline_ms: u64::try_from(options.soft_deadline.as_millis()).unwrap_or(u64::MAX),
            open: !options.sandbox,
        };
        let hello = serde_json::to_vec(&hello).map_err(|_| Lost::garbled())?;
        let process =
            Process::start(&options.program, spill).map_err(|error| Lost::started(&error))?;
        cursor.is_passed_on();
        let mut worker = Self {
            process,
            is_ready: false,
            instances: 0,
            asked_for: 0,
            batch: 0,
            cursor,
            frame: Vec::new(),
            laid_out: Batch::default(),
            lines: Vec::new(),
            view: ViewMemory::default(),
        };
        worker.send(Kind::Hello, 0, &hello)?;
        for config in configs {
            worker.ask_for(config)?;
        }
        Ok(worker)
    }

    /// Has every instance made that `configs` speaks of. The error says why one could not be.
    pub(super) fn make_ready(&mut self, configs: &[String]) -> Result<(), Lost> {
        for config in configs.iter().skip(self.asked_for) {
            self.ask_for(config)?;
        }
        if !self.is_ready {
            self.hear_ready()?;
        }
        while self.instances < self.asked_for {
            self.hear_created()?;
        }
        Ok(())
    }

    /// Lays out the next batch: what is `granted` of these claims.
    pub(super) fn lay_out<'c>(
        &mut self,
        claims: impl Iterator<Item = &'c Claim>,
        granted: FieldSet,
    ) -> Result<(), Malformed> {
        self.laid_out.clear();
        self.lines.clear();
        for claim in claims {
            self.laid_out.push(&self.view.view(claim, granted))?;
            self.lines.push(claim.lines.len());
        }
        Ok(())
    }

    /// Has the batch judged that is laid out.
    pub(super) fn judge(
        &mut self,
        instance: u32,
        mode: Mode,
        rules: &[Rule],
        options: &WorkerOptions,
    ) -> Result<Vec<Answered>, Lost> {
        self.batch += 1;
        begin(&mut self.frame, Kind::Batch, self.batch);
        self.laid_out.write(&mut self.frame, instance, mode);
        finish(&mut self.frame)?;
        self.process.send(&mut self.frame);
        let mut answers = Vec::with_capacity(self.lines.len());
        self.hear_answers(&mut answers, rules, options).map_err(|cause| {
            let at = match mode {
                Mode::Grouped => self.cursor.claim_of(self.batch),
                // The last one has answered, and dies: it takes something with it that is not its own.
                Mode::Stepwise | Mode::Apart => {
                    Some(answers.len().min(self.lines.len().saturating_sub(1)))
                }
            };
            Lost { cause, at, why: None }
        })?;
        Ok(answers)
    }

    /// Hears the answers to the batch that was sent last. The error is what became of the process.
    fn hear_answers(
        &mut self,
        answers: &mut Vec<Answered>,
        rules: &[Rule],
        options: &WorkerOptions,
    ) -> Result<(), Cause> {
        let lines = self.lines.as_slice();
        let (cursor, batch) = (&self.cursor, self.batch);
        let mut farthest = None;
        // The cursor may hold anything: it can only put the end off, and once for each claim.
        let mut has_gone_on = || {
            let at = cursor.claim_of(batch).filter(|place| *place < lines.len());
            let goes_on = at > farthest;
            farthest = at.max(farthest);
            goes_on
        };
        loop {
            let frame = self.process.receive(options.hard_deadline, &mut has_gone_on)?;
            if frame.batch != batch {
                return Err(Cause::Garbled);
            }
            match frame.kind {
                Kind::Done if answers.len() == lines.len() => return Ok(()),
                Kind::Reply => read(frame.payload, answers, lines, rules, options.soft_deadline)
                    .map_err(|Malformed| Cause::Garbled)?,
                _ => return Err(Cause::Garbled),
            }
        }
    }

    fn ask_for(&mut self, config: &str) -> Result<(), Lost> {
        let mut payload = Vec::new();
        let index = u32::try_from(self.asked_for).map_err(|_| Lost::garbled())?;
        payload.extend_from_slice(&index.to_le_bytes());
        crate::wire::put_text(&mut payload, config);
        self.asked_for += 1;
        self.send(Kind::Create, 0, &payload)
    }

    fn send(&mut self, kind: Kind, batch: u64, payload: &[u8]) -> Result<(), Lost> {
        begin(&mut self.frame, kind, batch);
        self.frame.extend_from_slice(payload);
        finish(&mut self.frame)?;
        self.process.send(&mut self.frame);
        Ok(())
    }

    fn hear_ready(&mut self) -> Result<(), Lost> {
        let frame = self.process.receive(START, || false)?;
        match frame.kind {
            Kind::Ready => {}
            Kind::Refused => {
                let words = String::from_utf8_lossy(frame.payload).replace(char::is_control, "");
                return Err(Lost::because(words));
            }
            _ => return Err(Lost::garbled()),
        }
        let ready: Ready = serde_json::from_slice(frame.payload).map_err(|_| Lost::garbled())?;
        let (calls, files) = (ready.system_calls, ready.files);
        tracing::debug!(calls_closed = calls, files_closed = files, "a plugin's process is ready");
        self.is_ready = true;
        Ok(())
    }

    fn hear_created(&mut self) -> Result<(), Lost> {
        let frame = self.process.receive(START, || false)?;
        if frame.kind != Kind::Created || frame.batch != count(self.instances) {
            return Err(Lost::garbled());
        }
        if !frame.payload.is_empty() {
            let words = String::from_utf8_lossy(frame.payload).replace(char::is_control, "");
            return Err(Lost::because(words));
        }
        self.instances += 1;
        Ok(())
    }
}

/// Appends the answers in `payload`.
fn read(
    payload: &[u8],
    answers: &mut Vec<Answered>,
    lines: &[usize],
    rules: &[Rule],
    soft_deadline: Duration,
) -> Result<(), Malformed> {
    let mut reply = Reply::new(payload);
    while !reply.is_at_end() {
        let lines = *lines.get(answers.len()).ok_or(Malformed)?;
        let mut answer = Answer::new(rules, lines, soft_deadline);
        answers.push(match reply.next(&mut answer)? {
            Fared::Checked(ended) => answer.judged(ended),
            Fared::NotMade(reason) => Err(NoAnswer::Error(reason)),
        });
    }
    Ok(())
}
