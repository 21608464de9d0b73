//! Finds where a JSON object ends, in bytes that may still be growing, without reading its values.

use memchr::{memchr2, memchr3};

/// Goes over one object from its opening brace. Only braces and strings are looked at: whether the
/// rest is JSON is for the parser to say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ObjectEnd {
    depth: usize,
    in_text: bool,
    at: usize,
}

impl ObjectEnd {
    /// Looks on through `bytes`, the object so far; gives its length once it is closed.
    pub(crate) fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        loop {
            let rest = bytes.get(self.at..).unwrap_or_default();
            let found = if self.in_text {
                memchr2(b'"', b'\\', rest)
            } else {
                memchr3(b'"', b'{', b'}', rest)
            };
            let Some(found) = found else {
                self.at = bytes.len();
                return None;
            };
            match rest.get(found) {
                Some(b'\\') if found + 1 == rest.len() => {
                    // The escaped byte is not there yet.
                    self.at += found;
                    return None;
                }
                Some(b'\\') => self.at += 1,
                Some(b'"') => self.in_text = !self.in_text,
                Some(b'{') => self.depth += 1,
                _ => self.depth = self.depth.saturating_sub(1),
            }
            self.at += found + 1;
            if self.depth == 0 && !self.in_text {
                return Some(self.at);
            }
        }
    }

    /// Forgets the bytes looked at so far, which the caller gives up; says how many they are.
    pub(crate) fn pass(&mut self) -> usize {
        core::mem::take(&mut self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_ends_at_its_own_brace_however_the_bytes_arrive() {
        let text = br#"{"a":"}\"{\\","b":{"c":[{}]}} {"#;
        let mut whole = ObjectEnd::default();
        assert_eq!(whole.find(text), Some(text.len() - 2));
        let mut trickle = ObjectEnd::default();
        let ends: Vec<_> = (1..=text.len()).filter_map(|n| trickle.find(&text[..n])).collect();
        assert_eq!(ends.first(), Some(&(text.len() - 2)));
    }

    #[test]
    fn passing_over_bytes_keeps_the_depth() {
        let mut end = ObjectEnd::default();
        assert_eq!(end.find(br#"{"a":{"b"#), None);
        assert_eq!(end.pass(), 8);
        assert_eq!(end.find(br#"":1}}"#), Some(5));
    }
}
