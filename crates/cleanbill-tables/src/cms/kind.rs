//! The kinds of tables that files of CMS make, with their names, columns and keys.

use core::fmt;

/// For whose claims a table of edits is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Practitioner,
    Hospital,
    Dme,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Practitioner => "practitioner",
            Self::Hospital => "hospital",
            Self::Dme => "durable medical equipment",
        })
    }
}

/// Tables of one family have the same columns, whoever they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Ptp,
    Mue,
    AddOn,
    FeeSchedule,
    Icd10Cm,
    Hcpcs,
    Coverage,
    Keyed,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Medicare NCCI procedure-to-procedure edits, practitioner, in four parts.
    PtpPractitioner,
    /// Medicare NCCI procedure-to-procedure edits, outpatient hospital, in four parts.
    PtpHospital,
    /// Medicaid NCCI procedure-to-procedure edits, practitioner.
    MedicaidPtpPractitioner,
    /// Medicaid NCCI procedure-to-procedure edits, outpatient hospital.
    MedicaidPtpHospital,
    /// Medicaid NCCI procedure-to-procedure edits, durable medical equipment.
    MedicaidPtpDme,
    /// Medicare medically unlikely edits, practitioner.
    MuePractitioner,
    /// Medicare medically unlikely edits, outpatient hospital.
    MueHospital,
    /// Medicare medically unlikely edits, durable medical equipment.
    MueDme,
    /// Medicaid medically unlikely edits, practitioner; per claim line.
    MedicaidMuePractitioner,
    /// Medicaid medically unlikely edits, outpatient hospital; per claim line.
    MedicaidMueHospital,
    /// Medicaid medically unlikely edits, durable medical equipment; per claim line.
    MedicaidMueDme,
    /// Medicare add-on code edits.
    AddOn,
    /// Medicare physician fee schedule, indicators of the relative value file.
    FeeSchedule,
    /// ICD-10-CM codes of a fiscal year.
    Icd10Cm,
    /// HCPCS level II codes and their dates.
    Hcpcs,
    /// Diagnoses that a local coverage determination or its article covers.
    Coverage,
    /// A table of the user's own.
    Keyed,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::PtpPractitioner,
        Self::PtpHospital,
        Self::MedicaidPtpPractitioner,
        Self::MedicaidPtpHospital,
        Self::MedicaidPtpDme,
        Self::MuePractitioner,
        Self::MueHospital,
        Self::MueDme,
        Self::MedicaidMuePractitioner,
        Self::MedicaidMueHospital,
        Self::MedicaidMueDme,
        Self::AddOn,
        Self::FeeSchedule,
        Self::Icd10Cm,
        Self::Hcpcs,
        Self::Coverage,
        Self::Keyed,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PtpPractitioner => "ptp-practitioner",
            Self::PtpHospital => "ptp-hospital",
            Self::MedicaidPtpPractitioner => "medicaid-ptp-practitioner",
            Self::MedicaidPtpHospital => "medicaid-ptp-hospital",
            Self::MedicaidPtpDme => "medicaid-ptp-dme",
            Self::MuePractitioner => "mue-practitioner",
            Self::MueHospital => "mue-hospital",
            Self::MueDme => "mue-dme",
            Self::MedicaidMuePractitioner => "medicaid-mue-practitioner",
            Self::MedicaidMueHospital => "medicaid-mue-hospital",
            Self::MedicaidMueDme => "medicaid-mue-dme",
            Self::AddOn => "addon",
            Self::FeeSchedule => "mpfs",
            Self::Icd10Cm => "icd-10-cm",
            Self::Hcpcs => "hcpcs",
            Self::Coverage => "lcd",
            Self::Keyed => "csv",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The name of the table; of [`Kind::Coverage`] and [`Kind::Keyed`] the file's own is taken.
    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::PtpPractitioner => "ncci-ptp-practitioner",
            Self::PtpHospital => "ncci-ptp-hospital",
            Self::MuePractitioner => "ncci-mue-practitioner",
            Self::MueHospital => "ncci-mue-hospital",
            Self::MueDme => "ncci-mue-dme",
            Self::AddOn => "ncci-addon",
            _ => self.as_str(),
        }
    }

    pub(crate) const fn family(self) -> Family {
        match self {
            Self::PtpPractitioner
            | Self::PtpHospital
            | Self::MedicaidPtpPractitioner
            | Self::MedicaidPtpHospital
            | Self::MedicaidPtpDme => Family::Ptp,
            Self::MuePractitioner
            | Self::MueHospital
            | Self::MueDme
            | Self::MedicaidMuePractitioner
            | Self::MedicaidMueHospital
            | Self::MedicaidMueDme => Family::Mue,
            Self::AddOn => Family::AddOn,
            Self::FeeSchedule => Family::FeeSchedule,
            Self::Icd10Cm => Family::Icd10Cm,
            Self::Hcpcs => Family::Hcpcs,
            Self::Coverage => Family::Coverage,
            Self::Keyed => Family::Keyed,
        }
    }

    pub(crate) const fn is_medicaid(self) -> bool {
        matches!(
            self,
            Self::MedicaidPtpPractitioner
                | Self::MedicaidPtpHospital
                | Self::MedicaidPtpDme
                | Self::MedicaidMuePractitioner
                | Self::MedicaidMueHospital
                | Self::MedicaidMueDme
        )
    }

    /// For whom it is; `None` where a family has one table for all.
    pub(crate) const fn setting(self) -> Option<Setting> {
        match self {
            Self::PtpPractitioner
            | Self::MedicaidPtpPractitioner
            | Self::MuePractitioner
            | Self::MedicaidMuePractitioner => Some(Setting::Practitioner),
            Self::PtpHospital
            | Self::MedicaidPtpHospital
            | Self::MueHospital
            | Self::MedicaidMueHospital => Some(Setting::Hospital),
            Self::MedicaidPtpDme | Self::MueDme | Self::MedicaidMueDme => Some(Setting::Dme),
            _ => None,
        }
    }

    /// Into how many files CMS splits the table.
    pub(crate) const fn parts(self) -> u8 {
        if matches!(self, Self::PtpPractitioner | Self::PtpHospital) { 4 } else { 1 }
    }
}

