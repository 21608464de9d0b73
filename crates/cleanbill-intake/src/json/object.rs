//! One object of a JSON file: what it is, and a claim read from it.

use std::io;

use cleanbill_model::{Claim, Location, Money};

use super::convert;
use super::declaration::{ClaimDeclaration, LineDeclaration};
use super::diagnose::{Diagnosis, diagnose};
use super::walk::LineWalk;
use crate::fhir::{self, Bundle, BundleRoom, Directory, Scanned, Sort};
use crate::problem::Problem;
use crate::source::Source;

/// What is wrong with a claim that is set aside, and its charge where that could be read.
pub(crate) type Refused = (Problem, Option<Money>);

/// What an object turned out to be.
pub(super) enum Object {
    Claim,
    /// A claim on which no edit can say anything.
    Unjudged,
    Bundle(Box<Bundle>),
    /// No claim.
    Nothing,
}

impl Object {
    pub(super) const fn of(unjudged: bool) -> Self {
        if unjudged { Self::Unjudged } else { Self::Claim }
    }
}

/// Reads the FHIR resource in `text`, which starts at `place`.
pub(super) fn read_resource(
    text: &str,
    place: Location,
    room: &BundleRoom,
    claim: &mut Claim,
) -> io::Result<Result<Object, Refused>> {
    Ok(match fhir::sort(text) {
        Err(problem) => Err((problem, None)),
        Ok(Sort::Other) => Ok(Object::Nothing),
        Ok(Sort::Bundle) => match fhir::scan(&mut Source::new(text.as_bytes()), place, room)?.1 {
            Ok(Scanned::Bundle(bundle)) => Ok(Object::Bundle(bundle)),
            Ok(_) => Ok(Object::Nothing),
            Err(problem) => Err((problem, None)),
        },
        Ok(Sort::Claim) => {
            fhir::read_claim(text, place, &Directory::default(), claim).map(Object::of)
        }
    })
}

/// Reads the claim JSON in `text`, which starts at `place`.
pub(super) fn read_claim(text: &str, place: Location, claim: &mut Claim) -> Result<(), Refused> {
    let declared = match serde_json::from_str::<ClaimDeclaration<'_>>(text) {
        Ok(declared) => declared,
        Err(_) => return Err(refused(text, claim)),
    };
    let read = convert::fill(&declared, claim).and_then(|()| {
        let mut walk = LineWalk::new(text, place);
        for (index, raw) in declared.lines.iter().flatten().enumerate() {
            let location = walk.to(raw);
            match serde_json::from_str::<LineDeclaration<'_>>(raw.get()) {
                Ok(line) => convert::line(&line, index, location, claim)?,
                Err(_) => return Err(diagnose(text).problem),
            }
        }
        convert::finish(&declared, claim)
    });
    read.map_err(|problem| {
        let charge = declared.charge.and_then(|raw| charge(raw.get()));
        (problem, charge)
    })
}

/// What could be learnt of a claim that the declaration refuses.
#[cold]
fn refused(text: &str, claim: &mut Claim) -> Refused {
    let Diagnosis { problem, claim_id, charge: raw } = diagnose(text);
    let sound = |id: &String| id.len() <= 128 && !id.chars().any(char::is_control);
    if let Some(id) = claim_id.filter(sound) {
        claim.claim_id = claim.texts.add(&id);
    }
    (problem, raw.as_deref().and_then(charge))
}

fn charge(raw: &str) -> Option<Money> {
    Money::parse(raw.trim_matches('"').as_bytes()).ok()
}
