//! `same:` — what two lines must share to be judged together.

use cleanbill_engine::Truth;
use cleanbill_model::{Claim, ClaimType, ServiceLine};

use crate::check::Cx;
use crate::diagnostic::Code;
use crate::yaml::Node;

/// Names under `same:` that ask who rendered a service: each makes use of the clause
/// `rendering_provider`.
pub(crate) const RENDERING: [&str; 4] =
    ["rendering_provider", "rendering_npi", "group_specialty", "physician"];

/// What two lines must share. Patient and date of service always count: within one claim the patient
/// is the same, and the dates are compared by the kind itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Same {
    /// NPI of the billing provider: compared with other claims; within one claim it is the same.
    pub(crate) billing_provider: bool,
    /// Tax number of the billing provider: likewise.
    pub(crate) tax_id: bool,
    /// One NPI, or one specialty under one billing NPI.
    pub(crate) rendering_provider: bool,
    /// One NPI and nothing else.
    pub(crate) rendering_npi: bool,
    /// One specialty in one group, which is a billing NPI or a tax number.
    pub(crate) group_specialty: bool,
    /// One NPI wherever it bills, or one specialty in one group.
    pub(crate) physician: bool,
    pub(crate) extremity: bool,
    pub(crate) modifiers: bool,
    pub(crate) units: bool,
    pub(crate) charge: bool,
}

/// A thing that lines can share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Patient,
    ServiceDate,
    BillingProvider,
    TaxId,
    RenderingProvider,
    RenderingNpi,
    GroupSpecialty,
    Physician,
    Extremity,
    Modifiers,
    Units,
    Charge,
}

const KEYS: [(&str, Key); 12] = [
    ("patient", Key::Patient),
    ("service_date", Key::ServiceDate),
    ("billing_provider", Key::BillingProvider),
    ("tax_id", Key::TaxId),
    ("rendering_provider", Key::RenderingProvider),
    ("rendering_npi", Key::RenderingNpi),
    ("group_specialty", Key::GroupSpecialty),
    ("physician", Key::Physician),
    ("extremity", Key::Extremity),
    ("modifiers", Key::Modifiers),
    ("units", Key::Units),
    ("charge", Key::Charge),
];

/// What a kind can compare beside patient and providers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takes {
    /// Whether it compares lines of one day: `service_date` must then be named, and else must not.
    day: bool,
    more: &'static [Key],
}

impl Takes {
    /// Lines of one day.
    pub(crate) const DAY: Self = Self { day: true, more: &[] };
    /// Two procedures of one day that may have been on different extremities.
    pub(crate) const PAIR: Self = Self { day: true, more: &[Key::Extremity] };
    /// One service twice on one day.
    pub(crate) const DUPLICATE: Self =
        Self { day: true, more: &[Key::Modifiers, Key::Units, Key::Charge] };
    /// Services of several days.
    pub(crate) const WINDOW: Self = Self { day: false, more: &[] };

    /// The names that `same` takes.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        KEYS.into_iter().filter(move |(_, key)| self.allow(*key)).map(|(name, _)| name)
    }

    fn allow(self, key: Key) -> bool {
        match key {
            Key::ServiceDate => self.day,
            Key::Extremity | Key::Modifiers | Key::Units | Key::Charge => self.more.contains(&key),
            _ => true,
        }
    }
}

impl Same {
    /// Checks the names under `same:`; `takes` is what the kind can compare.
    pub(crate) fn check(cx: &Cx<'_>, at: &Node, names: &[String], takes: &Takes) -> Self {
        let mut keys = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let span = &at.item(index).span;
            match cx.word(span, name, "a thing that lines can share", &KEYS) {
                Some(key) if !takes.allow(key) => cx.error(
                    Code::UnknownWord,
                    span,
                    format!("this kind of rule does not compare `{name}`"),
                    format!("remove `{name}`"),
                ),
                key => keys.extend(key),
            }
        }
        for (name, key) in KEYS.iter().take(1 + usize::from(takes.day)) {
            if !keys.contains(key) {
                cx.error(Code::MissingKey, &at.span, format!("`same` must name `{name}`"), "an edit without patient or date of service would compare lines that have nothing to do with each other".to_owned());
            }
        }
        Self {
            billing_provider: keys.contains(&Key::BillingProvider),
            tax_id: keys.contains(&Key::TaxId),
            rendering_provider: keys.contains(&Key::RenderingProvider),
            rendering_npi: keys.contains(&Key::RenderingNpi),
            group_specialty: keys.contains(&Key::GroupSpecialty),
            physician: keys.contains(&Key::Physician),
            extremity: keys.contains(&Key::Extremity),
            modifiers: keys.contains(&Key::Modifiers),
            units: keys.contains(&Key::Units),
            charge: keys.contains(&Key::Charge),
        }
    }

    /// Whether two lines of a claim count as the same provider's.
    ///
    /// The identifiers are those of the lines, resolved. A claim is of one group, and two members of one
    /// group and one specialty bill as one (Medicare Claims Processing Manual, chapter 12; not
    /// verified), so two identifiers are only different when the specialties are known to differ. On
    /// an institutional claim the provider is the facility.
    pub(crate) fn provider(self, claim: &Claim, a: &ServiceLine, b: &ServiceLine) -> Truth {
        let by_specialty = self.rendering_provider || self.group_specialty || self.physician;
        if !(by_specialty || self.rendering_npi) || claim.claim_type == ClaimType::Institutional {
            return Truth::Yes;
        }
        let npi = match (a.provider.npi, b.provider.npi) {
            (None, None) => Truth::Yes,
            (a, b) => equal(a, b),
        };
        match npi {
            Truth::Yes => Truth::Yes,
            npi if self.rendering_npi => npi,
            _ => specialty(a, b),
        }
    }
}

/// Whether two lines are of one specialty.
pub(crate) fn specialty(a: &ServiceLine, b: &ServiceLine) -> Truth {
    equal(a.provider.taxonomy, b.provider.taxonomy)
}

/// Whether two values are one; unknown unless both are given.
pub(crate) fn equal<T: PartialEq>(a: Option<T>, b: Option<T>) -> Truth {
    match (a, b) {
        (Some(a), Some(b)) => Truth::from(a == b),
        _ => Truth::Unknown,
    }
}

/// `line 2`, or `lines 1 and 3`; nothing of no line.
pub(crate) fn named(numbers: &[u32]) -> Option<String> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let words: Vec<String> = numbers.iter().map(u32::to_string).collect();
    let (last, before) = words.split_last()?;
    Some(match before {
        [] => format!("line {last}"),
        _ => format!("lines {} and {last}", before.join(", ")),
    })
}
