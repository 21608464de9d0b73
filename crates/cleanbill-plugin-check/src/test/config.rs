//! What a plugin makes of its configuration.

use cleanbill_plugin_abi::status;
use serde_json::{Map, Value, json};

use crate::bench::{Bench, words};
use crate::footprint::resident;
use crate::generate::Generator;
use crate::outcome::{Verdict, expect};
use crate::plugin::Functions;
use crate::test::load::not_told;

/// Memory may grow by so much over a test, in bytes.
pub(crate) const GROWTH: u64 = 1 << 20;

/// C1: it starts without any.
pub(crate) fn has_defaults(bench: &Bench<'_>) -> Verdict {
    let created = bench.functions()?.create("{}")?;
    expect(created.instance.is_some(), || {
        let message = created.message;
        format!("with `{{}}` `create` gives back {}: {message}", words(created.status))
    })
}

/// C2: it takes a configuration or says what is wrong with it.
pub(crate) fn takes_or_refuses(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    let mut generator = bench.generator();
    (0..100).try_for_each(|_| {
        let config = made_up(bench, &mut generator).to_string();
        takes_or_says_why(functions, &config)
    })
}

/// C3: the same for what is no object, deeply nested or very long.
pub(crate) fn survives_strange_ones(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    let name = members(bench).first().map_or("a", |(name, _)| name).to_owned();
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let long = json!({ &*name: "x".repeat(1 << 20) }).to_string();
    let strange = [
        "[]",
        "null",
        "7",
        "\"text\"",
        "",
        "{",
        "{\"a\":1,\"a\":2}",
        "\u{feff}{}",
        &deep,
        &format!("{{\"{name}\":{deep}}}"),
        &long,
        &format!("{{\"{name}\":1e999}}"),
    ];
    strange.iter().try_for_each(|config| takes_or_says_why(functions, config))
}

/// C4: making and taking back instances keeps no memory.
pub(crate) fn gives_memory_back(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    let turn = |times: usize| (0..times).try_for_each(|_| bench.instance(functions).map(drop));
    turn(300)?;
    let before = resident().ok_or_else(not_told)?;
    turn(1_000)?;
    let grown = resident().ok_or_else(not_told)?.saturating_sub(before);
    expect(grown < GROWTH, || {
        format!(
            "after 1,000 instances were made and taken back it holds {} KiB more",
            grown / 1_024
        )
    })
}

fn takes_or_says_why(functions: Functions, config: &str) -> Verdict {
    let created = functions.create(config)?;
    let shown: String = config.chars().take(60).collect();
    match created.status {
        status::OK => expect(created.instance.is_some(), || {
            format!("`create` gives back CB_OK and no instance for {shown}")
        }),
        status::E_CONFIG => expect(!created.message.is_empty(), || {
            format!("`create` refuses {shown} without a message; say which member is wrong")
        }),
        other => Err(format!(
            "`create` gives back {} for {shown}; it must take a configuration or give back CB_E_CONFIG",
            words(other)
        )
        .into()),
    }
}

/// The members that a configuration may have: name and kind.
fn members<'a>(bench: &'a Bench<'_>) -> Vec<(&'a str, &'a str)> {
    let rules = bench.manifest.rules.iter().flat_map(|rule| &rule.config);
    let declared = rules.map(|(name, kind)| (&**name, &**kind));
    let schema = bench.manifest.config_schema.as_ref().and_then(|schema| schema.get("properties"));
    let in_schema = schema.and_then(Value::as_object).into_iter().flat_map(Map::iter);
    let in_schema = in_schema.map(|(name, property)| {
        (&**name, property.get("type").and_then(Value::as_str).unwrap_or_default())
    });
    declared.chain(in_schema).collect()
}

fn made_up(bench: &Bench<'_>, generator: &mut Generator) -> Value {
    let members = members(bench);
    let mut config = Map::new();
    for _ in 0..generator.below(4) {
        let at = generator.below(members.len());
        let (name, kind) = members.get(at).copied().unwrap_or(("a", "text"));
        config.insert(name.to_owned(), value(kind, generator));
    }
    if generator.below(10) == 0 {
        config.insert("no_such_member".to_owned(), value("any", generator));
    }
    Value::Object(config)
}

/// Mostly of that kind.
fn value(kind: &str, generator: &mut Generator) -> Value {
    let texts = ["", "XS", "93990", "é\0", "-1"];
    match (kind, generator.below(8)) {
        (_, 0) => Value::Null,
        (_, 1) => json!([[], {}, [[1]]]),
        ("number" | "integer", _) | (_, 2) => {
            let numbers =
                [json!(0), json!(-1), json!(1.5), json!(u64::MAX), json!(i64::MIN), json!(90)];
            numbers.get(generator.below(numbers.len())).cloned().unwrap_or_default()
        }
        ("flag" | "boolean", _) => (generator.below(2) == 0).into(),
        ("texts" | "array", _) | (_, 3) => {
            let count = generator.below(4);
            (0..count).map(|at| texts.get(at).copied().unwrap_or_default()).collect()
        }
        _ => texts.get(generator.below(texts.len())).copied().unwrap_or_default().into(),
    }
}
