//! Those whom a claim names: by an identifier, by a contained resource, or by another entry of its Bundle.

use std::collections::HashMap;

use cleanbill_model::{CodeError, FilingIndicator, Npi, Provider, Taxonomy};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::concept::{Concept, Identifier, Reference, text};
use super::other_payer::Response;
use super::system::System;
use crate::json::Text;

/// What is kept of a resource that a claim may name. No name and no address is.
#[derive(Debug, Default)]
pub(super) struct Party {
    /// As it is written.
    npi: String,
    pub(super) taxonomy: Option<Taxonomy>,
    pub(super) tax_id: String,
    /// Member number of a patient, subscriber's number of a coverage, else the first identifier.
    pub(super) identifier: String,
    pub(super) birth_date: String,
    pub(super) gender: String,
    /// Who pays (Coverage), or who acts (PractitionerRole).
    acts_for: String,
    /// Claim filing indicator of a Coverage.
    pub(super) filing_indicator: Option<FilingIndicator>,
    /// What a ClaimResponse said.
    pub(super) response: Option<Box<Response>>,
}

impl Party {
    /// Bytes of its texts.
    fn size(&self) -> usize {
        let texts = [&self.npi, &self.tax_id, &self.identifier, &self.birth_date, &self.gender];
        let texts: usize = texts.into_iter().chain([&self.acts_for]).map(String::len).sum();
        texts + self.response.as_ref().map_or(0, |response| response.size())
    }
}

/// Resources by the ways in which a claim may point to them.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    parties: Vec<Party>,
    /// Places in `parties`.
    names: HashMap<String, usize>,
    /// Bytes of all texts.
    texts: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PartyResource<'a> {
    #[serde(borrow)]
    resource_type: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    identifier: Vec<Identifier<'a>>,
    #[serde(borrow)]
    birth_date: Option<Text<'a>>,
    #[serde(borrow)]
    gender: Option<Text<'a>>,
    #[serde(borrow)]
    subscriber_id: Option<Text<'a>>,
    #[serde(borrow)]
    payor: Vec<Reference<'a>>,
    #[serde(borrow)]
    practitioner: Option<Reference<'a>>,
    #[serde(borrow)]
    specialty: Vec<Concept<'a>>,
    #[serde(borrow)]
    qualification: Vec<Qualification<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Types<'a>,
}

/// One type of a Coverage, a list of an Organization.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Types<'a>(#[serde(borrow)] &'a RawValue);

impl Default for Types<'_> {
    fn default() -> Self {
        Self(RawValue::NULL)
    }
}

impl Types<'_> {
    fn filing_indicator(&self) -> Option<FilingIndicator> {
        let concept: Concept<'_> = serde_json::from_str(self.0.get()).ok()?;
        FilingIndicator::new(concept.code_of(System::FilingIndicator)?.as_bytes()).ok()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Qualification<'a> {
    #[serde(borrow)]
    code: Concept<'a>,
}

/// The types of resources that are kept.
const KEPT: [&str; 6] =
    ["Patient", "Practitioner", "PractitionerRole", "Organization", "Coverage", "ClaimResponse"];

/// Codes of an identifier that make it the member's number.
const MEMBER: [&str; 3] = ["MB", "MC", "um"];

impl Directory {
    /// Keeps `resource` if a claim may need it, under `url` and under its type and id. One that cannot be read
    /// is as good as absent: the claims that need it say so.
    pub(super) fn add(&mut self, resource: &RawValue, url: &str) {
        let Ok(declared) = serde_json::from_str::<PartyResource<'_>>(resource.get()) else {
            return;
        };
        let kind = text(declared.resource_type.as_ref());
        if !KEPT.contains(&kind) {
            return;
        }
        let mut party = party(&declared);
        if kind == "ClaimResponse" {
            party.response = Some(Box::new(Response::read(resource)));
        }
        let id = text(declared.id.as_ref());
        let own = if id.is_empty() { String::new() } else { format!("{kind}/{id}") };
        self.texts += party.size() + own.len() + url.len();
        let names = [own, url.to_owned()].into_iter().filter(|name| !name.is_empty());
        self.names.extend(names.map(|name| (name, self.parties.len())));
        self.parties.push(party);
    }

    /// Memory that it takes, in bytes, estimated.
    pub(super) fn memory(&self) -> usize {
        let name = size_of::<(String, usize)>() + 1;
        self.texts
            .saturating_add(self.parties.capacity().saturating_mul(size_of::<Party>()))
            .saturating_add(self.names.capacity().saturating_mul(name))
    }

    fn get(&self, name: &str) -> Option<&Party> {
        self.parties.get(*self.names.get(name)?)
    }

    /// Keeps a contained resource, which only its own claim can name.
    fn add_contained(&mut self, resource: &RawValue) {
        #[derive(Deserialize)]
        struct Id<'a> {
            #[serde(borrow, default)]
            id: Option<Text<'a>>,
        }
        if let Ok(Id { id: Some(Text(id)) }) = serde_json::from_str(resource.get()) {
            self.add(resource, &format!("#{id}"));
        }
    }
}

