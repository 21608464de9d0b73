//! The reader from the outside: bytes in, claims, errors and sums out.

#![expect(clippy::string_slice, reason = "the synthetic claims are ASCII, and a test may stop")]

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod fhir;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod json;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod mutated;
#[cfg(test)]
mod other_payers;
#[cfg(test)]
mod pieces;
#[cfg(test)]
mod remittance;
#[cfg(test)]
mod unpack;
#[cfg(test)]
mod x12_envelope;
#[cfg(test)]
mod x12_envelope_parts;
#[cfg(test)]
mod x12_errors;
#[cfg(test)]
mod x12_fields;
#[cfg(test)]
mod x12_kinds;
#[cfg(test)]
mod x12_map;
#[cfg(test)]
mod x12_robust;
