//! Why a plugin may not be loaded: the step at which it failed, the file, and what to do.

use core::fmt;
use std::path::{Path, PathBuf};

/// The steps between a path and a library whose code may run, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Where the file is, and what kind of file it is.
    Path,
    /// Who may change it.
    Permissions,
    /// Whether `plugins.lock` has these very bytes.
    Lock,
    /// Who signed it.
    Signature,
    /// What its bytes tell of it, read without running them.
    Library,
    /// What its manifest says.
    Manifest,
    /// Whether it may read the fields that it asks for.
    Grants,
}

impl Step {
    /// Its name in messages and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Permissions => "permissions",
            Self::Lock => "lock",
            Self::Signature => "signature",
            Self::Library => "library",
            Self::Manifest => "manifest",
            Self::Grants => "grants",
        }
    }
}

/// Why the code of a plugin may not run. None of it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    path: PathBuf,
    why: Problem,
}

/// What is wrong, at which step, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    step: Step,
    problem: String,
    remedy: String,
}

impl Problem {
    pub(crate) fn new(step: Step, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { step, problem: problem.into(), remedy: remedy.into() }
    }

    /// The same of `what`, which the plugin brings with it.
    pub(crate) fn because(self, what: &str) -> Self {
        Self { problem: format!("{what}: {}", self.problem), ..self }
    }

    /// The refusal of the file `path`.
    pub(crate) fn of(self, path: &Path) -> Refusal {
        Refusal { path: path.to_owned(), why: self }
    }
}

impl Refusal {
    /// At which step.
    #[must_use]
    pub const fn step(&self) -> Step {
        self.why.step
    }

    /// The file, as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.why.problem
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.why.remedy
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, step) = (self.path.display(), self.step().as_str());
        write!(f, "the plugin `{path}` is refused ({step}): {}", self.problem())
    }
}

impl std::error::Error for Refusal {}
