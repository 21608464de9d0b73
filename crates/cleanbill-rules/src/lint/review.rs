//! Packs that should have been looked at again.

use cleanbill_model::ServiceDate;

use super::{Lint, Warning};
use crate::check::Pack;

/// Compares with the day that the caller gives: the host's clock decides nothing.
pub(super) fn check(pack: &Pack, as_of: Option<ServiceDate>, found: &mut Vec<Warning>) {
    let (Some(as_of), Some((review_by, place))) = (as_of, &pack.outline.review_by) else { return };
    if *review_by < as_of {
        found.push(Warning {
            lint: Lint::ReviewOverdue,
            rule: None,
            place: place.clone(),
            message: format!("`{}` was to be reviewed by {review_by}", pack.name),
            others: Vec::new(),
            help: "look through its rules and sources, then move the date".to_owned(),
        });
    }
}
