//! Titles that are too long, or that read like the descriptor of a code.
//!
//! Descriptors are licensed and none is here to compare with. Their style gives them away: parts behind
//! semicolons, and long lists behind "including".

use super::{Lint, Warning};
use crate::check::Pack;

/// A title is one line of a report.
const LONGEST: usize = 90;
/// Words behind which "including" no longer sounds like a person.
const WORDS: usize = 12;

pub(super) fn check(pack: &Pack, found: &mut Vec<Warning>) {
    for rule in &pack.outline.rules {
        let Some((what, help)) = wrong(&rule.info.title) else { continue };
        found.push(Warning {
            lint: Lint::Title,
            rule: Some(rule.id.clone()),
            place: rule.title.clone(),
            message: format!("the title of `{}` {what}", rule.id),
            others: Vec::new(),
            help: help.to_owned(),
        });
    }
}

fn wrong(title: &str) -> Option<(String, &'static str)> {
    let length = title.chars().count();
    let own_words = "say in your own words what is wrong, and give codes as numbers";
    if title.contains(';')
        || title.contains(" including ") && title.split_whitespace().count() > WORDS
    {
        Some(("reads like the licensed descriptor of a code".to_owned(), own_words))
    } else if length > LONGEST {
        Some((format!("has {length} characters"), "use at most 90"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn a_title_in_ones_own_words_is_fine_and_a_descriptor_is_not() {
        assert_eq!(wrong("Units above the limit, including those of other lines"), None);
        assert!(wrong("Study of something; complete").is_some());
        let long = "Study of one thing including a b c d e f g h i j k";
        assert!(wrong(long).is_some());
        assert!(wrong(&"x".repeat(90)).is_none() && wrong(&"x".repeat(91)).is_some());
    }
}
