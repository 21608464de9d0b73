//! The registry of edits and the evaluation of a claim.
//!
//! Every source of rules (YAML packs, payer plugins) registers the same kind of thing, an [`Edit`], in
//! one [`Registry`]. The engine knows neither where an edit came from nor where a claim came from; it
//! has no YAML, no plugin, no file and no thread.

mod code_index;
mod code_range;
mod edit;
mod evaluate;
mod explain;
mod extremity;
mod history;
mod join;
mod registry;
mod scope;
mod tap;
mod truth;

pub use cleanbill_model::Standing;
pub use code_range::CodeRange;
pub use edit::{Edit, EditFault, Sink, Step, Subject, Trigger};
pub use evaluate::{Evaluator, Verdict};
pub use explain::{Explanation, LineExplanation, LineOutcome, explain};
pub use extremity::{Extremity, Sides};
pub use history::{Another, Beside, Fate, History, Others, Timeline, fates};
pub use join::also_found_by;
pub use registry::{Registry, RegistryError};
pub use scope::Scope;
pub use tap::Tap;
pub use truth::Truth;
