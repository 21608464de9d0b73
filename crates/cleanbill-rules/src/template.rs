//! Messages with placeholders: checked when the pack loads, filled when a rule fires.

/// A text with placeholders in braces, `{code} (line {line})`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(String),
}

/// A placeholder that cannot be filled, and where it stands in the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnknownSlot {
    pub(crate) name: String,
    pub(crate) offset: usize,
}

impl Template {
    /// Reads `text`; only the names in `allowed` may stand in braces.
    pub(crate) fn new(text: &str, allowed: &[&str]) -> Result<Self, UnknownSlot> {
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut offset = 0;
        while let Some((before, behind)) = rest.split_once('{') {
            let Some((name, after)) = behind.split_once('}') else { break };
            let Some(slot) = allowed.iter().find(|slot| **slot == name) else {
                return Err(UnknownSlot { name: name.to_owned(), offset: offset + before.len() });
            };
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Slot((*slot).to_owned()));
            offset += before.len() + name.len() + 2;
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// A text without placeholders, whatever stands in it.
    pub(crate) fn plain(text: String) -> Self {
        Self(vec![Piece::Text(text)])
    }

    /// The names in braces.
    pub(crate) fn names(text: &str) -> Vec<&str> {
        let mut names = Vec::new();
        let mut rest = text;
        while let Some((name, after)) =
            rest.split_once('{').and_then(|(_, behind)| behind.split_once('}'))
        {
            names.push(name);
            rest = after;
        }
        names
    }

    /// The text with every placeholder filled by `value`.
    pub(crate) fn fill(&self, value: &dyn Fn(&str) -> String) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Slot(name) => value(name),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_their_places() {
        let template = Template::new("{code} on line {line}.", &["code", "line"]).unwrap();
        assert_eq!(template.fill(&|name| format!("<{name}>")), "<code> on line <line>.");
    }

    #[test]
    fn a_placeholder_nobody_fills_is_refused_with_its_place() {
        let wrong = Template::new("the {codee}", &["code"]).unwrap_err();
        assert_eq!(wrong, UnknownSlot { name: "codee".to_owned(), offset: 4 });
    }
}
