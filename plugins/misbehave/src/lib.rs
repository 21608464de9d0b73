//! A plugin that fails on demand, for the tests of the host and of the conformance kit. The procedure code of
//! a line says how; the table is in the README. Never shipped.

mod answer;
mod process;
mod raw;

use cleanbill_plugin_sdk::{
    ClaimView, Config, ConfigError, Findings, LineView, Plugin, export_plugin,
};
use serde::Deserialize;

/// Stands for a value of a claim where a plugin might spill one: it must turn up nowhere.
const CANARY: &str = "ZZPHIZZ-member-W123456789";

/// What a configuration may say: the code of a failure and when it is to happen beyond its own line.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Switches {
    /// On every claim, whatever its lines are.
    always: String,
    /// Where an instance is made.
    create: String,
    /// Where an instance is taken back.
    destroy: String,
}

#[derive(Default)]
struct Misbehave(Switches);

impl Plugin for Misbehave {
    fn configured(config: Config<'_>) -> Result<Self, ConfigError> {
        let switches: Switches = config.read()?;
        act(&switches.create);
        Ok(Self(switches))
    }

    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        if !self.0.always.is_empty() {
            on_line(&self.0.always, claim.lines().next(), out);
        }
        for line in claim.lines() {
            on_line(line.code(), Some(line), out);
        }
    }
}

impl Drop for Misbehave {
    fn drop(&mut self) {
        act(&self.0.destroy);
    }
}

/// The failure that `code` stands for, on `line` where the failure is of a line.
fn on_line(code: &str, line: Option<LineView<'_>>, out: &mut Findings<'_>) {
    match code {
        "99998" => answer::names_no_rule(line, out),
        "99997" => answer::names_no_line(out),
        "99996" => answer::finds(line, out, "1"),
        "99994" => answer::finds_often(65, line, out),
        "99993" => answer::finds(line, out, CANARY),
        "99992" => answer::brings_another_value(line, out),
        "99986" => process::sleep(line.map_or(0, LineView::units_thousandths)),
        "99975" => line.into_iter().for_each(|line| raw::write_over(line.code())),
        "99973" => answer::finds(line, out, "1\0"),
        "99972" => answer::finds(line, out, raw::not_utf8()),
        "99971" => answer::finds_often(1_000_000, line, out),
        "99964" => while !out.time_is_up() {},
        _ => act(code),
    }
}

/// The failure that `code` stands for, if it needs no claim.
fn act(code: &str) {
    match code {
        "99999" => process::panic_with_the_canary(),
        "99995" => process::panic_twice(),
        "99991" => raw::write_to_null(),
        "99990" => std::process::abort(),
        "99989" => std::process::exit(0),
        "99988" => raw::exit_at_once(),
        "99987" => process::loop_for_ever(),
        "99985" => process::overflow_the_stack(),
        "99984" => process::take_all_memory(),
        "99983" => process::leak(),
        "99982" => process::leak_a_file(),
        "99981" => process::leave_a_thread(),
        "99980" => raw::close_everything(),
        "99979" => process::write_to(&mut std::io::stdout()),
        "99978" => process::write_to(&mut std::io::stderr()),
        "99977" => raw::take_the_signals(),
        "99969" => process::read_a_file(),
        "99968" => process::make_a_file(),
        "99967" => process::open_a_socket(),
        "99966" => raw::fork(),
        _ => {}
    }
}

export_plugin!(Misbehave, include_str!("../plugin.json"));
