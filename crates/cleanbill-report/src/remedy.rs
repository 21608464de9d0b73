//! What to do when an edit could not run.

use cleanbill_model::FaultKind;

/// The remedy in one sentence.
pub(crate) const fn remedy(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::PluginPanic
        | FaultKind::PluginError
        | FaultKind::PluginCrash
        | FaultKind::PluginTimeout => {
            "the claim is set aside, not passed; ask the plugin's maker for a mended version, or run \
             without the plugin and check this claim by hand"
        }
        FaultKind::PluginDisabled => {
            "the claim is set aside, not passed; mend what the plugin fails on, then run these claims again"
        }
        FaultKind::DamagedTable => {
            "the claim is set aside, not passed; `cleanbill tables verify` shows what is damaged, and \
             importing the table again replaces it"
        }
        FaultKind::Overflow => {
            "the claim is set aside, not passed; check its units and charges for a misplaced decimal \
             point"
        }
    }
}
