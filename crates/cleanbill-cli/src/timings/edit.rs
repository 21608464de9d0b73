//! An edit whose time is counted.

use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger};
use cleanbill_model::{Claim, EditInfo, Origin};

use super::Spent;

/// Asks the edit and counts what that takes; all else it says itself.
struct Timed {
    edit: Box<dyn Edit>,
    spent: Arc<Spent>,
}

/// The edit with its time counted, under its id or, of a plugin with several, the plugin's name in `rules`.
pub(super) fn timed(edit: Box<dyn Edit>, rules: &mut Vec<(String, Arc<Spent>)>) -> Box<dyn Edit> {
    let name = match edit.infos() {
        [one] => one.id.clone(),
        several => several.first().map(|info| of_plugin(&info.origin)).unwrap_or_default(),
    };
    let spent = Arc::<Spent>::default();
    rules.push((name, Arc::clone(&spent)));
    Box::new(Timed { edit, spent })
}

fn of_plugin(origin: &Origin) -> String {
    origin.name().to_owned()
}

impl Edit for Timed {
    fn infos(&self) -> &[Arc<EditInfo>] {
        self.edit.infos()
    }

    fn trigger(&self) -> Trigger<'_> {
        self.edit.trigger()
    }

    fn scope(&self) -> Scope {
        self.edit.scope()
    }

    fn looks_ahead(&self) -> bool {
        self.edit.looks_ahead()
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        self.spent.timed(|| self.edit.look_ahead(claims));
    }

    fn settle(&self) {
        self.edit.settle();
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        self.spent.timed(|| self.edit.evaluate(subject, sink))
    }

    fn unused_waivers(&self) -> Vec<String> {
        self.edit.unused_waivers()
    }
}
