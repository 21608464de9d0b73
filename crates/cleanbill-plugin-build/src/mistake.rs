//! What is wrong in `plugin.toml`, where, and what to do.

use core::fmt;
use core::ops::Range;

use toml::Spanned;

/// A mistake in `plugin.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Line of the file, from 1; `None` for the file as a whole.
    pub line: Option<usize>,
    /// What is wrong and what to do, as a lowercase sentence.
    pub message: String,
}

/// `plugin.toml:12: what is wrong`, without the name of the file.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{line}: {}", self.message),
            None => write!(f, " {}", self.message),
        }
    }
}

/// A mistake by its place in the text, before the line is counted.
#[derive(Debug)]
pub(crate) struct At {
    pub(crate) span: Option<Range<usize>>,
    pub(crate) message: String,
}

pub(crate) type Checked<T> = Result<T, At>;

impl At {
    /// A mistake in `value`.
    pub(crate) fn of<T>(value: &Spanned<T>, message: impl Into<String>) -> Self {
        Self { span: Some(value.span()), message: message.into() }
    }

    pub(crate) fn in_text(self, text: &str) -> Mistake {
        let before = self.span.and_then(|span| text.get(..span.start));
        let line = before.map(|before| before.matches('\n').count().saturating_add(1));
        Mistake { line, message: self.message }
    }
}

/// Fails with a mistake in `value`.
pub(crate) fn wrong<T, V>(value: &Spanned<V>, message: impl Into<String>) -> Checked<T> {
    Err(At::of(value, message))
}
