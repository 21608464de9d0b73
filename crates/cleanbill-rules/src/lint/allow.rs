//! `allow:` — warnings that the author keeps, and those kept for nothing.

use super::{Lint, Warning};
use crate::check::{Allow, Pack};
use crate::place::Place;

struct Kept<'a> {
    allow: &'a Allow,
    /// Rule that it stands in; none for the pack.
    rule: Option<&'a str>,
    /// Files of the pack that it stands in.
    pack: &'a Pack,
    used: bool,
}

impl Kept<'_> {
    fn covers(&self, warning: &Warning) -> bool {
        if self.allow.lint != warning.lint {
            return false;
        }
        let mut places = core::iter::once(&warning.place).chain(&warning.others);
        match self.rule {
            Some(rule) => {
                let own = self.pack.outline.rules.iter().find(|own| own.id == rule);
                warning.rule.as_deref() == Some(rule)
                    || own.is_some_and(|own| places.any(|place| *place == own.place))
            }
            None => places.any(|place| self.holds(place)),
        }
    }

    /// Whether the pack holds the place: one of its rules, its sets, tables or review date.
    fn holds(&self, place: &Place) -> bool {
        let outline = &self.pack.outline;
        outline.rules.iter().any(|rule| {
            rule.place == *place
                || rule.title == *place
                || rule.carc == *place
                || rule.keys.values().any(|key| key == place)
        }) || outline.sets.values().chain(outline.tables.values()).any(|own| own == place)
            || outline.review_by.as_ref().is_some_and(|(_, own)| own == place)
    }
}

/// The warnings that no `allow` keeps, and one for each `allow` that keeps none.
pub(super) fn apply(packs: &[Pack], found: Vec<Warning>) -> Vec<Warning> {
    let mut kept: Vec<Kept<'_>> = packs.iter().flat_map(of_pack).collect();
    let mut left: Vec<Warning> = found
        .into_iter()
        .filter(|warning| {
            let mut covered = false;
            for allow in kept.iter_mut().filter(|allow| allow.covers(warning)) {
                allow.used = true;
                covered = true;
            }
            !covered
        })
        .collect();
    left.extend(kept.iter().filter(|allow| !allow.used).map(|unused| Warning {
        lint: Lint::UnusedAllow,
        rule: unused.rule.map(str::to_owned),
        place: unused.allow.place.clone(),
        message: format!("`allow` of {} keeps nothing", unused.allow.lint.as_str()),
        others: Vec::new(),
        help: "remove it".to_owned(),
    }));
    left
}

fn of_pack(pack: &Pack) -> impl Iterator<Item = Kept<'_>> {
    let kept = move |rule, allow| Kept { allow, rule, pack, used: false };
    let rules = pack.outline.rules.iter();
    let in_rules = rules.flat_map(move |rule| {
        rule.allows.iter().map(move |allow| kept(Some(rule.id.as_str()), allow))
    });
    pack.outline.allows.iter().map(move |allow| kept(None, allow)).chain(in_rules)
}
