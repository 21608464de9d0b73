//! Why a claim has no answer of a plugin, and what is told of it.

use cleanbill_engine::EditFault;
use cleanbill_model::{Disposition, FaultKind};

use crate::not_evaluated::not_evaluated;

/// What ended the process of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// It ended; in words, `with SIGSEGV`.
    Ended(String),
    /// It made no progress for so many milliseconds.
    Hung(u64),
    /// What it sent was no answer.
    Garbled,
    /// It ends on this claim now and then.
    Unsteady,
}

/// Why a claim has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// The plugin panicked.
    Panic,
    /// It gave back an error, or something that is not valid; which.
    Error(String),
    /// It was told that its time was up.
    TimedOut,
    /// Its process does not survive this claim.
    Quarantined(Cause),
    /// It is switched off for the rest of the run; why.
    Disabled(String),
}

impl NoAnswer {
    /// The fault that it is, of the plugin `plugin`; the claim gets a finding of `disposition` in place of the
    /// plugin's.
    pub(crate) fn fault(self, plugin: &str, disposition: Disposition) -> EditFault {
        let (kind, message) = match self {
            Self::Panic => (
                FaultKind::PluginPanic,
                format!(
                    "the plugin `{plugin}` panicked on this claim; the text of the panic is withheld, \
                     since it may hold values of the claim"
                ),
            ),
            Self::Error(what) => (
                FaultKind::PluginError,
                format!("the plugin `{plugin}` failed on this claim: {what}"),
            ),
            Self::TimedOut => (
                FaultKind::PluginTimeout,
                format!("the plugin `{plugin}` did not come to an end with this claim in its time"),
            ),
            Self::Quarantined(Cause::Hung(limit)) => (
                FaultKind::PluginTimeout,
                format!("the plugin `{plugin}` made no progress on this claim for {limit} ms"),
            ),
            Self::Quarantined(cause) => {
                (FaultKind::PluginCrash, format!("the process of the plugin `{plugin}` {cause}"))
            }
            Self::Disabled(why) => (
                FaultKind::PluginDisabled,
                format!("the plugin `{plugin}` is switched off for the rest of the run: {why}"),
            ),
        };
        let stands_in = Some(Box::new(not_evaluated(plugin, &message, disposition)));
        EditFault { kind, message, stands_in }
    }
}

impl core::fmt::Display for Cause {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Ended(how) => write!(f, "ended {how} on this claim"),
            Self::Hung(limit) => write!(f, "made no progress on this claim for {limit} ms"),
            Self::Garbled => f.write_str("sent what is no answer to this claim"),
            Self::Unsteady => {
                f.write_str("ended more than once near this claim, which alone it survives")
            }
        }
    }
}
