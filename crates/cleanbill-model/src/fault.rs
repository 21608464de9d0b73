//! Faults (an edit could not run) and input errors (we could not read).

use std::sync::Arc;

use crate::edit_info::EditInfo;
use crate::location::Location;

/// Why an edit could not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A plugin panicked.
    PluginPanic,
    /// A plugin gave back an error or an answer that is not valid.
    PluginError,
    /// The process of a plugin ended, or had to be ended.
    PluginCrash,
    /// A plugin took too long.
    PluginTimeout,
    /// A plugin was switched off for the rest of the run.
    PluginDisabled,
    /// An edit's arithmetic did not fit.
    Overflow,
    /// A table that the edit reads is not as it was imported.
    DamagedTable,
}

impl FaultKind {
    /// Whether it is a plugin that failed.
    #[must_use]
    pub const fn is_of_plugin(self) -> bool {
        match self {
            Self::PluginPanic
            | Self::PluginError
            | Self::PluginCrash
            | Self::PluginTimeout
            | Self::PluginDisabled => true,
            Self::Overflow | Self::DamagedTable => false,
        }
    }

    /// The name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PluginPanic => "plugin_panic",
            Self::PluginError => "plugin_error",
            Self::PluginCrash => "plugin_crash",
            Self::PluginTimeout => "plugin_timeout",
            Self::PluginDisabled => "plugin_disabled",
            Self::Overflow => "overflow",
            Self::DamagedTable => "damaged_table",
        }
    }
}

/// An edit could not run on a claim. The claim is then never counted as passed.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The edit that could not run.
    pub edit: Arc<EditInfo>,
    /// Why.
    pub kind: FaultKind,
    /// What happened, without any value of the claim.
    pub message: String,
}

/// Something of the input could not be read or trusted. Never carries a value of the claim but its
/// control number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// Stable code, `I1001`.
    pub code: &'static str,
    /// Where.
    pub location: Location,
    /// Element, `SV101-2`, or member path, `lines[0].units`; empty for the file.
    pub element: String,
    /// Loop of the guide in which it stands, by its four digits, `2010`; empty unless an answer to the sender is asked for
    /// and the loop is known.
    pub loop_id: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// Control number of the claim that was quarantined for it, where it is known.
    pub claim: Option<String>,
    /// Whether a claim was set aside (quarantined) for it.
    pub quarantines: bool,
}
