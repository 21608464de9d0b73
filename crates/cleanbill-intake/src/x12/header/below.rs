//! What a reader of a piece is told of the loops above it.

use std::sync::Arc;

use super::Header;

impl Header {
    /// What stands above all subscribers of the billing provider, and the number of the last HL: nothing
    /// else is remembered where a subscriber starts. `None` where more is: what is missing in the loop
    /// of the billing provider is told once, with its first claim.
    pub(in crate::x12) fn above(&mut self) -> Option<(Arc<Self>, u64)> {
        if self.level.is_none() || (self.billing_named && !self.required.billing.is_settled()) {
            return None;
        }
        if self.above.is_none() {
            self.above = Some(Arc::new(self.clone()));
        }
        self.above.clone().map(|above| (above, self.last_hl))
    }

    /// Goes on behind subscribers that another reader reads.
    pub(in crate::x12) const fn pass_over(&mut self, last_hl: u64) {
        self.last_hl = last_hl;
    }

    /// Takes what [`Self::above`] gave; a subscriber follows.
    pub(in crate::x12) fn begin_below(&mut self, above: Arc<Self>, last_hl: u64) {
        if !self.above.as_ref().is_some_and(|known| Arc::ptr_eq(known, &above)) {
            self.clone_from(&above);
            self.above = Some(above);
        }
        self.last_hl = last_hl;
    }
}
