//! Patterns of `matches`: `*` stands for any run of characters, also for none, `?` for exactly one.

/// Characters of regular expressions, which these patterns are not.
const REGULAR: &[u8] = b"^[]\\|()";

/// A pattern for the whole of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<char>);

impl Pattern {
    /// Reads a pattern.
    pub(super) fn new(text: &[u8]) -> Result<Self, &'static str> {
        let pattern = core::str::from_utf8(text).map_err(|_| "is not text")?;
        match pattern {
            "" => Err("is empty"),
            _ if text.iter().any(|byte| REGULAR.contains(byte)) => Err(
                "is no pattern: `*` stands for any run, `?` for one character, and there are no regular expressions",
            ),
            _ => Ok(Self(pattern.chars().collect())),
        }
    }

    /// Reads a pattern that some procedure code can match.
    pub(super) fn of_procedures(text: &[u8]) -> Result<Self, &'static str> {
        let pattern = Self::new(text)?;
        let any_run = pattern.0.contains(&'*');
        let fixed = pattern.0.iter().filter(|own| **own != '*').count();
        let known = |own: &char| {
            matches!(own, '*' | '?') || own.is_ascii_uppercase() || own.is_ascii_digit()
        };
        match pattern.0.iter().all(known) && (fixed == 5 || (any_run && fixed < 5)) {
            true => Ok(pattern),
            false => Err("matches no code of five capital letters and digits"),
        }
    }

    /// Whether it has no wildcard, and so stands for one text.
    pub(super) fn is_plain(&self) -> bool {
        !self.0.iter().any(|own| matches!(own, '*' | '?'))
    }

    /// Whether all of `text` matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        // The open ends of what was read so far: `reached[n]` when `n` characters of the pattern fit.
        let closed = |mut reached: Vec<bool>| {
            for (place, own) in self.0.iter().enumerate() {
                let before = reached.get(place).copied().unwrap_or_default();
                if let Some(next) = reached.get_mut(place + 1).filter(|_| *own == '*' && before) {
                    *next = true;
                }
            }
            reached
        };
        let start = core::iter::once(true).chain(self.0.iter().map(|_| false)).collect();
        let end = text.chars().fold(closed(start), |reached, read| {
            let mut next = vec![false; reached.len()];
            for (place, (own, fits)) in self.0.iter().zip(&reached).enumerate() {
                let stays = if *own == '*' { place } else { place + 1 };
                let takes = *fits && (matches!(own, '*' | '?') || *own == read);
                if let Some(slot) = next.get_mut(stays).filter(|_| takes) {
                    *slot = true;
                }
            }
            closed(next)
        });
        end.last().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_run_and_a_question_mark_one_character() {
        for (pattern, text, matches) in [
            ("9397?", "93970", true),
            ("9397?", "9397", false),
            ("9397?", "939700", false),
            ("*70", "93970", true),
            ("*", "", true),
            ("A*B*C", "AxBBC", true),
            ("A*B*C", "AxC", false),
            ("A**", "A", true),
            ("*A?", "AAB", true),
            ("?é", "xé", true),
            ("93970", "93971", false),
        ] {
            let read = Pattern::new(pattern.as_bytes()).unwrap();
            assert_eq!(read.matches(text), matches, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for bad in ["", "^939", "939[70]", "9397(0|1)"] {
            assert!(Pattern::new(bad.as_bytes()).is_err(), "{bad}");
        }
        for bad in ["9397", "939????", "9397a", "93.70", "?????0*"] {
            assert!(Pattern::of_procedures(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Pattern::of_procedures(b"9397?").is_ok() && Pattern::of_procedures(b"*T").is_ok());
    }
}
