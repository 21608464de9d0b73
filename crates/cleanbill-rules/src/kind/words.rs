//! Words of one way in which a rule ends, apart from its own.

use cleanbill_model::Disposition;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::{COMMON_SLOTS, Cx, disposition_of};
use crate::schema::words;
use crate::template::Template;
use crate::yaml::Node;

/// Words without a disposition of their own; the rule's holds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FixedWordsDecl {
    /// What is wrong, in one sentence, with placeholders.
    pub(crate) message: String,
    /// What the coder should do.
    pub(crate) fix: String,
}

/// Disposition and words of one way to end.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordsDecl {
    /// What happens to the line.
    #[schemars(extend("enum" = words::dispositions()))]
    pub(crate) disposition: String,
    /// What is wrong, in one sentence, with placeholders.
    pub(crate) message: String,
    /// What the coder should do.
    pub(crate) fix: String,
}

/// Disposition and words of one way to end, checked.
pub(super) struct Words {
    pub(super) disposition: Disposition,
    pub(super) message: Template,
    pub(super) fix: Template,
}

impl Words {
    /// What the author wrote; `slots` are the placeholders of the kind.
    pub(super) fn check(cx: &Cx<'_>, at: &Node, decl: &WordsDecl, slots: &[&str]) -> Option<Self> {
        let slots = with_common(slots);
        let message = cx.template(at.get("message"), &decl.message, &slots);
        let fix = cx.template(at.get("fix"), &decl.fix, &slots);
        let text = Some(&decl.disposition);
        let disposition = disposition_of(cx, at, "disposition", text, Disposition::Suspend);
        Some(Self { disposition, message: message?, fix: fix? })
    }

    /// Words of the program's own, where the author wrote none.
    pub(super) fn own(disposition: Disposition, message: &str, fix: &str, slots: &[&str]) -> Self {
        let slots = with_common(slots);
        let read = |text: &str| {
            Template::new(text, &slots).unwrap_or_else(|_| Template::plain(text.to_owned()))
        };
        Self { disposition, message: read(message), fix: read(fix) }
    }
}

fn with_common<'a>(slots: &[&'a str]) -> Vec<&'a str> {
    COMMON_SLOTS.iter().chain(slots).copied().collect()
}
