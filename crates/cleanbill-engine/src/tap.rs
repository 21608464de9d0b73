//! A sink between an edit and the sink behind it, for whoever has to do with its findings alone.

use cleanbill_model::Finding;

use crate::edit::{Sink, Step};

/// Takes the findings of an edit on their way to `behind`; everything else goes there untouched.
pub struct Tap<'a, F> {
    behind: &'a mut dyn Sink,
    find: F,
}

impl<'a, F: FnMut(Finding, &mut dyn Sink)> Tap<'a, F> {
    /// `find` is given each finding together with `behind`, to which it may hand it on.
    pub fn new(behind: &'a mut dyn Sink, find: F) -> Self {
        Self { behind, find }
    }
}

impl<F: FnMut(Finding, &mut dyn Sink)> Sink for Tap<'_, F> {
    fn find(&mut self, finding: Finding) {
        (self.find)(finding, self.behind);
    }

    fn explains(&self) -> bool {
        self.behind.explains()
    }

    fn step(&mut self, step: Step) {
        self.behind.step(step);
    }

    fn missing(&mut self, line: usize, fact: String) {
        self.behind.missing(line, fact);
    }
}
