//! The claims of a Bundle and those whom they name, gathered entry by entry.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;

use cleanbill_model::Location;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::concept::{Reference, text};
use super::people::Directory;
use super::spool::{Replay, Spool, Waiting};
use crate::codes;
use crate::json::{LineWalk, Text};
use crate::problem::Problem;
use crate::scratch::Scratch;

/// What may be held of a Bundle at a time, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BundleRoom {
    /// Longest entry.
    pub(crate) object: usize,
    /// Claims that wait in memory; more of them wait on disk.
    pub(crate) claims: usize,
    /// Those whom claims may name.
    pub(crate) named: usize,
    /// Room on disk.
    pub(crate) scratch: Option<Scratch>,
}

/// A Bundle that was read, whose claims are given out one by one.
#[derive(Debug)]
pub(crate) struct Bundle {
    claims: Replay,
    known: HashSet<u128>,
    directory: Directory,
}

/// What the next claim of a Bundle is.
pub(crate) enum OfBundle<'a> {
    /// A claim, where it stands, and whom it may name.
    Claim(&'a str, Location, &'a Directory),
    /// An ExplanationOfBenefit of so many bytes that answers a Claim of the same Bundle: the two are one claim.
    Answer(usize),
}

/// What an object of the file is.
pub(crate) enum Sort {
    /// A Claim or ExplanationOfBenefit.
    Claim,
    /// A Bundle with resources in it.
    Bundle,
    /// A resource of another type: no claim.
    Other,
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

/// The type alone, of a resource whose other members are not as they should be.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeOnly<'a> {
    #[serde(borrow, default)]
    resource_type: Option<Text<'a>>,
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
        "" => Err(untyped()),
        _ => Ok(Sort::Other),
    }
}

/// What is wrong with an object that does not say what it is.
pub(super) fn untyped() -> Problem {
    let fix = "write FHIR resources, or name the format with `--input-format`";
    let message = "`resourceType` is missing";
    Problem::new(codes::JSON_MISSING, "resourceType", message, fix)
}

/// What was gathered of a Bundle so far.
pub(super) struct Gathered {
    claims: Spool,
    /// The Claims by their names.
    known: HashSet<u128>,
    directory: Directory,
    room: usize,
}

impl Gathered {
    pub(super) fn new(room: &BundleRoom) -> Self {
        Self {
            claims: Spool::new(room.claims, room.scratch),
            known: HashSet::new(),
            directory: Directory::default(),
            room: room.named,
        }
    }

    /// Takes in the entry in `text`, which starts at `place`.
    pub(super) fn entry(
        &mut self,
        text_of: &str,
        place: Location,
    ) -> io::Result<Result<(), Problem>> {
        let declared: Entry<'_> = match serde_json::from_str(text_of) {
            Ok(declared) => declared,
            Err(error) => return Ok(Err(unreadable(&error, place))),
        };
        let Some(resource) = declared.resource else { return Ok(Ok(())) };
        let location = LineWalk::new(text_of, place).to(resource);
        let url = text(declared.full_url.as_ref());
        let kind = serde_json::from_str::<Kind<'_>>(resource.get());
        let name = match &kind {
            Ok(kind) => text(kind.resource_type.as_ref()).to_owned(),
            // A claim of which not even this can be read is set aside when its turn comes.
            Err(_) => serde_json::from_str::<TypeOnly<'_>>(resource.get())
                .ok()
                .and_then(|only| only.resource_type)
                .map(|Text(name)| name.into_owned())
                .unwrap_or_default(),
        };
        if !matches!(name.as_str(), "Claim" | "ExplanationOfBenefit") {
            self.directory.add(resource, url);
            return Ok(self.check());
        }
        if name == "Claim" {
            let id = kind.as_ref().map_or("", |kind| text(kind.id.as_ref()));
            self.known.extend([digest(url), digest(&format!("Claim/{id}"))]);
        }
        let answered = kind.ok().and_then(|kind| kind.claim);
        let answered = answered.as_ref().map_or("", Reference::target);
        let waiting = Waiting { text: resource.get(), place: location, answered };
        Ok(if self.claims.add(&waiting)? { self.check() } else { Err(no_room()) })
    }

    /// Whether what claims may name still fits.
    fn check(&self) -> Result<(), Problem> {
        let known = self.known.capacity().saturating_mul(size_of::<u128>() + 1);
        if self.directory.memory().saturating_add(known) <= self.room {
            return Ok(());
        }
        let message = format!(
            "the resources that claims of the Bundle may name take more than {} MiB",
            self.room >> 20
        );
        let fix = "split the Bundle, each part with the Patient, Practitioner, Organization and Coverage \
                   resources that its claims name";
        Err(Problem::new(codes::TOO_LONG, "entry", message, fix))
    }

    pub(super) fn finish(self) -> io::Result<Bundle> {
        let Self { claims, known, directory, .. } = self;
        Ok(Bundle { claims: claims.finish()?, known, directory })
    }
}

impl Bundle {
    /// Bytes of all its claims, and of answers to them.
    pub(crate) const fn claim_bytes(&self) -> u64 {
        self.claims.claim_bytes()
    }

    /// The next claim.
    ///
    /// # Errors
    /// What waits on disk cannot be read back.
    pub(crate) fn next_claim(&mut self) -> io::Result<Option<OfBundle<'_>>> {
        let Some(Waiting { text, place, answered }) = self.claims.next()? else {
            return Ok(None);
        };
        let is_answer = !answered.is_empty() && self.known.contains(&digest(answered));
        Ok(Some(match is_answer {
            true => OfBundle::Answer(text.len()),
            false => OfBundle::Claim(text, place, &self.directory),
        }))
    }
}

/// 128 bits that stand for a name: two of a hundred million differ but for one chance in 10^22.
fn digest(name: &str) -> u128 {
    let half = |key: u8| {
        let mut hasher = DefaultHasher::new();
        (key, name).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

fn unreadable(error: &serde_json::Error, place: Location) -> Problem {
    let line = place.line + u64::try_from(error.line().saturating_sub(1)).unwrap_or_default();
    if error.is_data() {
        let message =
            format!("the entry of the Bundle at line {line} has a value of the wrong type");
        let fix = "write the Bundle as FHIR R4 has it";
        return Problem::new(codes::JSON_TYPE, "entry", message, fix);
    }
    let message = format!("the resource is not JSON at line {line}");
    Problem::new(codes::JSON_SYNTAX, "", message, "write one JSON object a resource")
}

fn no_room() -> Problem {
    let message =
        "the claims of the Bundle do not fit into memory, and there is no room on disk for them";
    let fix = "split the Bundle, or write one resource a line";
    Problem::new(codes::TOO_LONG, "entry", message, fix)
}
