//! The manifest once it is checked: what is known of a plugin and ready to run.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use cleanbill_engine::Trigger;
use cleanbill_model::{
    Carc, Disposition, EditInfo, GroupCode, Origin, Period, ProcedureCode, Rarc, Remit,
    ServiceDate, Severity, Source, SourceKind,
};

use crate::arg::ArgKind;
use crate::config::ConfigKind;
use crate::error::PluginError;
use crate::manifest::{DeclaredManifest, DeclaredPeriod, DeclaredRemit, DeclaredRule, SCHEMA};
use crate::template::Template;

/// Longest text of a manifest, in bytes.
const TEXT_LIMIT: usize = 2_000;

/// A plugin's manifest, checked.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) payers: Vec<String>,
    pub(crate) codes: Option<Vec<ProcedureCode>>,
    /// One for each rule, in the order of `rules`.
    pub(crate) infos: Vec<Arc<EditInfo>>,
    pub(crate) rules: Vec<Rule>,
}

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
}

/// What is wrong and where in the manifest.
struct Problem {
    place: String,
    problem: String,
}

type Checked<T> = Result<T, Problem>;

impl Manifest {
    /// Reads and checks the manifest of the plugin at `path`.
    pub(crate) fn read(text: &str, path: &Path) -> Result<Self, PluginError> {
        let declared: DeclaredManifest = serde_json::from_str(text)
            .map_err(|source| PluginError::ManifestJson { path: path.to_owned(), source })?;
        let manifest = check(declared).map_err(|Problem { place, problem }| {
            PluginError::Manifest { path: path.to_owned(), place, problem }
        })?;
        let mut seen = HashSet::new();
        if let Some(twice) = manifest.infos.iter().find(|info| !seen.insert(info.id.as_str())) {
            return Err(PluginError::DuplicateRule { path: path.to_owned(), id: twice.id.clone() });
        }
        Ok(manifest)
    }

    /// Which claims it wants to see.
    pub(crate) fn trigger(&self) -> Trigger<'_> {
        self.codes.as_deref().map_or(Trigger::EveryClaim, Trigger::Codes)
    }

    /// Id and version.
    pub(crate) fn name(&self) -> &str {
        self.infos.first().map(|info| info.origin.name()).unwrap_or_default()
    }
}

fn check(declared: DeclaredManifest) -> Checked<Manifest> {
    if declared.schema != SCHEMA {
        return problem("schema", format!("it is {}, and this program reads 1", declared.schema));
    }
    name("id", &declared.id)?;
    name("version", &declared.version)?;
    text("title", &declared.title)?;
    for (index, payer) in declared.payers.iter().enumerate() {
        text(&format!("payers[{index}]"), payer)?;
    }
    let codes = declared.codes.as_deref().map(check_codes).transpose()?;
    if declared.rules.is_empty() {
        return problem("rules", "there is none, so the plugin could say nothing");
    }
    let origin = format!("{}@{}", declared.id, declared.version);
    let rules = declared
        .rules
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            check_rule(rule, &origin).map_err(|Problem { place, problem }| Problem {
                place: format!("rules[{index}].{place}"),
                problem,
            })
        })
        .collect::<Checked<Vec<_>>>()?;
    Ok(Manifest {
        id: declared.id,
        version: declared.version,
        title: declared.title,
        payers: declared.payers,
        codes,
        infos: rules.iter().map(|rule| rule.info.clone()).collect(),
        rules,
    })
}

fn check_codes(codes: &[String]) -> Checked<Vec<ProcedureCode>> {
    if codes.is_empty() {
        return problem("codes", "it is empty; leave it out to see every claim");
    }
    codes
        .iter()
        .enumerate()
        .map(|(index, code)| {
            ProcedureCode::new(code.as_bytes())
                .or_else(|wrong| problem(&format!("codes[{index}]"), format!("`{code}` {wrong}")))
        })
        .collect()
}

fn check_rule(rule: &DeclaredRule, origin: &str) -> Checked<Rule> {
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
    Ok(Rule { info, args, config, message, why, fix })
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

fn problem<T>(place: &str, problem: impl Into<String>) -> Checked<T> {
    Err(Problem { place: place.to_owned(), problem: problem.into() })
}

fn one_of<T, const N: usize>(
    place: &str,
    name: &str,
    read: impl Fn(&str) -> Option<T>,
    names: [&str; N],
) -> Checked<T> {
    read(name).map_or_else(
        || problem(place, format!("`{name}` is unknown; it must be one of {}", names.join(", "))),
        Ok,
    )
}

/// A name that stands in reports and on command lines.
fn name(place: &str, name: &str) -> Checked<()> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./+".contains(&byte);
    if name.is_empty() || name.len() > 100 || !name.bytes().all(good) {
        return problem(place, "it must be 1 to 100 letters, digits, `-`, `_`, `.`, `/` and `+`");
    }
    Ok(())
}

/// Words that a report prints: no control characters, with which a terminal could be driven.
fn text(place: &str, words: &str) -> Checked<()> {
    if words.trim().is_empty() || words.len() > TEXT_LIMIT || words.contains(char::is_control) {
        return problem(
            place,
            format!("it must be one line of 1 to {TEXT_LIMIT} bytes, without control characters"),
        );
    }
    Ok(())
}
