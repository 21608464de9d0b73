//! New packs and new rules: text that passes its checks and tests as it stands, with comments that say
//! what to change.
//!
//! Nothing is written here. What comes out is a list of files, tried out in memory before anyone sees it.

mod bodies;
mod editor;
mod overlay;
mod pack;
mod rule;
mod sketch;
mod timelines;

#[cfg(test)]
mod tests;

use core::fmt;

use crate::diagnostic::Diagnostics;
pub use pack::{PackAnswers, scaffold_pack};
pub use rule::{NewRule, RuleAnswers, scaffold_rule};
pub use sketch::{KindSketch, kind_sketches};

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScaffoldFile {
    /// Path within the pack.
    pub path: String,
    /// Text.
    pub text: String,
}

/// Why nothing was made.
#[derive(Clone, Debug)]
pub enum ScaffoldError {
    /// The pack that the rule is for has mistakes.
    Mistakes(Diagnostics),
    /// An answer does not fit.
    Refused {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
}

impl fmt::Display for ScaffoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mistakes(mistakes) => mistakes.fmt(f),
            Self::Refused { message, .. } => f.write_str(message),
        }
    }
}

impl core::error::Error for ScaffoldError {}

fn refused<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, ScaffoldError> {
    Err(ScaffoldError::Refused { message: message.into(), help: help.into() })
}

/// Whether `name` can stand in file names on every system: small letters, digits, hyphens.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= 64 && !name.starts_with('-') && name.chars().all(fits)
}

/// A text in double quotes, fit for YAML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
