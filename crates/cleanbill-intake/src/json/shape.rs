//! The members of claim JSON and the kind of value each takes, to say what is wrong with a claim that
//! the declaration refuses.

/// The kind of value that a member takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Text.
    Text,
    /// A number, or the same number as text.
    Amount,
    /// A whole number.
    Count,
    /// A list.
    List(&'static Shape),
    /// An object with these members.
    Object(&'static [(&'static str, Shape)]),
}

use Shape::{Amount, Count, List, Object, Text};

/// A claim.
pub(super) const CLAIM: &[(&str, Shape)] = &[
    ("schema", Count),
    ("claim_id", Text),
    ("type", Text),
    ("frequency", Text),
    ("payer", Text),
    ("filing_indicator", Text),
    ("patient", Object(&[("id", Text), ("birth_date", Text), ("sex", Text)])),
    ("billing_provider", Object(&[("npi", Text), ("tax_id", Text), ("taxonomy", Text)])),
    ("rendering_provider", Object(PROVIDER)),
    ("referring_provider", Object(NPI)),
    ("supervising_provider", Object(NPI)),
    ("ambulance", Object(AMBULANCE)),
    ("certifications", List(&Object(CERTIFICATION))),
    ("spinal_condition", Text),
    ("attending_provider", Object(PROVIDER)),
    ("operating_provider", Object(NPI)),
    ("admission", Object(&[("type", Text), ("source", Text), ("status", Text)])),
    ("statement", Object(&[("from", Text), ("through", Text)])),
    ("condition_codes", List(&Text)),
    ("value_codes", List(&Object(&[("code", Text), ("amount", Amount)]))),
    ("occurrences", List(&Object(&[("code", Text), ("from", Text), ("through", Text)]))),
    ("place_of_service", Text),
    ("type_of_bill", Text),
    ("diagnosis_system", Text),
    ("diagnoses", List(&Text)),
    ("charge", Amount),
    ("submitted", Text),
    ("prior_authorization", Text),
    ("original_reference", Text),
    ("note", Text),
    ("other_payers", List(&Object(OTHER_PAYER))),
    ("lines", List(&Object(LINE))),
];

/// A service line.
const LINE: &[(&str, Shape)] = &[
    ("number", Count),
    ("procedure", Text),
    ("modifiers", List(&Text)),
    ("units", Amount),
    ("charge", Amount),
    ("from", Text),
    ("through", Text),
    ("diagnosis_pointers", List(&Count)),
    ("place_of_service", Text),
    ("revenue_code", Text),
    ("rate", Amount),
    ("body_region", Text),
    ("rendering_provider", Object(PROVIDER)),
    ("ordering_provider", Object(NPI)),
    ("referring_provider", Object(NPI)),
    ("purchased_service_provider", Object(NPI)),
    ("supervising_provider", Object(NPI)),
    ("ambulance", Object(AMBULANCE)),
    ("certifications", List(&Object(CERTIFICATION))),
    ("drug", Object(&[("ndc", Text), ("quantity", Amount), ("unit", Text)])),
    ("prior_authorization", Text),
    ("other_adjudications", List(&Object(ADJUDICATION))),
    ("control_number", Text),
    ("description", Text),
    ("note", Text),
];

/// An ambulance transport.
const AMBULANCE: &[(&str, Shape)] = &[
    ("weight", Amount),
    ("reason", Text),
    ("distance", Amount),
    ("round_trip", Text),
    ("stretcher", Text),
    ("pick_up_zip", Text),
    ("drop_off_zip", Text),
    ("patients", Count),
];

const CERTIFICATION: &[(&str, Shape)] =
    &[("category", Text), ("applies", Text), ("conditions", List(&Text))];

/// Another payer of the claim.
const OTHER_PAYER: &[(&str, Shape)] = &[
    ("id", Text),
    ("rank", Text),
    ("filing_indicator", Text),
    ("paid", Amount),
    ("remaining", Amount),
    ("non_covered", Amount),
    ("adjudicated", Text),
    ("adjustments", List(&Object(ADJUSTMENT))),
];

/// What another payer said of a line.
const ADJUDICATION: &[(&str, Shape)] = &[
    ("payer", Text),
    ("paid", Amount),
    ("procedure", Text),
    ("modifiers", List(&Text)),
    ("units", Amount),
    ("bundled_into", Count),
    ("remaining", Amount),
    ("adjudicated", Text),
    ("adjustments", List(&Object(ADJUSTMENT))),
];

const ADJUSTMENT: &[(&str, Shape)] = &[("group", Text), ("reason", Text), ("amount", Amount)];
const PROVIDER: &[(&str, Shape)] = &[("npi", Text), ("taxonomy", Text)];
const NPI: &[(&str, Shape)] = &[("npi", Text)];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::declaration::{ClaimDeclaration, LineDeclaration};

    /// An object with every member of `members`, each with a value of its shape.
    fn example(members: &[(&str, Shape)]) -> String {
        fn value(shape: &Shape) -> String {
            match shape {
                Text => "\"\"".to_owned(),
                Amount | Count => "1".to_owned(),
                List(of) => format!("[{}]", value(of)),
                Object(members) => example(members),
            }
        }
        let members: Vec<_> =
            members.iter().map(|(name, shape)| format!("\"{name}\":{}", value(shape))).collect();
        format!("{{{}}}", members.join(","))
    }

    #[test]
    fn the_shape_and_the_declaration_have_the_same_members() {
        let claim = example(CLAIM);
        let read: ClaimDeclaration<'_> = serde_json::from_str(&claim).unwrap();
        let line = example(LINE);
        let line: LineDeclaration<'_> = serde_json::from_str(&line).unwrap();
        // An absent member would show as `None`.
        assert!(!format!("{read:?}{line:?}").contains("None"));
        for (name, _) in CLAIM {
            let twice = format!("{{\"{name}\":1,\"{name}\":1}}");
            assert!(serde_json::from_str::<ClaimDeclaration<'_>>(&twice).is_err(), "{name}");
        }
    }
}
