//! How a test of the kit ended.

use serde::{Deserialize, Serialize};

/// How a test of the kit ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", content = "why", rename_all = "snake_case")]
pub enum Outcome {
    /// The plugin does what the test asks for.
    Pass,
    /// It does not; what it did.
    Fail(String),
    /// The test could not ask; why.
    Skip(String),
}

impl Outcome {
    /// Its name in reports.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Skip(_) => "skip",
        }
    }

    /// What there is to say beyond the name.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Pass => "",
            Self::Fail(why) | Self::Skip(why) => why,
        }
    }
}

/// Why a test ended before its end.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The plugin fails it.
    Fail(String),
    /// It cannot be asked here.
    Skip(String),
}

impl From<String> for Ended {
    fn from(why: String) -> Self {
        Self::Fail(why)
    }
}

/// What a test gives back.
pub(crate) type Verdict = Result<(), Ended>;

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Ok(()) => Self::Pass,
            Err(Ended::Fail(why)) => Self::Fail(why),
            Err(Ended::Skip(why)) => Self::Skip(why),
        }
    }
}

/// The test fails unless `holds`.
pub(crate) fn expect(holds: bool, why: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(Ended::Fail(why())) }
}
