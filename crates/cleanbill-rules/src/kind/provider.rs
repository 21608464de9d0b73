//! Whether two lines are of one provider, on one claim and on two.

use cleanbill_engine::Truth;
use cleanbill_model::{Claim, ClaimType};

use super::earlier::{Seen, named};
use crate::same::{Same, equal, specialty};

impl Seen<'_> {
    /// Whether the two lines have one rendering provider, by identifier; of institutional claims one
    /// facility. Lines of one claim that name none have the same.
    pub(super) fn one_rendering(&self, other: &Self) -> Truth {
        let (a, b) = (self.line.provider.npi, other.line.provider.npi);
        let is_apart = self.is_elsewhere() || other.is_elsewhere();
        match (self.claim.claim_type == ClaimType::Institutional, is_apart) {
            (true, false) => Truth::Yes,
            (true, true) => billing(self.claim, other.claim),
            (false, false) if a.is_none() && b.is_none() => Truth::Yes,
            (false, _) => equal(a, b),
        }
    }

    /// Both rendering providers, for an explanation.
    pub(super) fn providers(&self, other: &Self) -> String {
        let npi = |seen: &Self| match seen.line.provider.npi {
            Some(npi) => npi.to_string(),
            None => "none".to_owned(),
        };
        if self.line.provider.npi == other.line.provider.npi {
            format!("the same, {}", npi(self))
        } else {
            format!(
                "{} and {}; the same only within one group and specialty",
                npi(self),
                npi(other)
            )
        }
    }

    /// Whether the two lines count as the same provider's, and both count at all. Either is a line of
    /// the claim in hand.
    ///
    /// On institutional claims the provider is the facility: the billing provider, or the group.
    pub(super) fn provider(&self, same: Same, other: &Self) -> Truth {
        let Some(counts) = self.counts().or(other.counts()) else {
            return same.provider(self.claim, self.line, other.line);
        };
        let (a, b) = (self.claim, other.claim);
        let mut truth = counts;
        if same.billing_provider {
            truth = truth.and(billing(a, b));
        }
        if same.tax_id {
            truth = truth.and(tax_number(a, b));
        }
        let is_facility = a.claim_type == ClaimType::Institutional;
        let rendering = || equal(self.line.provider.npi, other.line.provider.npi);
        // One identifier is one specialty, whether the claims give it or not.
        let one_specialty = || match rendering() {
            Truth::Yes => Truth::Yes,
            _ => specialty(self.line, other.line),
        };
        if same.rendering_provider {
            truth = truth.and(match rendering() {
                _ if is_facility => billing(a, b),
                Truth::Yes => Truth::Yes,
                _ => billing(a, b).and(specialty(self.line, other.line)),
            });
        }
        if same.rendering_npi {
            truth = truth.and(if is_facility { billing(a, b) } else { rendering() });
        }
        if same.group_specialty {
            truth = truth.and(match is_facility {
                true => group(a, b),
                false => group(a, b).and(one_specialty()),
            });
        }
        if same.physician {
            truth = truth.and(match rendering() {
                _ if is_facility => group(a, b),
                Truth::Yes => Truth::Yes,
                _ => group(a, b).and(specialty(self.line, other.line)),
            });
        }
        truth
    }
}

fn billing(a: &Claim, b: &Claim) -> Truth {
    equal(a.billing.npi, b.billing.npi)
}

fn tax_number(a: &Claim, b: &Claim) -> Truth {
    // Compared, and shown nowhere.
    let number = |claim: &Claim| Some(*claim.tax_id.reveal()).filter(|text| !text.is_empty());
    match (number(a), number(b)) {
        (Some(one), Some(other)) => Truth::from(a.text(one) == b.text(other)),
        _ => Truth::Unknown,
    }
}

/// One group has one billing NPI or, where it has several, one tax number.
fn group(a: &Claim, b: &Claim) -> Truth {
    billing(a, b).or(tax_number(a, b))
}

/// Why it is open whether these lines are the same provider's, in a clause, and what would tell.
pub(super) fn open_provider(same: Same, lines: &[Seen<'_>]) -> (&'static str, Vec<String>) {
    if lines.iter().any(|seen| seen.counts() == Some(Truth::Unknown)) {
        let fact = "give as `original_reference` (REF*F8) the control number of the claim that this one replaces";
        return (
            "the claim replaces an earlier one that the history does not name, so it may be this one",
            vec![fact.to_owned()],
        );
    }
    let is_elsewhere = lines.iter().any(Seen::is_elsewhere);
    let asks_tax_number = same.tax_id || same.group_specialty || same.physician;
    let tax_number = (is_elsewhere
        && asks_tax_number
        && lines.iter().any(|seen| seen.claim.tax_id.reveal().is_empty()))
    .then(|| "give both claims the tax number of the billing provider".to_owned());
    if is_elsewhere && lines.iter().any(|seen| seen.claim.billing.npi.is_none()) {
        let fact = "give both claims the NPI of the billing provider".to_owned();
        return (
            "one of the two claims does not give its billing provider",
            [fact].into_iter().chain(tax_number).collect(),
        );
    }
    if same.rendering_npi {
        return (
            "the rendering provider of one of the two lines is not given",
            vec!["give both lines the NPI of the rendering provider".to_owned()],
        );
    }
    let asks_specialty = same.rendering_provider || same.group_specialty || same.physician;
    let silent = lines.iter().filter(|seen| seen.line.provider.taxonomy.is_none()).copied();
    let silent = named(&silent.collect::<Vec<_>>()).filter(|_| asks_specialty);
    let fact = silent.map(|lines| {
        format!("give {lines} the specialty (taxonomy code) of the rendering provider")
    });
    let clause = match (&fact, &tax_number) {
        (None, Some(_)) => {
            "the two claims have different billing providers and do not give both tax numbers"
        }
        _ => {
            "the two lines have different rendering providers and the claim does not give both specialties"
        }
    };
    (clause, fact.into_iter().chain(tax_number).collect())
}
