//! `same:` — what two lines must share to be judged together.

use cleanbill_engine::Truth;
use cleanbill_model::{Claim, ClaimType, ServiceLine};

use crate::check::Cx;
use crate::diagnostic::Code;
use crate::yaml::Node;

/// What two lines must share. Patient and date of service always count: within one claim the patient
/// is the same, and the dates are compared by the kind itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Same {
    pub(crate) rendering_provider: bool,
    pub(crate) extremity: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Patient,
    ServiceDate,
    BillingProvider,
    RenderingProvider,
    Extremity,
}

const KEYS: [(&str, Key); 5] = [
    ("patient", Key::Patient),
    ("service_date", Key::ServiceDate),
    ("billing_provider", Key::BillingProvider),
    ("rendering_provider", Key::RenderingProvider),
    ("extremity", Key::Extremity),
];

/// The names that `same` takes.
pub(crate) fn names() -> Vec<&'static str> {
    KEYS.iter().map(|(name, _)| *name).collect()
}

impl Same {
    /// Checks the names under `same:`. Only kinds that compare extremities take `extremity`.
    pub(crate) fn check(cx: &Cx<'_>, at: &Node, names: &[String], extremity: bool) -> Self {
        let mut keys = Vec::new();
        for (index, name) in names.iter().enumerate() {
            keys.extend(cx.word(&at.item(index).span, name, "a thing that lines can share", &KEYS));
        }
        for (name, key) in KEYS.iter().take(2) {
            if !keys.contains(key) {
                cx.error(Code::MissingKey, &at.span, format!("`same` must name `{name}`"), "an edit without patient or date of service would compare lines that have nothing to do with each other".to_owned());
            }
        }
        if let Some(index) = keys.iter().position(|key| *key == Key::Extremity && !extremity) {
            cx.error(
                Code::UnknownWord,
                &at.item(index).span,
                "this kind of rule does not compare extremities".to_owned(),
                "remove `extremity`".to_owned(),
            );
        }
        Self {
            rendering_provider: keys.contains(&Key::RenderingProvider),
            extremity: keys.contains(&Key::Extremity),
        }
    }

    /// Whether two lines of a claim count as the same provider's.
    ///
    /// The identifiers are those of the lines, resolved. Two members of one group and one specialty
    /// bill as one (Medicare Claims Processing Manual, chapter 12; not verified), so two identifiers
    /// are only different when the specialties are known to differ. On an institutional claim the
    /// provider is the facility.
    pub(crate) fn provider(self, claim: &Claim, a: &ServiceLine, b: &ServiceLine) -> Truth {
        if !self.rendering_provider || claim.claim_type == ClaimType::Institutional {
            return Truth::Yes;
        }
        match (a.provider.npi, b.provider.npi) {
            (Some(a), Some(b)) if a == b => return Truth::Yes,
            (None, None) => return Truth::Yes,
            _ => {}
        }
        match (a.provider.taxonomy, b.provider.taxonomy) {
            (Some(a), Some(b)) => Truth::from(a == b),
            _ => Truth::Unknown,
        }
    }
}
