//! All chosen tests, run.

use std::borrow::Cow;

use cleanbill_rules::{Coverage, Pack, PackTest, TestRun, TestStatus, Tester};

use super::plugin;
use crate::failure::Failure;
use crate::plugins::Plugins;
use crate::verb::rules::claim_file;

/// All chosen tests of all packs and plugins.
pub struct Results<'a> {
    /// Rule by rule, in the order of the packs' files; those of plugins last.
    pub rules: Vec<RuleResults<'a>>,
    /// What the tests prove of the chosen rules.
    pub coverage: Coverage,
}

/// The tests of one rule.
pub struct RuleResults<'a> {
    /// Name of its pack or plugin.
    pub origin: &'a str,
    /// The rule.
    pub id: &'a str,
    /// Its tests in their order.
    pub tests: Vec<(Test<'a>, TestRun)>,
}

/// A test of a pack, or an example of a plugin.
pub struct Test<'a> {
    /// Rule that it tests.
    pub rule: &'a str,
    /// What it shows.
    pub name: Cow<'a, str>,
    /// Where it stands.
    pub place: Cow<'a, str>,
}

impl<'a> From<&'a PackTest> for Test<'a> {
    fn from(test: &'a PackTest) -> Self {
        let (name, place) = (test.name.as_str().into(), test.place.as_str().into());
        Self { rule: &test.rule, name, place }
    }
}

/// How many tests ended how.
#[derive(Clone, Copy, Default)]
pub struct Count {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Marked `todo`, whatever came out.
    pub todo: usize,
}

impl<'a> Results<'a> {
    /// Runs the tests of all rules and the examples of all plugins, or those of the rule `only`.
    ///
    /// # Errors
    /// Before any test has run: a claim file cannot be read, or no test would prove anything.
    pub fn new(
        packs: &'a [Pack],
        plugins: &'a Plugins,
        only: Option<&str>,
    ) -> Result<Self, Failure> {
        let chosen = |id: &str| only.is_none_or(|only| only == id);
        claim_files(packs, chosen)?;
        let mut results = Self { rules: Vec::new(), coverage: Coverage::default() };
        for pack in packs {
            let mut coverage = Coverage::of(pack);
            coverage.rules.retain(|rule| chosen(&rule.id));
            let tester = Tester::new(pack, &claim_file::read);
            let infos = pack.edits.iter().flat_map(|edit| edit.infos());
            for id in infos.map(|info| info.id.as_str()).filter(|id| chosen(id)) {
                let tests: Vec<(&PackTest, TestRun)> = pack
                    .tests
                    .iter()
                    .filter(|test| test.rule == id)
                    .map(|test| (test, tester.run(test)))
                    .collect();
                for (test, run) in &tests {
                    coverage.add(test, run);
                }
                let tests = tests.into_iter().map(|(test, run)| (test.into(), run)).collect();
                results.rules.push(RuleResults { origin: &pack.name, id, tests });
            }
            results.coverage.absorb(coverage);
        }
        for plugin in plugins.loaded() {
            for (rule, coverage) in plugin::results(plugin).filter(|(rule, _)| chosen(rule.id)) {
                results.rules.push(rule);
                results.coverage.rules.push(coverage);
            }
        }
        results.proves_something(only)?;
        Ok(results)
    }

    /// The tests with their rule.
    pub fn tests(&self) -> impl Iterator<Item = (&Test<'a>, &TestRun)> {
        self.rules.iter().flat_map(|rule| rule.tests.iter().map(|(test, run)| (test, run)))
    }

    /// How many tests ended how.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for (_, run) in self.tests() {
            match run.status {
                TestStatus::Passed => count.passed += 1,
                TestStatus::Failed => count.failed += 1,
                TestStatus::Todo | TestStatus::TodoPassed => count.todo += 1,
            }
        }
        count
    }

    fn proves_something(&self, only: Option<&str>) -> Result<(), Failure> {
        let Count { passed, failed, todo } = self.count();
        if passed + failed > 0 {
            return Ok(());
        }
        let message = match (only, todo) {
            (Some(rule), 0) => format!("no test was run: no rule `{rule}` with tests"),
            (None, 0) => "no test was run".to_owned(),
            _ => "no test was run: every one is marked `todo`".to_owned(),
        };
        Err(Failure::refused(
            message,
            "`cleanbill rules list` shows all rules; a rule without tests proves nothing",
        ))
    }
}

fn claim_files(packs: &[Pack], chosen: impl Fn(&str) -> bool) -> Result<(), Failure> {
    for pack in packs {
        let tester = Tester::new(pack, &claim_file::read);
        for test in pack.tests.iter().filter(|test| chosen(&test.rule)) {
            if let Err(reason) = tester.claim(test) {
                return Err(Failure::refused(
                    format!("{}: test \"{}\" of `{}`: {reason}", test.place, test.name, test.rule),
                    "`cleanbill validate` shows what is wrong with a file of claims",
                ));
            }
        }
    }
    Ok(())
}
