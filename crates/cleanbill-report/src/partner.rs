//! The partner lines of a finding, in one place for every format.

use cleanbill_model::{Claim, EarlierLine, Finding, LineRef, Location};

/// A line that a finding is about besides its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PartnerLine<'a> {
    /// Control number of its claim.
    pub(crate) claim: &'a str,
    /// The number that the claim gives it.
    pub(crate) number: u32,
    /// Where it stands in the input of the finding; `None` for a line of another claim.
    pub(crate) location: Option<Location>,
    /// What is known of a line of another claim.
    pub(crate) elsewhere: Option<&'a EarlierLine>,
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
            elsewhere: None,
        }),
        LineRef::Earlier(line) => Some(PartnerLine {
            claim: &line.claim,
            number: line.number,
            location: None,
            elsewhere: Some(line),
        }),
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

/// The partner lines in words, those of other claims with their days of service and why they count.
pub(crate) fn partner_texts(claim: &Claim, finding: &Finding) -> String {
    let own: Vec<String> = partner_lines(claim, finding)
        .filter(PartnerLine::is_own)
        .map(|partner| partner.number.to_string())
        .collect();
    let elsewhere = partner_lines(claim, finding).filter_map(|partner| partner.elsewhere);
    let elsewhere = elsewhere.map(|line| {
        format!("{}:{}, served {}: {}", line.claim, line.number, line.dates, line.words())
    });
    let own = (!own.is_empty()).then(|| own.join(" "));
    own.into_iter().chain(elsewhere).collect::<Vec<_>>().join("; ")
}
