//! `plugin.toml` checked, and the manifest that comes out of it.

use std::path::Path;

use cleanbill_plugin_abi::field;
use serde_json::{Value as Json, json};
use toml::Spanned;

use crate::config::{self, Settings};
use crate::declared::{Period, Plugin, Remit, Rule, Source, Text};
use crate::mistake::{At, Checked, wrong};
use crate::output::{list, object};
use crate::{example, template, words};

/// The oldest host that an unaware plugin can serve: the first.
const MIN_HOST: &str = "1.0";

/// What comes out of a sound `plugin.toml`.
pub(crate) struct Sound {
    pub(crate) manifest: Json,
    /// Constant, id and title of each rule, in their order.
    pub(crate) rules: Vec<(String, String, String)>,
    pub(crate) settings: Settings,
    /// Files of claims that were read.
    pub(crate) read: Vec<String>,
}

/// Checks `plugin`; `version` is the crate's.
pub(crate) fn check(plugin: &Plugin, version: &str, folder: &Path) -> Checked<Sound> {
    let mut sound = Sound {
        manifest: Json::Null,
        rules: Vec::new(),
        settings: Settings::new(),
        read: Vec::new(),
    };
    let mut rules = Vec::new();
    if plugin.rules.get_ref().is_empty() {
        return wrong(&plugin.rules, "there is no rule; add one under `[[rules]]`");
    }
    for rule in plugin.rules.get_ref() {
        let constant = constant(&rule.id);
        let id = rule.id.get_ref();
        if let Some((_, other, _)) = sound.rules.iter().find(|(known, _, _)| *known == constant) {
            let what = format!("the rules `{other}` and `{id}` would both be `{constant}`");
            return wrong(&rule.id, format!("{what}; give one another name after its `/`"));
        }
        rules.push(check_rule(rule, folder, &mut sound)?);
        sound.rules.push((constant, id.clone(), rule.title.get_ref().clone()));
    }
    let version = match &plugin.version {
        Some(version) => words::name("version", version)?,
        None => Json::from(version),
    };
    let payers = plugin.payers.iter().map(|payer| words::text("payers", payer));
    let forms = plugin.forms.iter().map(|form| words::one_of("forms", form, words::FORMS));
    let schema = (!sound.settings.is_empty()).then(|| config::schema(&sound.settings));
    sound.manifest = object([
        ("schema", Some(json!(1))),
        ("id", Some(words::name("id", &plugin.id)?)),
        ("version", Some(version)),
        ("title", Some(words::text("title", &plugin.title)?)),
        ("vendor", optional(&plugin.vendor, |vendor| words::text("vendor", vendor))?),
        ("min_host", Some(min_host(plugin.min_host.as_ref())?)),
        ("payers", list(payers.collect::<Checked<_>>()?)),
        ("forms", list(forms.collect::<Checked<_>>()?)),
        ("codes", codes(plugin.codes.as_ref())?),
        ("reads", Some(Json::from(reads(&plugin.reads)?))),
        ("config_schema", schema),
        ("rules", Some(Json::from(rules))),
    ]);
    Ok(sound)
}

fn check_rule(rule: &Rule, folder: &Path, sound: &mut Sound) -> Checked<Json> {
    let args = rule.args.iter().map(|(name, kind)| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.get_ref().is_empty() || !name.get_ref().chars().all(plain) {
            let remedy = "write small letters, digits and `_`";
            return wrong(name, format!("`{}` cannot name a value; {remedy}", name.get_ref()));
        }
        let kind = words::one_of(&format!("args.{}", name.get_ref()), kind, words::ARGS)?;
        Ok((name.get_ref().clone(), kind))
    });
    let args = args.collect::<Checked<serde_json::Map<_, _>>>()?;
    let remit = rule.remit.as_ref().map(check_remit).transpose()?;
    if remit.is_some() && rule.disposition.get_ref() == "informational" {
        return wrong(
            &rule.disposition,
            "an informational rule has no remittance codes; leave `remit` out",
        );
    }
    let settings = config::check(rule, &mut sound.settings)?;
    Ok(object([
        ("id", Some(words::name("id", &rule.id)?)),
        ("kind", Some(Json::from("plugin_check"))),
        ("title", Some(words::text("title", &rule.title)?)),
        (
            "disposition",
            Some(words::one_of("disposition", &rule.disposition, words::DISPOSITIONS)?),
        ),
        (
            "severity",
            optional(&rule.severity, |level| words::one_of("severity", level, words::SEVERITIES))?,
        ),
        ("remit", remit),
        ("effective", rule.effective.as_ref().map(check_period).transpose()?),
        ("owner", optional(&rule.owner, |owner| words::name("owner", owner))?),
        ("source", list(rule.source.iter().map(check_source).collect::<Checked<_>>()?)),
        ("args", (!args.is_empty()).then_some(Json::Object(args))),
        ("config", (!rule.config.is_empty()).then_some(settings)),
        ("template", Some(template::check("template", &rule.template, rule)?)),
        ("why", optional(&rule.why, |why| template::check("why", why, rule))?),
        ("fix", Some(template::check("fix", &rule.fix, rule)?)),
        ("examples", list(example::check(rule, folder, &mut sound.read)?)),
    ]))
}

