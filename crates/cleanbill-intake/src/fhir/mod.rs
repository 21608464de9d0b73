//! FHIR R4 Claim and ExplanationOfBenefit: one resource, a Bundle, or one resource a line.
//!
//! A resource is read as far as edits need it. What would change its meaning and is not known
//! (`modifierExtension`, `implicitRules`, nested details of an item) sets the claim aside instead of being
//! passed over. Resources of other types are no claims: those that a claim of the same Bundle names
//! (Patient, Practitioner, PractitionerRole, Organization, Coverage) are looked up.

mod bundle;
mod concept;
mod convert;
mod item;
mod other_payer;
mod parties;
mod people;
mod resource;
mod scan;
mod spool;
mod system;
mod transport;

pub(crate) use bundle::{Bundle, BundleRoom, OfBundle, Sort, sort};
pub(crate) use convert::read_claim;
pub(crate) use people::Directory;
pub(crate) use scan::{LOOK, Scanned, scan, starts_as_bundle};
