//! What stands around the claims of an X12 file: for answers to whoever sent it, and for nothing else.
//!
//! Edits see none of it. Names and member ids are protected, and only a run that writes answers asks
//! intake to read them.

use crate::date::DateRange;
use crate::money::Money;
use crate::phi::Phi;

/// One part of what stands around the claims, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvelopePart {
    /// An interchange begins (ISA).
    Interchange(Box<Interchange>),
    /// A functional group begins (GS).
    Group(Box<Group>),
    /// A transaction begins (ST).
    Transaction(Box<Transaction>),
    /// What the transaction says of itself (BHT).
    Beginning(Box<Beginning>),
    /// A level of the hierarchy begins (HL): parties of this level and below are forgotten.
    Level(Level),
    /// A party is named (NM1).
    Party(Role, Box<Party>),
    /// Employer identification number of the billing provider (REF*EI).
    TaxId(String),
    /// The claim of the input error before it was set aside: what an answer needs of it.
    SetAside(Box<SetAside>),
    /// The transaction ends with its SE.
    TransactionEnd,
    /// The group ends with its GE; holds the number of transactions that GE01 claims.
    GroupEnd(Option<u64>),
    /// The interchange ends with its IEA.
    InterchangeEnd,
}

/// The level that an HL segment of an 837 opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// `20`: billing provider.
    BillingProvider,
    /// `22`: subscriber.
    Subscriber,
    /// `23`: patient, a dependent of the subscriber.
    Patient,
}

/// What a party is to the claims below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `41`: who sent the file.
    Submitter,
    /// `40`: whom it was sent to.
    Receiver,
    /// `85`: who bills.
    BillingProvider,
    /// `IL`: who is insured.
    Subscriber,
    /// `QC`: who was treated, where that is not the subscriber.
    Patient,
}

/// The header of an interchange. Its passwords (ISA02, ISA04) are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interchange {
    /// Kind of sender id (ISA05).
    pub sender_qualifier: String,
    /// Sender (ISA06), without the blanks behind it.
    pub sender: String,
    /// Kind of receiver id (ISA07).
    pub receiver_qualifier: String,
    /// Receiver (ISA08), without the blanks behind it.
    pub receiver: String,
    /// Date, `YYMMDD` (ISA09).
    pub date: String,
    /// Time, `HHMM` (ISA10).
    pub time: String,
    /// Control number (ISA13).
    pub control: String,
    /// Whether a TA1 is asked for (ISA14 is `1`).
    pub wants_acknowledgement: bool,
    /// `T` for test data, `P` for production (ISA15).
    pub usage: String,
    /// Element, component and repetition separator and segment terminator, where the header declares
    /// four that can be used.
    pub separators: Option<[char; 4]>,
}

/// The header of a functional group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Kind of transactions, `HC` for claims (GS01).
    pub kind: String,
    /// Sender (GS02).
    pub sender: String,
    /// Receiver (GS03).
    pub receiver: String,
    /// Date, `CCYYMMDD` (GS04).
    pub date: String,
    /// Time (GS05).
    pub time: String,
    /// Control number (GS06).
    pub control: String,
    /// Implementation guide (GS08).
    pub guide: String,
}

/// The header of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// Kind, `837` for claims (ST01).
    pub kind: String,
    /// Control number (ST02).
    pub control: String,
    /// Implementation guide (ST03).
    pub guide: String,
}

/// What a transaction says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beginning {
    /// The sender's number of the batch (BHT03).
    pub reference: String,
    /// Date, `CCYYMMDD` (BHT04).
    pub date: String,
    /// Time (BHT05).
    pub time: String,
}

/// Who someone is: the elements of an NM1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Whether it is a person (NM102 is `1`).
    pub is_person: bool,
    /// Last name or name of the organization (NM103).
    pub name: Phi<String>,
    /// First name (NM104).
    pub first: Phi<String>,
    /// Middle name (NM105).
    pub middle: Phi<String>,
    /// Suffix of the name (NM107).
    pub suffix: Phi<String>,
    /// Kind of id (NM108).
    pub id_qualifier: String,
    /// Id (NM109).
    pub id: Phi<String>,
}

/// A claim that was set aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetAside {
    /// Place among all claims of the run, from 1.
    pub ordinal: u64,
    /// Patient control number (CLM01), where it could be read.
    pub claim: Option<String>,
    /// Total charge (CLM02), where it could be read.
    pub charge: Option<Money>,
    /// Number that a clearinghouse gave it (REF*D9); empty where none was read.
    pub clearinghouse_number: String,
    /// Dates of service or statement that it names.
    pub dates: Option<DateRange>,
    /// Bytes of the file before its CLM.
    pub offset: u64,
}
