//! The groupings of providers under `same`, over two claims.

use crate::passes;

/// Two claims with one service that differ in their providers: what `same: [.., key]` makes of them.
fn said(key: &str, own: &str, earlier: &str, expect: &str) {
    passes(
        1,
        &format!(
            "duplicate_line:\n  same: [patient, service_date, {key}]\n  search: [this_claim, history]\n\
             tests:\n  - name: one\n    claim: {own}\n    history: [{earlier}]\n    expect: {expect}\n"
        ),
    );
}

const OTHER: &str = "billing: \"2999999024\"";
const SURGEON: &str = "npi=2999999032 taxonomy=208600000X";
const PARTNER: &str = "npi=2999999040 taxonomy=208600000X";
const READER: &str = "npi=2999999057 taxonomy=2085R0202X";
const FIRES: &str = "{ fires: [1] }";
const SILENT: &str = "{ silent: { because: rendering_provider } }";
const OPEN: &str = "{ undetermined: [1] }";

/// A claim of one line.
fn claim(line: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { ", " };
    format!("{{ lines: [\"93970 {line}\"]{comma}{more} }}")
}

#[test]
fn a_rendering_npi_is_one_number_wherever_it_bills() {
    let own = claim(SURGEON, "");
    said("rendering_npi", &own, &claim(SURGEON, OTHER), FIRES);
    said("rendering_npi", &own, &claim(PARTNER, ""), SILENT);
}

#[test]
fn a_group_has_one_billing_npi_or_one_tax_number() {
    let own = claim(SURGEON, "tax_id: \"12-3456789\"");
    let with = |line, tax: &str| claim(line, &format!("{OTHER}, tax_id: \"{tax}\""));
    for key in ["group_specialty", "physician"] {
        said(key, &own, &claim(PARTNER, ""), FIRES);
        said(key, &own, &with(PARTNER, "12-3456789"), FIRES);
        said(key, &own, &with(PARTNER, "98-7654321"), SILENT);
        said(key, &own, &with(READER, "12-3456789"), SILENT);
        // Two numbers of billing providers, and one claim does not give its tax number.
        said(key, &own, &claim(PARTNER, OTHER), OPEN);
        said(key, &own, &claim("npi=2999999040", ""), OPEN);
    }
    // One physician who has gone to another group.
    said("group_specialty", &own, &with(SURGEON, "98-7654321"), SILENT);
    said("physician", &own, &with(SURGEON, "98-7654321"), FIRES);
}

#[test]
fn a_tax_number_is_compared_and_an_open_one_leaves_it_open() {
    let own = claim(SURGEON, "tax_id: \"12-3456789\"");
    said("tax_id", &own, &claim(READER, &format!("{OTHER}, tax_id: \"12-3456789\"")), FIRES);
    said("tax_id", &own, &claim(SURGEON, "tax_id: \"98-7654321\""), SILENT);
    said("tax_id", &own, &claim(SURGEON, ""), OPEN);
}

#[test]
fn the_provider_of_an_institutional_claim_is_the_facility() {
    let facility = "type: institutional";
    let own = claim(SURGEON, facility);
    for key in ["rendering_npi", "group_specialty", "physician"] {
        said(key, &own, &claim(READER, facility), FIRES);
    }
    let other = format!("{facility}, {OTHER}");
    said("rendering_npi", &own, &claim(SURGEON, &other), SILENT);
    said("physician", &own, &claim(SURGEON, &other), OPEN);
}

#[test]
fn lines_of_one_claim_are_of_one_group() {
    passes(
        3,
        &format!(
            "duplicate_line: {{ same: [patient, service_date, tax_id, physician] }}\ntests:\n\
             \x20 - {{ name: partners, claim: {{ lines: [\"93970 {SURGEON}\", \"93970 {PARTNER}\"] }}, expect: {{ fires: [2] }} }}\n\
             \x20 - {{ name: a reader, claim: {{ lines: [\"93970 {SURGEON}\", \"93970 {READER}\"] }}, expect: {SILENT} }}\n\
             \x20 - {{ name: who knows, claim: {{ lines: [\"93970 {SURGEON}\", \"93970 npi=2999999057\"] }}, expect: {{ undetermined: [2] }} }}\n"
        ),
    );
}
