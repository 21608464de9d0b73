//! What a JSON object of a FHIR file is, and the claims of a Bundle.

use std::ops::Range;

use cleanbill_model::Location;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::concept::{Reference, text};
use super::people::Directory;
use crate::codes;
use crate::json::{LineWalk, Text};
use crate::problem::Problem;

/// What an object of the file is.
pub(crate) enum Sort {
    /// A Claim or ExplanationOfBenefit.
    Claim,
    /// A Bundle with resources in it.
    Bundle,
    /// A resource of another type: no claim.
    Other,
}

/// A Bundle whose claims are given out one by one.
#[derive(Debug)]
pub(crate) struct Bundle {
    text: String,
    claims: std::vec::IntoIter<(Range<usize>, Location)>,
    directory: Directory,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kind<'a> {
    #[serde(borrow)]
    resource_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    id: Option<Text<'a>>,
    /// The Claim that an ExplanationOfBenefit answers.
    #[serde(borrow, default)]
    claim: Option<Reference<'a>>,
}

#[derive(Deserialize)]
struct DeclaredBundle<'a> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(borrow, default)]
    full_url: Option<Text<'a>>,
    #[serde(borrow, default)]
    resource: Option<&'a RawValue>,
}

/// Tells what the object in `text` is.
pub(crate) fn sort(text_of: &str) -> Result<Sort, Problem> {
    let kind: Kind<'_> = serde_json::from_str(text_of).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = format!("the resource is not JSON (line {line}, column {column} of it)");
        Problem::new(codes::JSON_SYNTAX, "", message, "write one JSON object a resource")
    })?;
    match text(kind.resource_type.as_ref()) {
        "Claim" | "ExplanationOfBenefit" => Ok(Sort::Claim),
        "Bundle" => Ok(Sort::Bundle),
        "" => {
            let fix = "write FHIR resources, or name the format with `--input-format`";
            let message = "`resourceType` is missing";
            Err(Problem::new(codes::JSON_MISSING, "resourceType", message, fix))
        }
        _ => Ok(Sort::Other),
    }
}

impl Bundle {
    /// Opens the Bundle in `text`, which starts at `place`.
    pub(crate) fn open(text_of: &str, place: Location) -> Result<Self, Problem> {
        let declared: DeclaredBundle<'_> = serde_json::from_str(text_of).map_err(|_| {
            let message = "the Bundle has a member with a value of the wrong type";
            Problem::new(codes::JSON_TYPE, "entry", message, "write the Bundle as FHIR R4 has it")
        })?;
        let mut directory = Directory::default();
        let mut walk = LineWalk::new(text_of, place);
        let mut claims = Vec::new();
        let mut answered = Vec::new();
        let mut known: Vec<String> = Vec::new();
        for entry in &declared.entry {
            let Some(resource) = entry.resource else { continue };
            let location = walk.to(resource);
            let url = text(entry.full_url.as_ref());
            let Ok(kind) = serde_json::from_str::<Kind<'_>>(resource.get()) else { continue };
            match text(kind.resource_type.as_ref()) {
                name @ ("Claim" | "ExplanationOfBenefit") => {
                    let start = offset(text_of, resource);
                    claims.push((start..start + resource.get().len(), location));
                    answered.push(kind.claim.map(|claim| claim.target().to_owned()));
                    if name == "Claim" {
                        known.push(url.to_owned());
                        known.push(format!("Claim/{}", text(kind.id.as_ref())));
                    }
                }
                _ => directory.add(resource, url),
            }
        }
        // An ExplanationOfBenefit and the Claim that it answers are one claim.
        let is_answer =
            |target: &Option<String>| target.as_ref().is_some_and(|to| known.contains(to));
        let kept = claims.into_iter().zip(&answered).filter(|(_, to)| !is_answer(to));
        let claims: Vec<_> = kept.map(|(claim, _)| claim).collect();
        Ok(Self { text: text_of.to_owned(), claims: claims.into_iter(), directory })
    }

    /// Bytes of all its claims.
    pub(crate) fn claim_bytes(&self) -> usize {
        self.claims.as_slice().iter().map(|(range, _)| range.len()).sum()
    }

    /// The next claim, where it stands, and what it may name.
    pub(crate) fn next_claim(&mut self) -> Option<(&str, Location, &Directory)> {
        let (range, location) = self.claims.next()?;
        Some((self.text.get(range).unwrap_or_default(), location, &self.directory))
    }
}

/// Where `part` stands in `whole`, of which it is a part.
fn offset(whole: &str, part: &RawValue) -> usize {
    part.get().as_ptr().addr().saturating_sub(whole.as_ptr().addr())
}
