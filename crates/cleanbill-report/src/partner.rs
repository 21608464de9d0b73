//! The partner lines of a finding, in one place for every format.

use cleanbill_model::{Claim, Finding, LineRef, Location};

/// A line that a finding is about besides its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PartnerLine<'a> {
    /// Control number of its claim.
    pub(crate) claim: &'a str,
    /// The number that the claim gives it.
    pub(crate) number: u32,
    /// Where it stands in the input of the finding; `None` for a line of an earlier claim.
    pub(crate) location: Option<Location>,
}

impl PartnerLine<'_> {
    /// Whether it is a line of the claim in hand.
    pub(crate) const fn is_own(&self) -> bool {
        self.location.is_some()
    }
}

/// The partner lines, in the engine's order.
pub(crate) fn partner_lines<'a>(
    claim: &'a Claim,
    finding: &'a Finding,
) -> impl Iterator<Item = PartnerLine<'a>> {
    finding.others.iter().filter_map(|other| match other {
        LineRef::Own(place) => claim.lines.get(*place).map(|line| PartnerLine {
            claim: claim.id(),
            number: line.number,
            location: Some(line.location),
        }),
        LineRef::Earlier(line) => {
            Some(PartnerLine { claim: &line.claim, number: line.number, location: None })
        }
    })
}

/// The partner lines as one word each: `1`, and `PCN9:1` for a line of another claim.
pub(crate) fn partner_words(claim: &Claim, finding: &Finding) -> String {
    let words: Vec<String> = partner_lines(claim, finding)
        .map(|partner| match partner.is_own() {
            true => partner.number.to_string(),
            false => format!("{}:{}", partner.claim, partner.number),
        })
        .collect();
    words.join(" ")
}
