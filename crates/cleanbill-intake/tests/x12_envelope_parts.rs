//! What stands around the claims is told to runs that answer the sender, and to no other.

use cleanbill_intake::InputOptions;
use cleanbill_model::{EnvelopePart, Level, Role};

use crate::fixture::{Reading, file, read, read_with, with};

fn told(bytes: impl AsRef<[u8]>) -> Reading {
    read_with(bytes, &InputOptions { acknowledge: true, ..InputOptions::default() })
}

/// One word for each part, in the order of the file.
fn words(reading: &Reading) -> Vec<&'static str> {
    let word = |part: &EnvelopePart| match part {
        EnvelopePart::Interchange(_) => "ISA",
        EnvelopePart::Group(_) => "GS",
        EnvelopePart::Transaction(_) => "ST",
        EnvelopePart::Beginning(_) => "BHT",
        EnvelopePart::Level(Level::BillingProvider) => "20",
        EnvelopePart::Level(Level::Subscriber) => "22",
        EnvelopePart::Level(Level::Patient) => "23",
        EnvelopePart::Party(Role::Submitter, _) => "41",
        EnvelopePart::Party(Role::Receiver, _) => "40",
        EnvelopePart::Party(Role::BillingProvider, _) => "85",
        EnvelopePart::Party(Role::Subscriber, _) => "IL",
        EnvelopePart::Party(Role::Patient, _) => "QC",
        EnvelopePart::TaxId(_) => "EI",
        EnvelopePart::SetAside(_) => "aside",
        EnvelopePart::TransactionEnd => "SE",
        EnvelopePart::GroupEnd(_) => "GE",
        EnvelopePart::InterchangeEnd => "IEA",
    };
    reading.parts.iter().map(word).collect()
}

#[test]
fn nothing_around_the_claims_is_told_unless_it_is_asked_for() {
    assert!(read(file()).parts.is_empty());
    let (asked, plain) = (told(file()), read(file()));
    assert_eq!(asked.ids(), plain.ids());
    assert_eq!(asked.accounting, plain.accounting);
}

#[test]
fn envelope_levels_and_parties_come_in_the_order_of_the_file() {
    let found = words(&told(file()));
    assert!(found.starts_with(&["ISA", "GS", "ST", "BHT", "41", "40", "20", "85"]), "{found:?}");
    assert!(found.ends_with(&["SE", "GE", "IEA"]), "{found:?}");
}

#[test]
fn a_claim_that_is_set_aside_comes_with_its_charge_behind_its_error() {
    let reading = told(with("*11:B:1*", "*1:B:1*"));
    let aside = reading.parts.iter().find_map(|part| match part {
        EnvelopePart::SetAside(aside) => Some(aside),
        _ => None,
    });
    let aside = aside.unwrap();
    assert_eq!((aside.ordinal, aside.claim.as_deref()), (1, Some("PCN1")));
    assert_eq!(aside.charge.unwrap().cents(), 68_000);
}

#[test]
fn names_and_member_ids_are_not_shown_by_a_part() {
    let shown = format!("{:?}", told(file()).parts);
    for (_, name) in told(file()).parts.iter().filter_map(|part| match part {
        EnvelopePart::Party(Role::Subscriber | Role::Patient, party) => {
            Some((part, party.name.reveal().clone()))
        }
        _ => None,
    }) {
        assert!(!name.is_empty() && !shown.contains(&name), "{shown}");
    }
}