fn optional(text: &Option<Text>, check: impl Fn(&Text) -> Checked<Json>) -> Checked<Option<Json>> {
    text.as_ref().map(check).transpose()
}

fn check_remit(remit: &Remit) -> Checked<Json> {
    let rarc = remit.rarc.iter().map(|code| words::code("rarc", code, 2..=5));
    Ok(object([
        ("group", Some(words::one_of("group", &remit.group, words::GROUPS)?)),
        ("carc", Some(words::code("carc", &remit.carc, 1..=4)?)),
        ("rarc", list(rarc.collect::<Checked<_>>()?)),
    ]))
}

fn check_period(period: &Period) -> Checked<Json> {
    let day = |name, day: &Option<Spanned<toml::Value>>| {
        day.as_ref().map(|day| words::day(name, day)).transpose()
    };
    let (from, through) = (day("from", &period.from)?, day("through", &period.through)?);
    // Days of four, two and two digits stand in the order of their texts.
    let backwards = from.as_ref().zip(through.as_ref()).is_some_and(|(from, through)| {
        through.as_str().unwrap_or_default() < from.as_str().unwrap_or_default()
    });
    match &period.through {
        Some(through) if backwards => {
            wrong(through, "`effective` ends before it starts; swap the two days")
        }
        _ => Ok(object([("from", from), ("through", through)])),
    }
}

fn check_source(source: &Source) -> Checked<Json> {
    Ok(object([
        ("authority", Some(words::text("authority", &source.authority)?)),
        ("document", Some(words::text("document", &source.document)?)),
        ("edition", optional(&source.edition, |edition| words::text("edition", edition))?),
        ("kind", Some(words::one_of("kind", &source.kind, words::SOURCES)?)),
        ("verified", source.verified.map(Json::from)),
    ]))
}

fn min_host(version: Option<&Text>) -> Checked<Json> {
    let Some(version) = version else { return Ok(Json::from(MIN_HOST)) };
    let text = version.get_ref();
    let number =
        |part: &str| !part.is_empty() && part.len() < 5 && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some((major, minor)) if number(major) && number(minor) => Ok(Json::from(text.as_str())),
        _ => wrong(version, format!("`min_host` is `{text}`; write the ABI's version, as \"1.0\"")),
    }
}

fn codes(codes: Option<&Spanned<Vec<Text>>>) -> Checked<Option<Json>> {
    let Some(codes) = codes else { return Ok(None) };
    if codes.get_ref().is_empty() {
        return wrong(codes, "`codes` is empty; leave it out to see every claim");
    }
    let list = codes.get_ref().iter().map(|code| words::code("codes", code, 5..=5));
    Ok(Some(Json::from(list.collect::<Checked<Vec<_>>>()?)))
}

fn reads(reads: &[Text]) -> Checked<Vec<Json>> {
    let mut seen = Vec::new();
    for name in reads {
        if field::named(name.get_ref()).is_none() {
            let known = field::ALL.map(|(known, _)| known);
            let what = format!("`reads` has no field `{}`", name.get_ref());
            return wrong(name, format!("{what}; write some of {}", known.join(", ")));
        }
        let json = Json::from(name.get_ref().as_str());
        if seen.contains(&json) {
            return Err(At::of(name, format!("`{}` stands twice; keep one", name.get_ref())));
        }
        seen.push(json);
    }
    let asked = |field: &str| reads.iter().find(|name| name.get_ref() == field);
    match asked("line.diagnoses") {
        Some(pointers) if asked("claim.diagnoses").is_none() => wrong(
            pointers,
            "`line.diagnoses` are places in the list of the claim; add `claim.diagnoses` to `reads`",
        ),
        _ => Ok(seen),
    }
}

/// The name of a rule's constant: what stands after the last `/` of its id, in capitals.
fn constant(id: &Text) -> String {
    let last = id.get_ref().rsplit('/').next().unwrap_or_default();
    let name: String = last
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("R{name}") }
}
