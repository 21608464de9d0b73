//! What a plugin takes from its process, and whether its answers hold in production.

use cleanbill_plugin_host::Said;
use serde_json::Value;

use crate::bench::{Bench, show};
use crate::footprint::{Footprint, resident};
use crate::outcome::{Ended, Verdict, expect};
use crate::production::{self, Place, Production};
use crate::show::Layout;
use crate::test::config::GROWTH;
use crate::test::load::not_told;

/// B7: what it finds is taken by the host, claim by claim.
pub(crate) fn answers_hold(bench: &Bench<'_>) -> Verdict {
    let mut production = Production::load(bench.original(), bench.config(), Place::Here)?;
    for claim in bench.claims(500) {
        let claim = production::read(&production::json_of(&claim)).map_err(Ended::Skip)?;
        production.judge(&claim)?;
    }
    Ok(())
}

/// B10: 10,000 claims take no more memory and no more files than 1,000.
pub(crate) fn needs_no_more(bench: &Bench<'_>) -> Verdict {
    let mut instance = bench.instance(bench.functions()?)?;
    let claims = bench.claims(100);
    let shown: Vec<_> =
        claims.iter().map(|claim| show(claim, Layout::PLAIN)).collect::<Result<_, _>>()?;
    let mut turn =
        |times: usize| {
            shown.iter().cycle().take(times).try_for_each(|shown| {
                bench.ask(&mut instance, shown).of_an_ordinary_claim().map(drop)
            })
        };
    turn(1_000)?;
    let room = bench.room();
    let files = Footprint::now(&room).ok_or_else(not_told)?.open_files();
    let memory = resident().ok_or_else(not_told)?;
    turn(10_000)?;
    let grown = resident().ok_or_else(no_file_is_left)?.saturating_sub(memory);
    expect(grown < GROWTH, || {
        format!("after 10,000 claims it holds {} KiB more than after 1,000", grown / 1_024)
    })?;
    let now = Footprint::now(&room).ok_or_else(no_file_is_left)?.open_files();
    expect(now == files, || {
        format!("{now} files are open after 10,000 claims, and {files} were before")
    })
}

/// B11: the examples of its manifest come out as it says.
pub(crate) fn examples_hold(bench: &Bench<'_>) -> Verdict {
    let examples = bench.manifest.rules.iter().flat_map(|rule| &rule.examples);
    if examples.count() == 0 {
        return Err(Ended::Skip("no rule of its manifest has `examples`".to_owned()));
    }
    let plugin = production::loaded(bench.original(), Place::Here)?;
    let names_of: Vec<(String, Vec<String>)> =
        plugin.info().checks().map(|check| (check.id, check.values)).collect();
    for rule in &bench.manifest.rules {
        for (example, number) in rule.examples.iter().zip(1..) {
            let member = |name: &str| {
                example.get(name).cloned().unwrap_or_else(|| Value::Object(<_>::default()))
            };
            let place = format!("example {number} of `{}`", rule.id);
            let check = plugin
                .check(&rule.id, &member("config").to_string())
                .map_err(|reason| format!("{place}: {reason}"))?;
            let claim = production::read(&production::whole(member("claim")))
                .map_err(|reason| format!("{place}: {reason}"))?;
            let found =
                check.judge(&claim).map_err(|fault| format!("{place}: {}", fault.message))?;
            let expected = example.get("expect").and_then(Value::as_array);
            let expected: Vec<&Value> = expected.into_iter().flatten().collect();
            let places: Vec<Option<usize>> = found.iter().map(line_of).collect();
            let wanted: Vec<Option<usize>> =
                expected.iter().map(|one| line_expected(one)).collect();
            expect(places == wanted, || {
                format!(
                    "{place}: it finds {}, and the manifest expects {}",
                    lines(&places),
                    lines(&wanted)
                )
            })?;
            for (said, wanted) in found.iter().zip(&expected) {
                let names = names_of.iter().find(|(id, _)| *id == rule.id).map(|(_, names)| names);
                let names = names.into_iter().flatten();
                for (name, value) in names.zip(&said.values) {
                    let wanted =
                        wanted.get("args").and_then(|args| args.get(name)).and_then(Value::as_str);
                    expect(wanted.is_none_or(|wanted| wanted == value), || {
                        format!(
                            "{place}: the value `{name}` is not the one that the manifest expects"
                        )
                    })?;
                }
            }
        }
    }
    Ok(())
}

fn line_of(said: &Said) -> Option<usize> {
    said.finding.line.map(|line| line + 1)
}

fn line_expected(one: &Value) -> Option<usize> {
    usize::try_from(one.get("line")?.as_u64()?).ok()
}

fn lines(places: &[Option<usize>]) -> String {
    let words =
        places.iter().map(|place| place.map_or("the claim".into(), |line| format!("line {line}")));
    let words: Vec<String> = words.collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

/// B13: judging claims leaves nothing behind: no thread, file, signal handler or variable.
pub(crate) fn leaves_nothing(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    let room = bench.room();
    let before = Footprint::now(&room).ok_or_else(not_told)?;
    let mut instance = bench.instance(functions)?;
    for claim in bench.claims(100) {
        bench.judge(&mut instance, &claim)?;
    }
    drop(instance);
    let after = Footprint::now(&room).ok_or_else(no_file_is_left)?;
    let changes = after.changes_since(&before);
    expect(changes.is_empty(), || format!("after 100 claims, {}", changes.join("; ")))
}

/// H1: closed off from the system, as in a run, it finds the same.
pub(crate) fn runs_closed_off(bench: &Bench<'_>) -> Verdict {
    let load = |place| Production::load(bench.original(), bench.config(), place);
    let (mut here, mut there) = (load(Place::Here)?, load(Place::Worker)?);
    for claim in bench.claims(200) {
        let claim = production::read(&production::json_of(&claim)).map_err(Ended::Skip)?;
        let (free, closed_off) = (here.judge(&claim)?, there.judge(&claim)?);
        expect(free == closed_off, || {
            format!(
                "in a process that may ask the system for nothing it gives {} findings, and {} where it \
                 may; `check` may depend on the claim and the configuration alone",
                closed_off.len(),
                free.len()
            )
        })?;
    }
    Ok(())
}

/// The process could tell before, and cannot open a file any more.
fn no_file_is_left() -> Ended {
    Ended::Fail("after it judged claims no file can be opened: it leaves files open".to_owned())
}
