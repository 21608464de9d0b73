//! Why a run was refused or did not become whole.

use std::io;

use cleanbill_history::HistoryError;
use cleanbill_model::InputError;

use crate::exit_code;
use crate::folder::FolderError;

/// Why a run was refused or did not become whole. In both cases nothing is published.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is nothing to validate by.
    #[error("there is no edit to run")]
    NoEdits,
    /// There is nothing to validate.
    #[error("there is no input to read")]
    NoInputs,
    /// An input cannot be opened.
    #[error("cannot read `{input}`: {reason}")]
    InputUnusable {
        /// Its name.
        input: String,
        /// Reason of the operating system, or ours.
        reason: String,
    },
    /// The answers that a run is to write are to 837 files, and an input is none.
    #[error("`{input}` is {format}, and a 277CA or 999 answers 837 files")]
    NothingToAnswer {
        /// Its name.
        input: String,
        /// The format of its claims.
        format: &'static str,
    },
    /// A feed of earlier claims cannot be used whole.
    #[error("the history `{input}` cannot be used: {reason}")]
    HistoryUnusable {
        /// Its name.
        input: String,
        /// What is wrong with it, without any value of a claim.
        reason: String,
    },
    /// A history, or the store of the claims of the run, cannot be used or failed on the way.
    #[error("{0}")]
    History(#[from] HistoryError),
    /// The folder of the results cannot be used.
    #[error("{0}")]
    Folder(#[from] FolderError),
    /// An output cannot be made.
    #[error("cannot write `{output}`: {reason}")]
    OutputUnusable {
        /// Its name.
        output: String,
        /// Reason of the operating system, or ours.
        reason: String,
    },
    /// An output would replace an input.
    #[error("the output `{output}` is also an input")]
    OutputIsInput {
        /// Its name.
        output: String,
    },
    /// Two outputs would replace each other.
    #[error("the output `{output}` is named twice")]
    OutputTwice {
        /// Its name.
        output: String,
    },
    /// A strict run met something that cannot be read or trusted.
    #[error("`{input}` cannot be trusted: {told}; `--strict` ends the run")]
    Untrusted {
        /// Its name.
        input: String,
        /// Where and what, without any value of a claim.
        told: String,
    },
    /// Reading failed on the way.
    #[error("reading `{input}` failed: {source}")]
    Read {
        /// Its name.
        input: String,
        /// Reason of the operating system.
        source: io::Error,
    },
    /// Writing failed on the way.
    #[error("writing `{output}` failed: {source}")]
    Write {
        /// Its name.
        output: String,
        /// Reason of the operating system.
        source: io::Error,
    },
    /// Final claims were asked for, and nothing on any claim tells its versions.
    #[error("no claim tells of which versions it is one, as `{preset}` needs it")]
    NoVersions {
        /// The preset.
        preset: &'static str,
        /// What is missing.
        needs: &'static str,
    },
    /// A signal stopped the run between two claims.
    #[error("stopped by {} after {claims} claims; nothing was published", signal_name(*signal))]
    Stopped {
        /// Number of the signal.
        signal: usize,
        /// Claims judged until then.
        claims: u64,
    },
    /// A plugin could not judge a claim, and the run was to end then.
    #[error("claim {claim}: {why}")]
    PluginFailed {
        /// Place of the claim among all claims of the run, from 1.
        claim: u64,
        /// Why it could not.
        why: String,
    },
    /// A threshold of a comparison cannot be read.
    #[error("the threshold `{threshold}` cannot be read: {reason}")]
    BadThreshold {
        /// As it was written.
        threshold: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A threshold is about a rule that neither edition has.
    #[error("no pack of either side has the rule `{rule}`")]
    NoSuchRule {
        /// Its id.
        rule: String,
    },
    /// A rule that is the same in both editions gave two verdicts on one claim: a bug of ours.
    #[error(
        "the rule `{rule}` is the same in both editions, yet it judged claim number {claim} of the \
         input in two ways; this is a bug of cleanbill"
    )]
    UnchangedRuleDiffers {
        /// Its id.
        rule: String,
        /// Place of the claim among all claims of the run, from 1.
        claim: u64,
    },
}

impl RunError {
    /// What ends a strict run.
    pub(crate) fn untrusted(input: &str, error: &InputError) -> Self {
        Self::Untrusted { input: input.to_owned(), told: told(error) }
    }

    /// The exit code that goes with it.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoEdits
            | Self::NoInputs
            | Self::InputUnusable { .. }
            | Self::NothingToAnswer { .. }
            | Self::HistoryUnusable { .. }
            | Self::OutputUnusable { .. }
            | Self::OutputIsInput { .. }
            | Self::OutputTwice { .. }
            | Self::Folder(_)
            | Self::BadThreshold { .. }
            | Self::NoVersions { .. }
            | Self::NoSuchRule { .. } => exit_code::REFUSED,
            Self::History(error) if error.is_refusal() => exit_code::REFUSED,
            Self::Untrusted { .. } => exit_code::UNTRUSTED,
            Self::Read { .. }
            | Self::Write { .. }
            | Self::History(_)
            | Self::PluginFailed { .. } => exit_code::NOT_WHOLE,
            Self::Stopped { signal, .. } => exit_code::stopped_by(*signal),
            Self::UnchangedRuleDiffers { .. } => exit_code::BUG,
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::NoEdits => "name a pack or a plugin that brings at least one edit",
            Self::NoInputs => "name the files to validate, or `-` for standard input",
            Self::InputUnusable { .. } => {
                "check the name and the permissions; no claim of any input was read"
            }
            Self::NothingToAnswer { .. } => {
                "nothing was published; leave the input out, or name another format, `fhir` for one"
            }
            Self::HistoryUnusable { .. } => {
                "half a history would pass for a whole one: mend the feed, or give less of it"
            }
            Self::History(_) => "nothing was published; no claim was lost",
            Self::Folder(error) => error.help(),
            Self::OutputUnusable { .. } => {
                "name a file in a folder that exists and that you may write to"
            }
            Self::OutputIsInput { .. } => "give the output another name; inputs are never changed",
            Self::OutputTwice { .. } => "give every output its own name",
            Self::Untrusted { .. } => {
                "nothing was published; mend the input, or leave `--strict` out to keep the claims \
                 that are whole and see all errors"
            }
            Self::Read { .. } => "nothing was published; run again once the input can be read",
            Self::Write { .. } => {
                "nothing was published; make room or name another folder, then run again"
            }
            Self::Stopped { .. } => "run the same command again to start over",
            Self::PluginFailed { .. } => {
                "nothing was published; `--on-plugin-failure pend` goes on and sets such claims aside"
            }
            Self::BadThreshold { .. } => {
                "write `now_hit > 500`, or `RULE: now_hit > 10` for one rule"
            }
            Self::NoVersions { needs, .. } => needs,
            Self::NoSuchRule { .. } => "`cleanbill rules list --packs PACK` shows all rules",
            Self::UnchangedRuleDiffers { .. } => {
                "nothing was published; report this line with both packs, it holds nothing of your claims"
            }
        }
    }
}

fn signal_name(signal: usize) -> String {
    match signal {
        2 => "SIGINT".to_owned(),
        3 => "SIGQUIT".to_owned(),
        15 => "SIGTERM".to_owned(),
        other => format!("signal {other}"),
    }
}

/// What is wrong, without any value of the claim.
pub(crate) fn told(error: &InputError) -> String {
    format!("line {}: {}: {}", error.location.line, error.code, error.message)
}
