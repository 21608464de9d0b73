//! Texts taken apart into what repeats from finding to finding and what does not, so that a page of
//! thousands of findings stays small: `{code} (line {n}) is not paid with …` stands once.

/// Stands before and behind the number of a value in a pattern.
pub(super) const VALUE: char = '\u{1}';
/// Stands between two texts.
pub(super) const BREAK: char = '\u{2}';

/// A pattern, and the words with a digit in them that belong into it: codes, numbers and days.
///
/// The texts are escaped, so that neither [`VALUE`] nor [`BREAK`] is in them.
pub(super) fn split(texts: &[Box<str>]) -> (String, String) {
    let mut pattern = String::new();
    let mut values: Vec<&str> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            pattern.push(BREAK);
        }
        for word in words(text) {
            if !word.contains(|character: char| character.is_ascii_digit()) {
                pattern.push_str(word);
                continue;
            }
            let place = values.iter().position(|value| *value == word).unwrap_or_else(|| {
                values.push(word);
                values.len() - 1
            });
            pattern.push(VALUE);
            pattern.push_str(&place.to_string());
            pattern.push(VALUE);
        }
    }
    (pattern, values.join(" "))
}

/// The text in pieces: letters, digits and hyphens in one, everything else in another.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let mut rest = text;
    core::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let inside = is_word(first);
        let end = rest.find(|character| is_word(character) != inside).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        rest = behind;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the script of the page does.
    fn joined(pattern: &str, values: &str) -> String {
        let values: Vec<&str> = values.split(' ').collect();
        let parts = pattern.split(VALUE).enumerate().map(|(index, part)| match index % 2 {
            0 => part,
            _ => values[part.parse::<usize>().unwrap()],
        });
        parts.collect()
    }

    #[test]
    fn a_text_comes_back_from_its_pattern_and_values() {
        let texts: [Box<str>; 3] = [
            "93970 (line 2) is not paid with 93985 (line 1) on 2026-03-02: x.".into(),
            "line 2; line 1".into(),
            "é 412.50, 检査 9-".into(),
        ];
        let (pattern, values) = split(&texts);
        assert_eq!(values, "93970 2 93985 1 2026-03-02 412 50 9-");
        assert_eq!(joined(&pattern, &values), texts.join(&BREAK.to_string()));
        let again: [Box<str>; 1] = ["93971 (line 3) is not paid with 93986 (line 4)".into()];
        let other: [Box<str>; 1] = ["93970 (line 2) is not paid with 93985 (line 1)".into()];
        assert_eq!(split(&again).0, split(&other).0);
    }
}
