//! The files of the packs that ship, embedded when the program is built.

use cleanbill_rules::MemorySource;

macro_rules! pack {
    ($folder:literal: $($path:literal),+ $(,)?) => {
        MemorySource::new($folder)
            $(.with($path, include_str!(concat!("../", $folder, "/", $path))))+
    };
}

/// The packs of a bare install: they need no imported table.
#[must_use]
pub fn default_packs() -> Vec<MemorySource> {
    vec![cpt_93970(), claim_dates()]
}

/// The packs that join a run which names none as soon as a table of theirs is imported.
#[must_use]
pub fn national_packs() -> Vec<MemorySource> {
    vec![ncci_medicare(), ncci_medicaid(), mpfs_indicators(), code_dates()]
}

/// Every pack in the binary.
#[must_use]
pub fn embedded_packs() -> Vec<MemorySource> {
    let mut packs = default_packs();
    packs.append(&mut national_packs());
    // A list of covered diagnoses is one contractor's, so someone has to say that claims go there.
    packs.push(lcd_coverage());
    // They ask for earlier claims, and leave open what these would decide: someone has to want that.
    packs.push(medicare_timelines());
    packs
}

fn cpt_93970() -> MemorySource {
    pack!(
        "cpt-93970":
        "pack.yaml",
        "rules/1-access-mapping.yaml",
        "rules/2-study-pairs.yaml",
        "rules/3-ncci-pairs.yaml",
        "rules/4-units.yaml",
        "rules/5-modifiers.yaml",
        "rules/6-place-and-life.yaml",
        "tables/access_mapping_pairs.csv",
        "tables/addon.csv",
        "tables/body_site.csv",
        "tables/code_life.csv",
        "tables/dx_region.csv",
        "tables/mue.csv",
        "tables/ncci_pairs.csv",
        "tables/study_pairs.csv",
    )
}

fn claim_dates() -> MemorySource {
    pack!("claim-dates": "pack.yaml", "rules/1-dates.yaml")
}

fn ncci_medicare() -> MemorySource {
    pack!(
        "ncci-medicare":
        "pack.yaml",
        "rules/1-pairs.yaml",
        "rules/2-units.yaml",
        "rules/3-add-on-codes.yaml",
        "tables/addon.csv",
        "tables/mue.csv",
        "tables/ptp_hospital.csv",
        "tables/ptp_practitioner.csv",
    )
}

fn ncci_medicaid() -> MemorySource {
    pack!(
        "ncci-medicaid":
        "pack.yaml",
        "rules/1-pairs.yaml",
        "rules/2-units.yaml",
        "tables/mue.csv",
        "tables/ptp.csv",
    )
}

fn mpfs_indicators() -> MemorySource {
    pack!("mpfs-indicators": "pack.yaml", "rules/1-indicators.yaml", "tables/mpfs.csv")
}

fn code_dates() -> MemorySource {
    pack!(
        "code-dates":
        "pack.yaml",
        "rules/1-hcpcs.yaml",
        "rules/2-icd-10-cm.yaml",
        "tables/hcpcs.csv",
        "tables/icd10cm.csv",
    )
}

fn medicare_timelines() -> MemorySource {
    pack!(
        "medicare-timelines":
        "pack.yaml",
        "rules/1-new-patients.yaml",
        "rules/2-global-surgery.yaml",
        "rules/3-repeated-services.yaml",
        "tables/mpfs.csv",
    )
}

fn lcd_coverage() -> MemorySource {
    pack!(
        "lcd-coverage":
        "pack.yaml",
        "rules/1-peripheral-studies.yaml",
        "tables/l34045.csv",
        "tables/l35751.csv",
    )
}
