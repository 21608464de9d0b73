//! What rules of all kinds share, checked: information, scope, words.

use std::sync::Arc;

use cleanbill_engine::{Sink, Step, Truth};
use cleanbill_model::{
    Carc, Claim, ClaimType, Disposition, EditInfo, Element, Evidence, FilingIndicator, Finding,
    GroupCode, LineRef, Origin, Outcome, Rarc, Remit, ServiceLine, Severity, Source, SourceKind,
};

use super::context::Cx;
use crate::code_set::CodeSet;
use crate::declare::{AppliesDecl, RemitDecl, RuleDecl, SourceDecl};
use crate::diagnostic::Code;
use crate::template::Template;
use crate::yaml::Node;

/// Placeholders that every kind fills.
pub(crate) const COMMON_SLOTS: [&str; 7] =
    ["code", "line", "modifiers", "units", "charge", "service_date", "place_of_service"];

/// Which claims a rule is for; an empty list means all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Applies {
    payers: Vec<String>,
    filing_indicators: Vec<FilingIndicator>,
    claim_types: Vec<ClaimType>,
}

impl Applies {
    pub(crate) fn check(cx: &Cx<'_>, at: &Node, decl: Option<&AppliesDecl>) -> Self {
        let Some(decl) = decl else { return Self::default() };
        let types = ClaimType::ALL.map(|t| (t.as_str(), t));
        let claim_types = decl.claim_types.iter().enumerate().filter_map(|(index, text)| {
            let at = at.get("claim_types").item(index);
            cx.word(&at.span, text, "a claim type", &types)
        });
        let filing_indicators =
            decl.filing_indicators.iter().enumerate().filter_map(|(index, text)| {
                FilingIndicator::new(text.as_bytes())
                    .map_err(|error| {
                        let span = &at.get("filing_indicators").item(index).span;
                        cx.error(
                            Code::BadCode,
                            span,
                            format!("`{text}` is not a claim filing indicator: it {error}"),
                            "use the value of SBR09, such as MB".to_owned(),
                        );
                    })
                    .ok()
            });
        Self {
            claim_types: claim_types.collect(),
            filing_indicators: filing_indicators.collect(),
            payers: decl.payers.clone(),
        }
    }

    /// Payer id and filing indicator are two ways to name the payer: either is enough.
    fn covers(&self, claim: &Claim) -> bool {
        let payer_named = self.payers.is_empty() && self.filing_indicators.is_empty()
            || self.payers.iter().any(|payer| payer == claim.payer())
            || claim.filing_indicator.is_some_and(|own| self.filing_indicators.contains(&own));
        payer_named && (self.claim_types.is_empty() || self.claim_types.contains(&claim.claim_type))
    }
}

/// What rules of all kinds share.
#[derive(Debug)]
pub(crate) struct Base {
    pub(crate) infos: [Arc<EditInfo>; 1],
    applies: Vec<Applies>,
    message: Template,
    fix: Template,
}

/// What a pack gives to each of its rules.
pub(crate) struct PackScope<'a> {
    pub(crate) pack: &'a str,
    /// Of the pack, and of every pack that extends it.
    pub(crate) applies: &'a [Applies],
    pub(crate) effective: cleanbill_model::Period,
    pub(crate) disposition: Disposition,
    pub(crate) on_unknown: Disposition,
    pub(crate) owner: Option<&'a str>,
    pub(crate) place: String,
}

