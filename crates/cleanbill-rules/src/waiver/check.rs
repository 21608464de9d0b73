//! Waivers as declared become waivers that can be compared with findings.

use core::cell::RefCell;
use core::sync::atomic::AtomicBool;
use std::rc::Rc;
use std::sync::Arc;

use cleanbill_model::{CodeError, Npi, ProcedureCode, ServiceDate};

use super::{Days, LONGEST, Match, Waiver};
use crate::check::{File, Files};
use crate::declare::{WaiverDecl, WaiverFileDecl, WaiversDecl};
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::layer::{Layer, ResolvedRule, Stack, plugin_rule_ids};
use crate::plugin::PluginSide;
use crate::schema::SchemaKind;
use crate::yaml::Node;

/// The waivers of a stack, and, apart from mistakes that refuse the pack, dates that cannot be read:
/// those waivers count as expired, so that nothing is waived by a slip. `rules` are given when all are
/// known; rules of plugins can be waived as well.
pub(crate) fn declared(
    stack: &Stack<'_>,
    rules: Option<&[ResolvedRule]>,
    plugins: PluginSide<'_>,
    diagnostics: &RefCell<Diagnostics>,
) -> (Vec<Arc<Waiver>>, Diagnostics) {
    let dates: RefCell<Diagnostics> = RefCell::default();
    let mut waivers = Vec::new();
    let known = rules.map(|rules| Known { rules, plugins });
    for layer in &stack.layers {
        let files = Files { source: layer.source(), diagnostics };
        let Some((file, list)) = list_of(files, layer) else { continue };
        dates.borrow_mut().add_file(&file.yaml.shown, &file.yaml.text);
        for node in list.items() {
            let Some(decl) = files.decode::<WaiverDecl>(&file, node) else { continue };
            let check = Check { files, dates: Files { diagnostics: &dates, ..files }, file: &file };
            waivers.extend(check.waiver(node, &decl, known).map(Arc::new));
        }
    }
    (waivers, dates.into_inner())
}

/// The waivers of a layer as a list of nodes, and the file that it stands in.
fn list_of(files: Files<'_>, layer: &Layer<'_>) -> Option<(Rc<File>, Node)> {
    let at = layer.file.yaml.tree.get("waivers");
    match layer.decl.waivers.as_ref()? {
        WaiversDecl::Listed => Some((Rc::clone(&layer.file), at.clone())),
        WaiversDecl::File(path) => {
            let file = files.yaml(SchemaKind::Waivers, path, Some((&layer.file.yaml.shown, at)))?;
            let decl: WaiverFileDecl = files.decode(&file, &file.yaml.tree)?;
            // A file that only holds the key has no waivers.
            decl.waivers.as_ref()?;
            let list = file.yaml.tree.get("waivers").clone();
            Some((Rc::new(file), list))
        }
    }
}

/// The rules that there are.
#[derive(Clone, Copy)]
struct Known<'a> {
    rules: &'a [ResolvedRule],
    plugins: PluginSide<'a>,
}

impl<'a> Known<'a> {
    fn ids(self) -> impl Iterator<Item = &'a str> {
        self.rules.iter().map(|rule| rule.id.as_str()).chain(plugin_rule_ids(self.plugins))
    }

    /// Whether a rule may be waived: a pack has it, a plugin has it, or it may be of one that is left out.
    fn has(self, id: &str) -> bool {
        matches!(self.plugins, PluginSide::LeftOut) && id.contains('/')
            || self.ids().any(|known| known == id)
    }
}

struct Check<'a> {
    files: Files<'a>,
    /// Takes dates that cannot be read.
    dates: Files<'a>,
    file: &'a File,
}

