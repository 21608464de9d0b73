//! The finding on a claim that a plugin could not judge: such a claim is never shown clean.

use std::sync::Arc;

use cleanbill_model::{Disposition, EditInfo, Element, Finding, Origin, Outcome, Period, Severity};

/// Id of the finding.
pub const NOT_EVALUATED: &str = "ENGINE/PLUGIN-NOT-EVALUATED";

/// The finding that the plugin `plugin` has not judged the claim; `message` tells why.
pub(crate) fn not_evaluated(plugin: &str, message: &str, disposition: Disposition) -> Finding {
    let edit = EditInfo {
        id: NOT_EVALUATED.to_owned(),
        title: "A plugin could not judge the claim".to_owned(),
        kind: "engine",
        origin: Origin::Plugin { plugin: plugin.to_owned() },
        disposition,
        severity: Severity::Warning,
        on_unknown: disposition,
        remit: None,
        effective: Period { from: None, through: None },
        owner: None,
        sources: Vec::new(),
    };
    Finding {
        edit: Arc::new(edit),
        outcome: Outcome::Fires,
        disposition,
        severity: Severity::Warning,
        remit: None,
        line: None,
        others: Vec::new(),
        element: Element::Claim,
        message: message.to_owned(),
        why: "what the rules of the plugin say of this claim is not known".to_owned(),
        fix: "check the claim by hand, or run it again once the plugin is mended".to_owned(),
        evidence: Vec::new(),
        defect: None,
        also: Vec::new(),
    }
}
