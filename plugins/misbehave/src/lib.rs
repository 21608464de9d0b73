//! A plugin that fails on demand, for the tests of the host. The procedure code of a line says how:
//! 99999 panics, 99998 names a rule that does not exist, 99997 a line that does not exist, 99996 gives a
//! finding, 99995 panics with a payload that panics again, 99994 gives 65 findings, 99993 a value that is
//! not of the declared kind, 99992 an undeclared one. Any other code is quiet.

#![expect(clippy::panic, reason = "panicking is what it is for")]

use cleanbill_plugin_sdk::{
    ClaimView, ConfigError, Findings, LineView, NoConfig, Plugin, Rule, export_plugin,
};

const TOLD_TO: Rule = Rule::at(0);
const NO_SUCH_RULE: Rule = Rule::at(77);

/// Stands for a value of a claim in the text of a panic: it must turn up nowhere.
const CANARY: &str = "ZZPHIZZ-member-W123456789";

struct Misbehave;

impl Plugin for Misbehave {
    type Config = NoConfig;

    fn create(_: NoConfig) -> Result<Self, ConfigError> {
        Ok(Self)
    }

    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        for line in claim.lines() {
            match line.code() {
                "99999" => panic_with_the_canary(),
                "99998" => out.find(NO_SUCH_RULE).on(line).emit(),
                "99997" => out.find(TOLD_TO).on_line(1_000).arg("count", 1).emit(),
                "99996" => find(line, out, "1"),
                "99995" => std::panic::panic_any(PanicsOnDrop),
                "99994" => (0..65).for_each(|_| find(line, out, "65")),
                "99993" => find(line, out, CANARY),
                "99992" => out.find(TOLD_TO).on(line).arg("number", 1).emit(),
                _ => {}
            }
        }
    }
}

fn find(line: LineView<'_>, out: &mut Findings<'_>, count: &str) {
    out.find(TOLD_TO).on(line).arg("count", count).emit();
}

fn panic_with_the_canary() {
    panic!("{CANARY} not found");
}

struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        panic_with_the_canary();
    }
}

export_plugin!(Misbehave, include_str!("../plugin.json"));