impl Base {
    /// Checks what `rule` shares with all others. `slots` are the placeholders of its kind.
    pub(crate) fn check(
        cx: &Cx<'_>,
        at: &Node,
        rule: &RuleDecl,
        scope: PackScope<'_>,
        kind: &'static str,
        slots: &[&str],
    ) -> Option<Self> {
        let slots: Vec<&str> = COMMON_SLOTS.iter().chain(slots).copied().collect();
        let disposition =
            disposition_of(cx, at, "disposition", rule.disposition.as_ref(), scope.disposition);
        let on_unknown =
            disposition_of(cx, at, "on_unknown", rule.on_unknown.as_ref(), scope.on_unknown);
        let severity = match &rule.severity {
            None => disposition.severity(),
            Some(text) => {
                let known = Severity::ALL.map(|s| (s.as_str(), s));
                let severity = cx.word(&at.get("severity").span, text, "a severity", &known);
                severity.unwrap_or_else(|| disposition.severity())
            }
        };
        if rule.source.is_empty() {
            cx.error(
                Code::MissingKey,
                &at.get("source").span,
                "the rule has no source".to_owned(),
                "say who says so and in which document".to_owned(),
            );
        }
        let info = EditInfo {
            id: rule.id.clone(),
            title: rule.title.clone(),
            kind,
            origin: Origin::Pack { pack: scope.pack.to_owned(), place: scope.place },
            disposition,
            severity,
            on_unknown,
            remit: rule.remit.as_ref().and_then(|decl| remit(cx, at.get("remit"), decl)),
            effective: scope
                .effective
                .narrowed(cx.period(at.get("effective"), rule.effective.as_ref())),
            owner: rule.owner.as_deref().or(scope.owner).map(str::to_owned),
            sources: sources(cx, at.get("source"), &rule.source)
                .into_iter()
                .chain(imported_source(cx, at.get(kind)))
                .collect(),
        };
        let own = Applies::check(cx, at.get("applies_to"), rule.applies_to.as_ref());
        let words = |key: &str, text: &Option<String>| match text {
            Some(text) => cx.template(at.get(key), text, &slots),
            None => Some(Template::default()),
        };
        let (message, fix) = (words("message", &rule.message), words("fix", &rule.fix));
        Some(Self {
            infos: [Arc::new(info)],
            applies: scope.applies.iter().cloned().chain([own]).collect(),
            message: message?,
            fix: fix?,
        })
    }

    pub(crate) fn info(&self) -> &EditInfo {
        let [info] = &self.infos;
        info
    }

    /// Whether the rule is for this claim; says so line by line when it is not.
    pub(crate) fn applies(&self, claim: &Claim, sink: &mut dyn Sink) -> bool {
        let covered = self.applies.iter().all(|applies| applies.covers(claim));
        if !covered && sink.explains() {
            for line in 0..claim.lines.len() {
                let detail = format!(
                    "the rule is not for this {} claim of payer `{}`",
                    claim.claim_type.as_str(),
                    claim.payer()
                );
                trace(sink, line, None, "applies_to", Truth::No, || detail.clone());
            }
        }
        covered
    }

    /// Whether `line` carries one of `codes` on a day on which the rule holds.
    pub(crate) fn concerns(
        &self,
        line: &ServiceLine,
        index: usize,
        codes: &CodeSet,
        sink: &mut dyn Sink,
    ) -> bool {
        let code = line.procedure;
        let named = code.is_some_and(|code| codes.contains(code));
        trace(sink, index, None, "codes", Truth::from(named), || {
            let code = code.map_or("no procedure code".to_owned(), |code| code.to_string());
            format!("{code} is {}one of the rule's codes", if named { "" } else { "not " })
        });
        named && self.holds(line, index, sink)
    }

    /// Whether the rule holds on the line's first date of service.
    pub(crate) fn holds(&self, line: &ServiceLine, index: usize, sink: &mut dyn Sink) -> bool {
        let effective = self.info().effective;
        let day = line.dates.from();
        let holds = effective.contains(day);
        trace(sink, index, None, "effective", Truth::from(holds), || {
            format!("{day}; the rule holds {effective}")
        });
        holds
    }

    /// A finding in this rule's words.
    pub(crate) fn finding(&self, says: Says<'_>) -> Finding {
        let [info] = &self.infos;
        let words = says.words.unwrap_or((&self.message, &self.fix));
        let as_declared = says.outcome == Outcome::Fires && says.disposition == info.disposition;
        Finding {
            edit: Arc::clone(info),
            outcome: says.outcome,
            disposition: says.disposition,
            severity: if as_declared { info.severity } else { says.disposition.severity() },
            remit: info.remit.clone().filter(|_| says.disposition != Disposition::Informational),
            line: Some(says.line),
            others: says.others,
            element: says.element,
            message: words.0.fill(says.values),
            why: says.why,
            fix: words.1.fill(says.values),
            evidence: says.evidence,
            defect: None,
            also: Vec::new(),
        }
    }
}

/// What a kind says about a line.
pub(crate) struct Says<'a> {
    pub(crate) outcome: Outcome,
    pub(crate) disposition: Disposition,
    pub(crate) line: usize,
    pub(crate) others: Vec<LineRef>,
    pub(crate) element: Element,
    /// Other words than the rule's own.
    pub(crate) words: Option<(&'a Template, &'a Template)>,
    pub(crate) values: &'a dyn Fn(&str) -> String,
    pub(crate) why: String,
    pub(crate) evidence: Vec<Evidence>,
}

