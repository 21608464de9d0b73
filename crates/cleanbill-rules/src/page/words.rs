//! Plain words for the terms of packs: clauses, kinds, dispositions.

use cleanbill_model::Disposition;

use crate::scaffold::kind_sketches;

/// What must hold for the rule to go on to a finding, in the words of a coder; none for a clause that
/// this page does not know.
pub(super) fn clause(name: &str) -> Option<&'static str> {
    Some(match name {
        "applies_to" => "The rule is for this claim: its type and its payer.",
        "effective" => "The rule, or its row in the table, holds on the date of service.",
        "codes" => "The line carries one of the rule's codes.",
        "codes_where" => "The row of the code has one of the values that choose it.",
        "table" => "The table has a row for the code of the line.",
        "pair" => "The code of the line makes a pair with that of another line.",
        "column_two" => "The line is column two of the pair, the one that is not paid.",
        "service_date" => "Both lines share a day.",
        "indicator" => "The pair was ever in force: its modifier indicator is not 9.",
        "rendering_provider" => {
            "Both lines are of one provider; two of one specialty count as one."
        }
        "extremity" => "The claim does not show that the two are of different extremities.",
        "bypass" => "No modifier lifts the pair, or `bypassed` says what happens then.",
        "unit_basis" => "The line counts units, not minutes.",
        "max" => "What is counted is above the limit.",
        "not_allowed" => "The line carries a modifier that is not allowed.",
        "requires_any" => "The line carries none of the modifiers of which it needs one.",
        "conflicts" => "The line carries two modifiers that contradict each other.",
        "not_on_separate_lines" => "Two lines of a day split one service by these two modifiers.",
        "unless_modifiers" => "The line has none of the modifiers that make it fine everywhere.",
        "not_at" => "The place of service is one of those listed.",
        "valid" => "The code does not exist on all days of the line.",
        "primary" => "No procedure of the day may be the primary.",
        "must_have" => "What must be there is missing.",
        "must" => "The condition that must hold does not hold.",
        "when" => "The rule is for lines like this one: its condition under `when` holds.",
        "look_at" => "The line has a diagnosis to look at.",
        "covered" => "None of the diagnoses is covered.",
        "earlier_line" => "An earlier line of the claim carries the same code.",
        "modifiers" => "Both lines carry the same modifiers, in whichever order.",
        "units" => "Both lines carry the same units.",
        "charge" => "Both lines carry the same charge.",
        "differ" => "The lines differ in one of the things in which near duplicates do.",
        "repeated" => "No modifier says rightly who repeated the service.",
        "earlier_service" => "There was a service face to face on a day before.",
        "months" => "That service lies within the months for which it counts.",
        "except_modifiers" => "No modifier of that line says that nobody saw the patient.",
        "surgery" => "Another line is a surgery, or a service that this surgery may include.",
        "period" => "The service lies within the global period of the surgery.",
        "lifted_by" => "No modifier that applies there takes the service out of the period.",
        "sex" => "The code is for patients of the other sex.",
        "age" => "The patient's age on the day of service is outside the range of the code.",
        "not_after" => "The service lies behind the day that it may not pass.",
        "not_before" => "The service lies before the day that it may not come before.",
        "unless" => "The condition under which the limit does not hold is not met.",
        "window" => "The days beyond the limit lie within the window.",
        "check" => "The plugin finds it.",
        "history" => "Earlier claims are not needed, or there is a feed of them.",
        _ => return None,
    })
}

/// Clauses that a rule decides only if it names them.
pub(super) const OPTIONAL: [&str; 23] = [
    "codes_where",
    "rendering_provider",
    "extremity",
    "bypass",
    "unless_modifiers",
    "not_allowed",
    "requires_any",
    "conflicts",
    "not_on_separate_lines",
    "must_have",
    "must",
    "when",
    "modifiers",
    "units",
    "charge",
    "differ",
    "repeated",
    "except_modifiers",
    "sex",
    "age",
    "not_after",
    "not_before",
    "unless",
];

/// Clauses of which one is enough, where a rule names several.
pub(super) const ALTERNATIVES: [&str; 6] =
    ["not_allowed", "requires_any", "conflicts", "not_on_separate_lines", "sex", "age"];

/// What a kind is for.
pub(super) fn kind(name: &str) -> &'static str {
    if name == "plugin_check" {
        return "what a plugin finds";
    }
    kind_sketches().iter().find(|sketch| sketch.kind == name).map_or("", |sketch| sketch.about)
}

/// What a disposition means for the claim, in a few words.
#[must_use]
pub const fn disposition_words(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Informational => "the claim passes with a note",
        Disposition::Suspend => "a person must look at it",
        Disposition::ReturnToProvider => "the claim goes back to be corrected",
        Disposition::LineRejection => "the line is not taken in",
        Disposition::LineDenial => "the line is not paid",
        Disposition::ClaimRejection => "the claim is not taken in",
        Disposition::ClaimDenial => "the claim is not paid",
    }
}