/// Whom one claim can name.
pub(super) struct People<'a> {
    contained: Directory,
    bundle: &'a Directory,
}

impl<'a> People<'a> {
    pub(super) fn new(contained: &[&RawValue], bundle: &'a Directory) -> Self {
        let mut own = Directory::default();
        for resource in contained {
            own.add_contained(resource);
        }
        Self { contained: own, bundle }
    }

    /// The resource that `reference` leads to.
    pub(super) fn find(&self, reference: &Reference<'_>) -> Option<&Party> {
        self.at(reference.target())
    }

    /// Who acts or pays behind a role or a coverage.
    pub(super) fn behind(&self, party: &Party) -> Option<&Party> {
        self.at(&party.acts_for)
    }

    fn at(&self, target: &str) -> Option<&Party> {
        if target.starts_with('#') {
            return self.contained.get(target);
        }
        self.bundle.get(target).or_else(|| {
            // `https://host/fhir/Practitioner/12/_history/3` names what `Practitioner/12` names.
            let target = target.split_once("/_history").map_or(target, |(target, _)| target);
            let mut parts = target.rsplit('/');
            let (id, kind) = (parts.next()?, parts.next()?);
            self.bundle.get(&format!("{kind}/{id}"))
        })
    }

    /// The provider whom `reference` names: by identifier, else by the resource it leads to.
    pub(super) fn provider(&self, reference: &Reference<'_>) -> Result<Provider, CodeError> {
        let own = reference.identifier.as_ref().map_or("", npi);
        let found = self.find(reference);
        let behind = found.and_then(|party| self.behind(party));
        let parties = || [found, behind].into_iter().flatten();
        let numbers = parties().map(|party| party.npi.as_str());
        let npi = [own].into_iter().chain(numbers).find(|npi| !npi.is_empty());
        Ok(Provider {
            npi: npi.map(|npi| Npi::new(npi.as_bytes())).transpose()?,
            taxonomy: parties().find_map(|party| party.taxonomy),
        })
    }
}

fn party(declared: &PartyResource<'_>) -> Party {
    let member = declared.identifier.iter().find(|one| one.kind.is_any(&MEMBER));
    let identifier = match text(declared.subscriber_id.as_ref()) {
        "" => member.or_else(|| declared.identifier.first()).map_or("", Identifier::value),
        subscriber => subscriber,
    };
    let specialties = declared.specialty.iter();
    let mut skills = specialties.chain(declared.qualification.iter().map(|one| &one.code));
    let acts_for = declared.practitioner.as_ref().or_else(|| declared.payor.first());
    Party {
        npi: declared
            .identifier
            .iter()
            .map(npi)
            .find(|npi| !npi.is_empty())
            .unwrap_or_default()
            .to_owned(),
        taxonomy: skills
            .find_map(|skill| skill.code_of(System::Taxonomy))
            .and_then(|code| Taxonomy::new(code.as_bytes()).ok()),
        tax_id: declared
            .identifier
            .iter()
            .find(|one| one.is(System::TaxId) || one.kind.is_any(&["TAX"]))
            .map_or("", Identifier::value)
            .to_owned(),
        identifier: identifier.to_owned(),
        birth_date: text(declared.birth_date.as_ref()).to_owned(),
        gender: text(declared.gender.as_ref()).to_owned(),
        acts_for: acts_for.map_or("", Reference::target).to_owned(),
        filing_indicator: declared.kind.filing_indicator(),
        response: None,
    }
}

/// The NPI that an identifier is, as it is written; empty for an identifier of another system, however it looks.
fn npi<'a>(identifier: &'a Identifier<'_>) -> &'a str {
    let is_npi = identifier.is(System::Npi) || identifier.kind.is_any(&["NPI", "npi"]);
    if is_npi { identifier.value() } else { "" }
}
