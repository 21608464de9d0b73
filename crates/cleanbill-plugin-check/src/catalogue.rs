//! Every test of the kit: its id, what it asks for, and what runs it.

use std::time::Duration;

use crate::bench::Bench;
use crate::outcome::Verdict;
use crate::statics::{self, StaticTest};
use crate::test::{behaviour, claims, config, limits, load};

/// The version of the kit: it changes when a plugin that passed could fail.
pub const KIT_VERSION: &str = "1.0";

/// A test of the kit.
#[derive(Clone, Copy)]
pub struct Test {
    /// `B8`.
    pub id: &'static str,
    /// What it asks of a plugin, in one line.
    pub asks: &'static str,
    pub(crate) how: How,
}

/// What runs a test.
#[derive(Clone, Copy)]
pub(crate) enum How {
    /// Looks at the library's bytes.
    Static(StaticTest),
    /// Runs the plugin in a process of its own.
    Probe {
        run: fn(&Bench<'_>) -> Verdict,
        /// After so long the process is killed.
        limit: Duration,
        /// What is measured may be measured again: others use the machine too.
        tries: u8,
        /// Nothing may be written to standard output or standard error.
        quiet: bool,
    },
    /// Runs it over claims that are made up until the time is up.
    MadeUp,
}

const LIMIT: Duration = Duration::from_secs(10);
const LONG: Duration = Duration::from_secs(20);

const fn looks(id: &'static str, asks: &'static str, run: StaticTest) -> Test {
    Test { id, asks, how: How::Static(run) }
}

const fn runs(id: &'static str, asks: &'static str, run: fn(&Bench<'_>) -> Verdict) -> Test {
    Test { id, asks, how: How::Probe { run, limit: LIMIT, tries: 1, quiet: false } }
}

const fn measures(id: &'static str, asks: &'static str, run: fn(&Bench<'_>) -> Verdict) -> Test {
    Test { id, asks, how: How::Probe { run, limit: LONG, tries: 3, quiet: false } }
}

const fn listens(id: &'static str, asks: &'static str, run: fn(&Bench<'_>) -> Verdict) -> Test {
    Test { id, asks, how: How::Probe { run, limit: LIMIT, tries: 1, quiet: true } }
}

/// The test that makes claims up.
pub const MADE_UP: &str = "H3";

/// Every test, in the order in which they run.
pub const TESTS: &[Test] = &[
    looks("S1", "its manifest is there once and valid", statics::has_one_manifest),
    looks("S2", "it exports its entry", statics::has_an_entry),
    looks("S3", "it is built for this host's ABI", statics::is_of_this_abi),
    looks(
        "S4",
        "it needs the system's libraries alone and asks for no dangerous loading",
        statics::loads_plainly,
    ),
    looks("S5", "it exports the names of the ABI alone", statics::exports_its_own),
    looks("S6", "its rules are unique and its words have their values", statics::has_sound_rules),
    looks("S7", "its configuration is described soundly", statics::describes_its_config),
    runs("L1", "all its symbols are found when it is loaded", load::resolves),
    measures("L2", "it is ready within 100 ms", load::is_ready_soon),
    listens("L3", "loading it leaves nothing behind and writes nothing", load::leaves_nothing),
    runs("L4", "it does not serve a host of another major version", load::refuses_other_majors),
    runs("L5", "it serves a host of a later minor version", load::serves_later_minors),
    runs("L6", "it has no extension that nobody defined", load::knows_no_strange_extension),
    runs("L7", "its table is always the same", load::has_one_table),
    runs("L8", "its table is whole and of its manifest's version", load::has_a_whole_table),
    runs("C1", "it starts without a configuration", config::has_defaults),
    runs("C2", "it takes a configuration or says what is wrong", config::takes_or_refuses),
    runs("C3", "it survives strange configurations", config::survives_strange_ones),
    measures("C4", "making instances keeps no memory", config::gives_memory_back),
    runs("K1", "claims with nothing in them", claims::nothing),
    runs("K2", "a claim of 999 lines", claims::many_lines),
    runs("K3", "claims without the fields that may be absent", claims::absent_fields),
    runs("K4", "strange and long texts", claims::strange_texts),
    runs("K5", "extreme dates and amounts", claims::extreme_numbers),
    runs("K6", "diagnosis pointers that lead nowhere", claims::pointers_out_of_range),
    runs("K7", "longer structs of a newer host", claims::a_newer_host),
    runs("K8", "nothing is read beyond its end", claims::ends_where_it_says),
    runs("K9", "fields that are not granted", claims::fields_not_granted),
    runs("K10", "full lists", claims::full_lists),
    runs("B1", "the same claim twice", behaviour::same_twice),
    runs("B2", "the same claims in another order", behaviour::same_in_any_order),
    runs("B3", "the same claims on fresh instances", behaviour::same_on_a_fresh_instance),
    runs("B4", "two instances on two threads", behaviour::same_on_two_threads),
    runs("B5", "it stops when nothing more is taken", behaviour::stops_when_told),
    runs("B6", "it minds the time", behaviour::minds_the_time),
    runs("B7", "its findings are valid", limits::answers_hold),
    runs("B8", "it writes to nothing that it was shown", behaviour::writes_to_nothing),
    runs("B9", "it keeps nothing that it was shown", behaviour::keeps_nothing),
    measures("B10", "10,000 claims take no more memory and files", limits::needs_no_more),
    runs("B11", "the examples of its manifest hold", limits::examples_hold),
    listens("B13", "judging leaves nothing behind and writes nothing", limits::leaves_nothing),
    runs("H1", "closed off from the system it finds the same", limits::runs_closed_off),
    Test { id: MADE_UP, asks: "claims that nobody writes", how: How::MadeUp },
];

/// The test of that id.
#[must_use]
pub fn named(id: &str) -> Option<&'static Test> {
    TESTS.iter().find(|test| test.id.eq_ignore_ascii_case(id))
}
