//! The vocabulary of cleanbill: claims, service lines, codes, money, dates of service, findings.
//!
//! Everything here is plain data with checked constructors. The crate knows no file format, does no
//! input or output, holds no float and never asks a clock, so that every other crate may depend on it.

mod accounting;
mod ascii;
mod claim;
mod code;
mod date;
mod decimal;
mod defect;
mod disposition;
mod drug;
mod edit_info;
mod envelope;
mod facility;
mod fault;
mod finding;
mod line;
mod line_ref;
mod location;
mod modifier;
mod money;
mod other_payer;
mod particulars;
mod phi;
mod provider;
mod remit;
mod remittance;
mod text;
mod units;
mod version;

pub use accounting::{Accounting, ByteTiling, ClaimVerdict, NotFinal};
pub use claim::{Claim, ClaimType, Frequency, InputFormat, Patient, Sex};
pub use code::{
    CodeError, DiagnosisCode, DiagnosisSystem, FilingIndicator, Ndc, PlaceOfService, ProcedureCode,
    RevenueCode, TypeOfBill,
};
pub use date::{DateError, DateRange, Period, ServiceDate};
pub use decimal::DecimalError;
pub use defect::Defect;
pub use disposition::{Disposition, Outcome, Severity};
pub use drug::{Drug, DrugUnit};
pub use edit_info::{EditInfo, Origin, Source, SourceKind};
pub use envelope::{
    Beginning, EnvelopePart, Group, Interchange, Level, Party, Role, SetAside, Transaction,
};
pub use facility::{Facility, NubcCode, Occurrence, ValueCode};
pub use fault::{Fault, FaultKind, InputError};
pub use finding::{Also, Element, Evidence, Finding};
pub use line::{DiagnosisPointers, Region, ServiceLine, UnitBasis};
pub use line_ref::{EarlierLine, LineRef, Standing};
pub use location::Location;
pub use modifier::{Modifier, Modifiers, TooManyModifiers};
pub use money::Money;
pub use other_payer::{OtherAdjudication, OtherPayer, OtherPayers, PayerRank};
pub use particulars::{
    Ambulance, Certification, ConditionCategory, ConditionIndicator, Particulars, RareFacts,
    SpinalCondition, TransportReason, ZipCode,
};
pub use phi::Phi;
pub use provider::{Npi, Provider, Taxonomy};
pub use remit::{Carc, GroupCode, Rarc, Remit};
pub use remittance::{
    Adjustment, Payment, RemittanceAccounting, RemittanceStatus, RemittedClaim, RemittedLine,
};
pub use text::{TextArena, TextRef};
pub use units::Units;
pub use version::{AdjustmentType, ClaimVersion, FinalAction};
