//! Resources by the shape that FHIR R4 asks for; `tests/validate_acks.py` checks them by another's hand.

use cleanbill_model::ServiceDate;
use serde_json::Value;

use super::*;
use crate::sample;

fn resources(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn sampled(options: AnswerOptions) -> String {
    sample::render(|out| FhirReport::new(out, options))
}

#[test]
fn each_claim_is_a_response_and_each_error_an_outcome() {
    let text = sampled(AnswerOptions::default());
    let kinds: Vec<String> = resources(&text)
        .iter()
        .map(|resource| resource["resourceType"].as_str().unwrap().to_owned())
        .collect();
    let (response, outcome) = ("ClaimResponse", "OperationOutcome");
    assert_eq!(kinds, [response, response, outcome, outcome, outcome]);
    sample::snapshot("fhir", &text);
}

#[test]
fn ids_are_unique_and_the_same_in_every_run() {
    let ids = |text: &str| -> Vec<String> {
        resources(text).iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let found = ids(&sampled(AnswerOptions::default()));
    assert_eq!(found, ids(&sampled(AnswerOptions::default())));
    let mut distinct = found.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), found.len());
}

#[test]
fn the_day_of_a_response_is_given_or_follows_from_the_claim() {
    let day = |as_of| {
        let options = AnswerOptions { as_of, ..AnswerOptions::default() };
        resources(&sampled(options)).first().unwrap()["created"].as_str().unwrap().to_owned()
    };
    assert_eq!(day(None), "2026-03-02");
    assert_eq!(day(ServiceDate::new(2026, 4, 1).ok()), "2026-04-01");
}

#[test]
fn no_patient_gets_into_a_resource() {
    assert!(!sampled(AnswerOptions::default()).contains(sample::CANARY));
}

#[test]
fn hostile_text_stays_text() {
    let text = sample::render_hostile(|out| FhirReport::new(out, AnswerOptions::default()));
    assert!(!text.chars().any(|c| c != '\n' && crate::escape::is_unsafe(c)), "{text:?}");
    assert!(text.contains(sample::HOSTILE_MARK));
    assert_eq!(text.lines().count(), resources(&text).len());
}
