//! The course of a worker: a greeting, the library, then frame after frame until the host is gone.

use std::fs::File;
use std::time::Duration;

use super::channel::{Channel, send};
use super::cursor::Cursor;
use super::judge::Judge;
use super::{confine, sandbox};
use cleanbill_plugin_abi::AbiVersion;

use crate::check::Manifest;
use crate::error::PluginError;
use crate::library;
use crate::wire::{Hello, Kind, Reader, Ready, append};

/// Exit code of a worker that did what it was asked to; nobody looks at it.
const DONE: u8 = 0;
/// Exit code of a worker that could not begin.
const FAILED: u8 = 2;

/// Serves until the host is gone; gives back the exit code.
pub(super) fn serve() -> u8 {
    match begun() {
        Some((mut channel, mut answers, mut judge)) => {
            while answer_one(&mut channel, &mut answers, &mut judge).is_some() {}
            DONE
        }
        None => FAILED,
    }
}

/// Everything up to the first frame that asks for something.
fn begun() -> Option<(Channel, File, Judge)> {
    let mut channel = Channel::take_over().ok()?;
    let mut answers = channel.answers().ok()?;
    let frame = channel.receive().filter(|frame| frame.kind == Kind::Hello)?;
    let hello: Hello = serde_json::from_slice(frame.payload).ok()?;
    drop(answers);
    let cursor = Cursor::open(hello.cursor);
    confine::confine(&hello, &channel).ok()?;
    answers = channel.answers().ok()?;
    match load(&hello, cursor) {
        Ok((judge, ready)) => {
            send(&mut answers, &framed(Kind::Ready, 0, &serde_json::to_vec(&ready).ok()?)?)?;
            Some((channel, answers, judge))
        }
        Err(error) => {
            let mut words = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                words.push_str(": ");
                words.push_str(&error.to_string());
                cause = error.source();
            }
            send(&mut answers, &framed(Kind::Refused, 0, words.as_bytes())?);
            None
        }
    }
}

fn load(hello: &Hello, cursor: Cursor) -> Result<(Judge, Ready), PluginError> {
    let Hello { library, needed, shown, .. } = hello;
    let abi = AbiVersion { major: hello.abi.0, minor: hello.abi.1 };
    if !hello.open {
        sandbox::prepare();
    }
    let functions = library::open_checked(needed, library, shown, abi)?;
    let start = |why: &str| PluginError::Start { path: shown.clone(), reason: why.to_owned() };
    let manifest = Manifest::read(&hello.manifest);
    let rules = manifest.map_err(|_| start("its manifest cannot be read"))?.rules;
    for number in &hello.keep {
        confine::close(*number);
    }
    let sandbox = if hello.open { sandbox::Sandbox::default() } else { sandbox::enter() };
    let ready = Ready { system_calls: sandbox.system_calls, files: sandbox.files };
    let soft_deadline = Duration::from_millis(hello.soft_deadline_ms);
    Ok((Judge::new(cursor, functions, rules, soft_deadline), ready))
}

/// `None` when the host is gone, or asks for what does not exist.
fn answer_one(channel: &mut Channel, answers: &mut File, judge: &mut Judge) -> Option<()> {
    let frame = channel.receive()?;
    match frame.kind {
        Kind::Create => {
            let mut reader = Reader::new(frame.payload);
            let (index, config) = (reader.u32().ok()?, reader.text(usize::MAX).ok()?);
            let reason = judge.create(index, config).err().unwrap_or_default();
            send(answers, &framed(Kind::Created, u64::from(index), reason.as_bytes())?)
        }
        Kind::Batch => judge.batch(frame.batch, frame.payload, answers),
        _ => None,
    }
}

fn framed(kind: Kind, batch: u64, payload: &[u8]) -> Option<Vec<u8>> {
    let mut frame = Vec::new();
    append(&mut frame, kind, batch, payload).ok()?;
    Some(frame)
}
