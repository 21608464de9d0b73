//! Where an edit's authority comes from, in words.

use cleanbill_model::{Finding, Source};

/// `CMS, NCCI PTP practitioner, 2026q3`.
pub(crate) fn source_text(source: &Source) -> String {
    let mut text = format!("{}, {}", source.authority, source.document);
    if let Some(edition) = &source.edition {
        text.push_str(", ");
        text.push_str(edition);
    }
    if !source.verified {
        text.push_str(" (not yet confirmed by a coder)");
    }
    text
}

/// All sources of a finding, its own edit's first, each in one text.
pub(crate) fn source_texts(finding: &Finding) -> Vec<String> {
    finding.sources().into_iter().map(source_text).collect()
}
