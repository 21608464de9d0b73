//! What a rule says of itself beyond what a run needs: kept when the pack loads, for its page.

use crate::check::Cx;
use crate::declare::{AppliesDecl, RuleDecl, TestDecl};
use crate::kind;
use crate::yaml::Node;

/// What a rule says of itself.
#[derive(Clone, Debug)]
pub(crate) struct RuleText {
    pub(crate) id: String,
    pub(crate) message: String,
    pub(crate) fix: String,
    /// Which claims the pack and the rule are for, in words.
    pub(crate) claims: Vec<String>,
    /// The block of its kind as its author wrote it.
    pub(crate) settings: String,
    /// The value sets and parameters that the block names, with their values.
    pub(crate) sets: Vec<(String, Vec<String>)>,
    pub(crate) tests: Vec<TestDecl>,
}

impl RuleText {
    /// Reads a checked rule; `text` is that of its file and `at` its place there.
    pub(crate) fn new(
        cx: &Cx<'_>,
        rule: &RuleDecl,
        scopes: &[Option<&AppliesDecl>],
        text: &str,
        at: &Node,
    ) -> Self {
        let (message, fix) = kind::plugin_words(cx, rule).unwrap_or_default();
        let words = |own: &Option<String>, other: &str| own.as_deref().unwrap_or(other).to_owned();
        let settings = settings(text, at);
        let is_named = |name: &str| {
            settings.match_indices('$').any(|(place, _)| {
                let behind = settings.get(place + 1..).unwrap_or_default();
                behind.split(|c: char| !c.is_alphanumeric() && !"_-".contains(c)).next()
                    == Some(name)
            })
        };
        let sets = [cx.sets, cx.params]
            .into_iter()
            .flatten()
            .filter(|(name, _)| is_named(name))
            .map(|(name, set)| {
                let values = set.items().iter().filter_map(Node::scalar).chain(set.scalar());
                (name.clone(), values.map(str::to_owned).collect())
            })
            .collect();
        Self {
            id: rule.id.clone(),
            message: words(&rule.message, message),
            fix: words(&rule.fix, fix),
            claims: scopes.iter().copied().flatten().flat_map(claims).collect(),
            settings,
            sets,
            tests: rule.tests.clone(),
        }
    }
}

fn claims(scope: &AppliesDecl) -> Vec<String> {
    let mut words = Vec::new();
    if !scope.claim_types.is_empty() {
        words.push(format!("{} claims", scope.claim_types.join(" and ")));
    }
    let mut payers = Vec::new();
    if !scope.payers.is_empty() {
        payers.push(format!("payer {}", scope.payers.join(", ")));
    }
    if !scope.filing_indicators.is_empty() {
        payers.push(format!("filing indicator {}", scope.filing_indicators.join(", ")));
    }
    words.extend((!payers.is_empty()).then(|| payers.join(" or ")));
    words
}

/// The key of the kind with its block, moved to the left margin.
fn settings(text: &str, at: &Node) -> String {
    let Some(entry) = at.entries().iter().find(|entry| kind::is_kind(&entry.key)) else {
        return String::new();
    };
    let start = entry.key_span.start;
    let line = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let indent = " ".repeat(start - line);
    let block = text.get(start..entry.value.span.end.max(start)).unwrap_or_default();
    let lines: Vec<&str> =
        block.lines().map(|line| line.strip_prefix(&indent).unwrap_or(line)).collect();
    // The span of a block runs to the next key: comments above that belong to it.
    let own = lines.iter().rposition(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.get(..own.map_or(0, |last| last + 1)).unwrap_or_default().join("\n")
}
