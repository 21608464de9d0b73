//! Facts that a `require` rule asks for by one word.

use cleanbill_model::{Claim, Element, ServiceLine};

/// A fact that a line or its claim carries or leaves out.
#[derive(Clone, Copy)]
pub(super) enum Fact {
    OrderingOrReferring,
    RenderingProvider,
    PlaceOfService,
    Diagnosis,
}

/// Every fact by its word.
pub(super) const FACTS: [(&str, Fact); 4] = [
    ("ordering_or_referring_provider", Fact::OrderingOrReferring),
    ("rendering_provider", Fact::RenderingProvider),
    ("place_of_service", Fact::PlaceOfService),
    ("pointed_diagnosis", Fact::Diagnosis),
];

impl Fact {
    pub(super) fn is_present(self, claim: &Claim, line: &ServiceLine) -> bool {
        match self {
            Self::OrderingOrReferring => [line.ordering, line.referring, claim.referring]
                .iter()
                .any(|provider| !provider.is_absent()),
            Self::RenderingProvider => !line.provider.is_absent(),
            Self::PlaceOfService => line.place_of_service.is_some(),
            Self::Diagnosis => claim.pointed_diagnoses(line).next().is_some(),
        }
    }

    pub(super) const fn element(self) -> Element {
        match self {
            Self::OrderingOrReferring => Element::OrderingProvider,
            Self::RenderingProvider => Element::Provider,
            Self::PlaceOfService => Element::PlaceOfService,
            Self::Diagnosis => Element::Diagnosis,
        }
    }
}