impl Check<'_> {
    fn waiver(&self, at: &Node, decl: &WaiverDecl, known: Option<Known<'_>>) -> Option<Waiver> {
        let mut whole = true;
        if let Some(known) = known.filter(|known| !known.has(&decl.rule)) {
            self.error(
                Code::UnknownOverridden,
                at.get("rule"),
                format!("there is no rule `{}` to waive", decl.rule),
                &suggest(&decl.rule, known.ids()),
            );
            whole = false;
        }
        for (key, text) in [("reason", &decl.reason), ("approved_by", &decl.approved_by)] {
            if text.trim().is_empty() {
                let help = "a waiver says who decided so, and why";
                self.error(Code::BadWaiver, at.get(key), format!("`{key}` is empty"), help);
                whole = false;
            }
        }
        let only = self.only(at.get("match"), decl);
        let days = self.days(at, decl);
        (whole && only.is_some()).then(|| Waiver {
            rule: decl.rule.clone(),
            reason: decl.reason.clone(),
            approved_by: decl.approved_by.clone(),
            ticket: decl.ticket.clone(),
            place: self.files.place(self.file, at),
            days,
            only: only.unwrap_or_default(),
            was_used: AtomicBool::new(false),
        })
    }

    fn only(&self, at: &Node, decl: &WaiverDecl) -> Option<Match> {
        let decl = &decl.r#match;
        let only = Match {
            payer: decl.payer.clone(),
            claim_id: decl.claim_id.clone(),
            billing_npi: self.typed(at, "billing_npi", &decl.billing_npi, "an NPI", Npi::new)?,
            rendering_npi: self.typed(
                at,
                "rendering_npi",
                &decl.rendering_npi,
                "an NPI",
                Npi::new,
            )?,
            procedure: self.typed(
                at,
                "procedure",
                &decl.procedure,
                "a procedure code",
                ProcedureCode::new,
            )?,
        };
        let is_empty = only.payer.is_none()
            && only.claim_id.is_none()
            && only.billing_npi.is_none()
            && only.rendering_npi.is_none()
            && only.procedure.is_none();
        if is_empty {
            self.error(
                Code::BadWaiver,
                at,
                "the waiver would waive every finding of the rule".to_owned(),
                "name a payer, provider, claim or procedure; a rule that is not wanted at all is \
                 disabled under `overrides`",
            );
            return None;
        }
        Some(only)
    }

    /// `None` when there is a mistake; the value, if any, otherwise.
    #[expect(clippy::option_option, reason = "a wrong value is not a missing one")]
    fn typed<T>(
        &self,
        at: &Node,
        key: &str,
        text: &Option<String>,
        what: &str,
        parse: impl Fn(&[u8]) -> Result<T, CodeError>,
    ) -> Option<Option<T>> {
        let Some(text) = text else { return Some(None) };
        match parse(text.as_bytes()) {
            Ok(value) => Some(Some(value)),
            Err(error) => {
                let message = format!("`{text}` is not {what}: it {error}");
                self.error(Code::BadCode, at.get(key), message, "");
                None
            }
        }
    }

    fn days(&self, at: &Node, decl: &WaiverDecl) -> Option<Days> {
        let day = |key: &str, text: &str| {
            ServiceDate::parse_iso(text.as_bytes())
                .map_err(|error| {
                    let message = format!("`{text}` {error}; the waiver counts as expired");
                    let help = "write the date as YYYY-MM-DD";
                    self.dates.error(
                        Code::BadWaiver,
                        &self.file.yaml.shown,
                        at.get(key),
                        message,
                        help,
                    );
                })
                .ok()
        };
        let expires = day("expires", &decl.expires);
        let starts = match &decl.starts {
            Some(text) => Some(day("starts", text)?),
            None => None,
        };
        let days = Days { starts, expires: expires? };
        let length = days.starts.map_or(0, |starts| starts.days_until(days.expires));
        if !(0..=LONGEST).contains(&length) {
            self.error(
                Code::BadWaiver,
                at.get("expires"),
                format!("the waiver would hold for {length} days"),
                "a waiver holds for 366 days at most; renew it when it ends",
            );
        }
        Some(days)
    }

    fn error(&self, code: Code, at: &Node, message: String, help: &str) {
        self.files.error(code, &self.file.yaml.shown, at, message, help);
    }
}
