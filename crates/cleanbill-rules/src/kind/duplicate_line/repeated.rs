//! Modifiers that say who repeated a service, each of which lifts only where that is so.

use cleanbill_engine::Truth;
use cleanbill_model::Modifier;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::Cx;
use crate::code_set::CodeSet;
use crate::declare::CodeList;
use crate::diagnostic::Code;
use crate::kind::earlier::Seen;
use crate::yaml::Node;

/// Modifiers that say who repeated the service. Each lifts only where it is so, whichever of the two
/// lines it stands on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepeatedDecl {
    /// Modifiers for one rendering provider who did it twice, such as 76.
    #[serde(default)]
    same_provider: Option<CodeList>,
    /// Modifiers for two rendering providers, such as 77.
    #[serde(default)]
    other_provider: Option<CodeList>,
    /// Modifiers of laboratory tests alone, such as 91.
    #[serde(default)]
    laboratory: Option<LaboratoryDecl>,
}

/// Modifiers that count on laboratory tests alone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LaboratoryDecl {
    /// The modifiers.
    modifiers: CodeList,
    /// The codes of laboratory tests.
    codes: CodeList,
}

/// Checked modifiers that say who repeated a service.
#[derive(Default)]
pub(super) struct Repeated {
    same_provider: Vec<Modifier>,
    other_provider: Vec<Modifier>,
    laboratory: Option<(Vec<Modifier>, CodeSet)>,
}

impl Repeated {
    pub(super) fn check(cx: &Cx<'_>, at: &Node, decl: &RepeatedDecl) -> Self {
        let modifiers = |key: &str, list: &Option<CodeList>| {
            list.as_ref().map(|list| cx.modifiers(at.get(key), list)).unwrap_or_default()
        };
        let laboratory = decl.laboratory.as_ref().map(|decl| {
            let at = at.get("laboratory");
            let modifiers = cx.modifiers(at.get("modifiers"), &decl.modifiers);
            (modifiers, cx.codes(at.get("codes"), &decl.codes))
        });
        let nothing = [&decl.same_provider, &decl.other_provider].iter().all(|list| list.is_none());
        if nothing && laboratory.is_none() {
            cx.error(
                Code::MissingKey,
                &at.span,
                "`repeated` names no modifier".to_owned(),
                "add `same_provider`, `other_provider` or `laboratory`, or remove it".to_owned(),
            );
        }
        Self {
            same_provider: modifiers("same_provider", &decl.same_provider),
            other_provider: modifiers("other_provider", &decl.other_provider),
            laboratory,
        }
    }

    /// Whether a modifier on either line says rightly who repeated the service.
    pub(super) fn lifts(&self, own: Seen<'_>, other: Seen<'_>) -> Truth {
        let found = modifiers(own, other).map(|modifier| self.fits(modifier, own, other));
        found.fold(Truth::No, Truth::or)
    }

    fn fits(&self, modifier: Modifier, own: Seen<'_>, other: Seen<'_>) -> Truth {
        let (same, another) =
            (self.same_provider.contains(&modifier), self.other_provider.contains(&modifier));
        let of_tests = self.of_laboratory(own).is_some_and(|known| known.contains(&modifier));
        if of_tests || same && another {
            return Truth::Yes;
        }
        match (same, another) {
            (true, _) => own.one_rendering(&other),
            (_, true) => !own.one_rendering(&other),
            _ => Truth::No,
        }
    }

    /// The modifiers for tests, where the line is one.
    fn of_laboratory(&self, own: Seen<'_>) -> Option<&[Modifier]> {
        let (modifiers, codes) = self.laboratory.as_ref()?;
        own.line.procedure.filter(|code| codes.contains(*code)).map(|_| modifiers.as_slice())
    }

    /// The modifiers that would say that the service was repeated: `76`, or `76 or 77`.
    pub(super) fn wanted(&self, own: Seen<'_>, other: Seen<'_>) -> String {
        let (same, another) = (&self.same_provider, &self.other_provider);
        let (one, two): (&[Modifier], &[Modifier]) = match own.one_rendering(&other) {
            _ if self.of_laboratory(own).is_some() => {
                (self.of_laboratory(own).unwrap_or_default(), &[])
            }
            Truth::Yes => (same, &[]),
            Truth::No => (another, &[]),
            Truth::Unknown => (same, another),
        };
        let names: Vec<String> = one.iter().chain(two).map(Modifier::to_string).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(" or ") }
    }

    /// What is to be said of modifiers that do not fit, behind a semicolon; nothing where there is none.
    pub(super) fn misused(&self, own: Seen<'_>, other: Seen<'_>) -> Option<String> {
        let modifier = modifiers(own, other).find(|modifier| {
            let listed = self.same_provider.contains(modifier)
                || self.other_provider.contains(modifier)
                || self.laboratory.as_ref().is_some_and(|(known, _)| known.contains(modifier));
            listed && self.fits(*modifier, own, other) == Truth::No
        })?;
        let reason = if self.same_provider.contains(&modifier) {
            "the two lines have different rendering providers"
        } else if self.other_provider.contains(&modifier) {
            "the two lines have one rendering provider"
        } else {
            "the code is no laboratory test"
        };
        Some(format!("modifier {modifier} does not fit: {reason}"))
    }
}

fn modifiers(own: Seen<'_>, other: Seen<'_>) -> impl Iterator<Item = Modifier> {
    let (own, other) = (own.line.modifiers, other.line.modifiers);
    let slots = [*own.slots(), *other.slots()];
    slots.into_iter().flatten().flatten()
}
