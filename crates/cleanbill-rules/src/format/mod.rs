//! Pack files in one shape: same words, same comments, same meaning, tidy lines.
//!
//! The text is edited where it stands, by the spans of the tree; YAML is never written anew, so that
//! comments, blank lines and the author's own line breaks stay. Each pass takes a whole text and gives
//! a whole text: line ends, quotes ([`quote`]), the order of a rule's keys ([`order`]), indentation
//! ([`indent`]).

mod indent;
mod lines;
mod meaning;
mod order;
mod quote;

#[cfg(test)]
mod tests;

use core::fmt;

use crate::diagnostic::Diagnostics;
use crate::yaml::{self, Node};
use meaning::meaning;

/// Passes over one text until it no longer changes. Two do; the rest is for comments in odd places.
const MOST_ROUNDS: usize = 5;

/// Why a file was left as it is.
#[derive(Clone, Debug)]
pub enum FormatError {
    /// It is not a sound file of a pack.
    Mistakes(Diagnostics),
    /// Its tidy form would be read otherwise than what is there.
    WouldChange {
        /// The file.
        file: String,
    },
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mistakes(mistakes) => mistakes.fmt(f),
            Self::WouldChange { file } => {
                write!(f, "`{file}` cannot be formatted without changing what it says")
            }
        }
    }
}

impl core::error::Error for FormatError {}

/// The tidy form of `text`, a `pack.yaml` or a file of rules or waivers that people know as `file`.
///
/// What it declares is the same before and after: both texts are decoded and compared.
///
/// # Errors
/// [`FormatError`]: the text is not sound, or has no tidy form that means the same.
pub fn format(file: &str, text: &str) -> Result<String, FormatError> {
    let before = meaning(file, text).map_err(FormatError::Mistakes)?;
    let would_change = || FormatError::WouldChange { file: file.to_owned() };
    let tidy = settled(file, text).ok_or_else(would_change)?;
    match meaning(file, &tidy) {
        Ok(after) if after == before => Ok(tidy),
        _ => Err(would_change()),
    }
}

/// The text that a further round does not change.
fn settled(file: &str, text: &str) -> Option<String> {
    let mut text = line_ends(text);
    for _ in 0..MOST_ROUNDS {
        let next = round(file, &text)?;
        if next == text {
            return Some(text);
        }
        text = next;
    }
    None
}

fn round(file: &str, text: &str) -> Option<String> {
    let passes: [fn(&str, &Node) -> Option<String>; 3] =
        [quote::quote, order::order, indent::indent];
    let mut text = text.to_owned();
    for pass in passes {
        let tree = yaml::parse(file, &text).ok()?;
        text = pass(&text, &tree)?;
    }
    Some(line_ends(&text))
}

/// LF alone, no byte order mark, and one newline at the end.
fn line_ends(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