/// Value of a placeholder that every kind fills.
pub(crate) fn common_value(claim: &Claim, line: usize, name: &str) -> String {
    let Some(line) = claim.lines.get(line) else { return String::new() };
    match name {
        "code" => line.procedure.map(|code| code.to_string()).unwrap_or_default(),
        "line" => line.number.to_string(),
        "modifiers" if line.modifiers.is_empty() => "none".to_owned(),
        "modifiers" => line.modifiers.iter().map(|m| m.to_string()).collect::<Vec<_>>().join(", "),
        "units" => line.units.to_string(),
        "charge" => line.charge.to_string(),
        "service_date" => line.dates.to_string(),
        "place_of_service" => line.place_of_service.map(|pos| pos.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Evidence of one line's element.
pub(crate) fn evidence(
    line: impl Into<LineRef>,
    element: Element,
    value: impl ToString,
) -> Evidence {
    Evidence { line: Some(line.into()), element, value: value.to_string() }
}

/// Reports a decided clause when someone listens.
pub(crate) fn trace(
    sink: &mut dyn Sink,
    line: usize,
    partner: Option<usize>,
    clause: &'static str,
    truth: Truth,
    detail: impl FnOnce() -> String,
) {
    if sink.explains() {
        let partner = partner.map(LineRef::Own);
        sink.step(Step { line, partner, clause, truth, detail: detail() });
    }
}

/// As [`trace`], beside a line that may be on an earlier claim.
pub(crate) fn trace_with(
    sink: &mut dyn Sink,
    line: usize,
    partner: impl FnOnce() -> LineRef,
    clause: &'static str,
    truth: Truth,
    detail: impl FnOnce() -> String,
) {
    if sink.explains() {
        sink.step(Step { line, partner: Some(partner()), clause, truth, detail: detail() });
    }
}

/// Reports what would decide a line that is left open, when someone listens.
pub(crate) fn missing(sink: &mut dyn Sink, line: usize, facts: impl FnOnce() -> Vec<String>) {
    if sink.explains() {
        facts().into_iter().for_each(|fact| sink.missing(line, fact));
    }
}

/// A disposition by name, or `default` when the key is missing.
pub(crate) fn disposition_of(
    cx: &Cx<'_>,
    at: &Node,
    key: &str,
    text: Option<&String>,
    default: Disposition,
) -> Disposition {
    let known = Disposition::ALL.map(|d| (d.as_str(), d));
    text.and_then(|text| cx.word(&at.get(key).span, text, "a disposition", &known))
        .unwrap_or(default)
}

fn remit(cx: &Cx<'_>, at: &Node, decl: &RemitDecl) -> Option<Remit> {
    let groups = GroupCode::ALL.map(|group| (group.as_str(), group));
    let group = cx.word(&at.get("group").span, &decl.group, "a group code", &groups)?;
    let carc = match Carc::new(decl.carc.as_bytes()) {
        Ok(carc) => carc,
        Err(error) => {
            cx.error(
                Code::BadCode,
                &at.get("carc").span,
                format!("`{}` is not a CARC: it {error}", decl.carc),
                String::new(),
            );
            return None;
        }
    };
    let mut rarc = Vec::new();
    for (index, text) in decl.rarc.iter().enumerate() {
        match Rarc::new(text.as_bytes()) {
            Ok(remark) => rarc.push(remark),
            Err(error) => cx.error(
                Code::BadCode,
                &at.get("rarc").item(index).span,
                format!("`{text}` is not a RARC: it {error}"),
                String::new(),
            ),
        }
    }
    if rarc.is_empty() && carc.needs_remark() {
        cx.error(
            Code::RemarkNeeded,
            &at.get("carc").span,
            format!("CARC {carc} must come with at least one RARC"),
            "add `rarc: [N20]` or the remark that fits".to_owned(),
        );
    }
    Some(Remit { group, carc, rarc })
}

/// The imported table that a rule reads, with its edition.
fn imported_source(cx: &Cx<'_>, at: &Node) -> Option<Source> {
    let named = ["table", "covered"].into_iter().find_map(|key| at.get(key).scalar());
    cx.tables.get(named?)?.source()
}

fn sources(cx: &Cx<'_>, at: &Node, decls: &[SourceDecl]) -> Vec<Source> {
    let known = SourceKind::ALL.map(|kind| (kind.as_str(), kind));
    decls
        .iter()
        .enumerate()
        .filter_map(|(index, decl)| {
            let kind =
                cx.word(&at.item(index).get("kind").span, &decl.kind, "a kind of source", &known)?;
            Some(Source {
                authority: decl.authority.clone(),
                document: decl.document.clone(),
                edition: decl.edition.clone(),
                kind,
                verified: decl.verified.unwrap_or(true),
            })
        })
        .collect()
}