impl Family {
    /// The columns of the table; those of [`Family::Keyed`] are the file's own.
    pub(crate) const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Ptp => &[
                "column_one",
                "column_two",
                "indicator",
                "from",
                "through",
                "pre_1996",
                "rationale",
            ],
            Self::Mue => &["code", "max_units", "mai", "rationale", "from", "through"],
            Self::AddOn => &["addon", "primary", "type", "from", "through", "notes"],
            Self::FeeSchedule => &[
                "code",
                "modifier",
                "status",
                "pctc",
                "global_days",
                "multiple_procedure",
                "bilateral",
                "nonfacility_na",
                "facility_na",
                "from",
                "through",
            ],
            Self::Icd10Cm => &["code", "billable", "from", "through"],
            Self::Hcpcs => &["code", "from", "through", "action"],
            Self::Coverage => &["dx_prefix", "code", "covered", "group", "policy", "contractor"],
            Self::Keyed => &[],
        }
    }

    /// The columns that tell one row from another between two editions.
    pub(crate) const fn key(self) -> &'static [&'static str] {
        match self {
            Self::Ptp => &["column_one", "column_two", "from"],
            Self::Mue | Self::Icd10Cm | Self::Hcpcs => &["code"],
            Self::AddOn => &["addon", "primary", "from"],
            Self::FeeSchedule => &["code", "modifier"],
            Self::Coverage => &["dx_prefix", "code", "group", "policy", "contractor"],
            Self::Keyed => &[],
        }
    }

    /// Whether `from` and `through` are those of the edition and not of the row.
    pub(crate) const fn is_dated_by_edition(self) -> bool {
        matches!(self, Self::Mue | Self::FeeSchedule | Self::Icd10Cm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_a_key_among_its_columns() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.as_str()), Some(kind));
            let family = kind.family();
            assert!(family.key().iter().all(|key| family.columns().contains(key)), "{kind:?}");
        }
    }
}
