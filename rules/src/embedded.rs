//! The files of the default packs, embedded when the program is built.

use cleanbill_rules::MemorySource;

macro_rules! pack {
    ($folder:literal: $($path:literal),+ $(,)?) => {
        MemorySource::new($folder)
            $(.with($path, include_str!(concat!("../", $folder, "/", $path))))+
    };
}

/// Every default pack, in the order in which they are loaded.
#[must_use]
pub fn default_packs() -> Vec<MemorySource> {
    vec![pack!(
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
    )]
}
