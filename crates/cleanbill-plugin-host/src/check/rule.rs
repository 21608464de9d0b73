//! A rule of a manifest, checked.

use std::sync::Arc;

use cleanbill_model::{
    Carc, Disposition, EditInfo, GroupCode, Origin, Period, Rarc, Remit, ServiceDate, Severity,
    Source, SourceKind,
};

use super::example::{Example, check_examples};
use super::words::{Checked, name, one_of, problem, text};
use crate::arg::ArgKind;
use crate::config::ConfigKind;
use crate::manifest::{DeclaredPeriod, DeclaredRemit, DeclaredRule};
use crate::template::Template;

/// A rule, checked.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) info: Arc<EditInfo>,
    /// Values that each finding brings: name and kind, sorted by name.
    pub(crate) args: Vec<(String, ArgKind)>,
    /// What a pack's rule may tell it: name and kind, sorted by name.
    pub(crate) config: Vec<(String, ConfigKind)>,
    pub(crate) message: Template,
    pub(crate) why: Template,
    pub(crate) fix: Template,
    /// Claims on which it is shown what the rule finds.
    pub(crate) examples: Vec<Example>,
}

pub(super) fn check_rule(rule: &DeclaredRule, origin: &str) -> Checked<Rule> {
    name("id", &rule.id)?;
    text("title", &rule.title)?;
    if rule.kind != "plugin_check" {
        return problem("kind", format!("`{}` is unknown; it must be `plugin_check`", rule.kind));
    }
    let disposition = one_of(
        "disposition",
        &rule.disposition,
        Disposition::from_name,
        Disposition::ALL.map(Disposition::as_str),
    )?;
    let severity = match &rule.severity {
        None => disposition.severity(),
        Some(name) => {
            one_of("severity", name, Severity::from_name, Severity::ALL.map(Severity::as_str))?
        }
    };
    let remit = rule.remit.as_ref().map(check_remit).transpose()?;
    if remit.is_some() && disposition == Disposition::Informational {
        return problem("remit", "an informational rule has no remittance codes");
    }
    let args = rule
        .args
        .iter()
        .map(|(arg, kind)| match ArgKind::from_name(kind) {
            Some(kind) => Ok((arg.clone(), kind)),
            None => problem(
                &format!("args.{arg}"),
                format!("`{kind}` is unknown; it must be {}", ArgKind::NAMES),
            ),
        })
        .collect::<Checked<Vec<_>>>()?;
    let config = rule
        .config
        .iter()
        .map(|(member, kind)| match ConfigKind::from_name(kind) {
            Some(kind) => Ok((member.clone(), kind)),
            None => problem(
                &format!("config.{member}"),
                format!("`{kind}` is unknown; it must be {}", ConfigKind::NAMES),
            ),
        })
        .collect::<Checked<Vec<_>>>()?;
    let names: Vec<&str> = args.iter().map(|(arg, _)| arg.as_str()).collect();
    let template = |place: &str, words: &str| {
        text(place, words)?;
        Template::parse(words, &names).or_else(|wrong| problem(place, wrong))
    };
    let (message, fix) = (template("template", &rule.template)?, template("fix", &rule.fix)?);
    let why = match &rule.why {
        Some(words) => template("why", words)?,
        None => Template::plain(&rule.title),
    };
    if let Some(owner) = &rule.owner {
        name("owner", owner)?;
    }
    let info = Arc::new(EditInfo {
        id: rule.id.clone(),
        title: rule.title.clone(),
        kind: "plugin_check",
        origin: Origin::Plugin { plugin: origin.to_owned() },
        disposition,
        severity,
        on_unknown: Disposition::Suspend,
        remit,
        effective: check_period(&rule.effective)?,
        owner: rule.owner.clone(),
        sources: check_sources(rule)?,
    });
    let examples = check_examples(&rule.examples, &args)?;
    Ok(Rule { info, args, config, message, why, fix, examples })
}

fn check_remit(remit: &DeclaredRemit) -> Checked<Remit> {
    let group = one_of(
        "remit.group",
        &remit.group,
        |name| GroupCode::ALL.into_iter().find(|group| group.as_str() == name),
        GroupCode::ALL.map(GroupCode::as_str),
    )?;
    let carc = Carc::new(remit.carc.as_bytes())
        .or_else(|wrong| problem("remit.carc", format!("`{}` {wrong}", remit.carc)))?;
    let rarc = remit
        .rarc
        .iter()
        .map(|code| {
            Rarc::new(code.as_bytes())
                .or_else(|wrong| problem("remit.rarc", format!("`{code}` {wrong}")))
        })
        .collect::<Checked<Vec<_>>>()?;
    if carc.needs_remark() && rarc.is_empty() {
        return problem("remit.rarc", format!("reason {carc} must come with a remark code"));
    }
    Ok(Remit { group, carc, rarc })
}

fn check_period(period: &DeclaredPeriod) -> Checked<Period> {
    let day = |place: &str, day: &Option<String>| {
        day.as_ref()
            .map(|day| {
                ServiceDate::parse_iso(day.as_bytes())
                    .or_else(|wrong| problem(place, format!("`{day}` {wrong} (YYYY-MM-DD)")))
            })
            .transpose()
    };
    let from = day("effective.from", &period.from)?;
    let through = day("effective.through", &period.through)?;
    if from.zip(through).is_some_and(|(from, through)| through < from) {
        return problem("effective", "it ends before it starts");
    }
    Ok(Period { from, through })
}

fn check_sources(rule: &DeclaredRule) -> Checked<Vec<Source>> {
    rule.source
        .iter()
        .enumerate()
        .map(|(index, source)| {
            let place = |member: &str| format!("source[{index}].{member}");
            text(&place("authority"), &source.authority)?;
            text(&place("document"), &source.document)?;
            if let Some(edition) = &source.edition {
                text(&place("edition"), edition)?;
            }
            Ok(Source {
                authority: source.authority.clone(),
                document: source.document.clone(),
                edition: source.edition.clone(),
                kind: one_of(
                    &place("kind"),
                    &source.kind,
                    |name| SourceKind::ALL.into_iter().find(|kind| kind.as_str() == name),
                    SourceKind::ALL.map(SourceKind::as_str),
                )?,
                verified: source.verified,
            })
        })
        .collect()
}
