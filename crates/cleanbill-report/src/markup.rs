//! Text made safe to stand in HTML, between tags and inside quoted attributes.

use crate::escape::escape;

/// Text of an input or a pack: first made safe to show, then encoded.
pub(crate) fn safe(text: &str) -> String {
    encoded(&escape(text))
}

/// Encodes what HTML gives a meaning to; line ends stay.
pub(crate) fn encoded(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_open_a_tag_or_close_an_attribute() {
        assert_eq!(safe("<a b='\"'>&\u{1b}"), "&lt;a b=&#39;&quot;&#39;&gt;&amp;\\u{1b}");
        assert_eq!(encoded("one\ntwo"), "one\ntwo");
    }
}
