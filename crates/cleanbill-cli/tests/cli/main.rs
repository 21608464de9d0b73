//! The `cleanbill` command from outside: what users and scripts rely on.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop there; the lints know only functions marked as tests"
)]

mod acknowledgements;
#[cfg(target_os = "linux")]
mod audit;
mod command;
mod counter;
mod coverage;
mod diff;
mod example;
mod explain;
mod explain_scenarios;
mod final_claims;
mod formats;
mod help;
mod history;
mod history_store;
mod imported;
mod jobs;
mod kept_tables;
#[cfg(target_os = "linux")]
mod kills;
mod layers;
mod learn;
mod national;
#[cfg(target_os = "linux")]
mod network;
#[cfg(unix)]
mod out_dir;
mod pack;
mod pack_signatures;
#[cfg(unix)]
mod page;
#[cfg(target_os = "linux")]
mod plugin_author;
mod plugin_checks;
#[cfg(target_os = "linux")]
#[cfg(target_os = "linux")]
mod plugin_conformance;
mod plugin_crashes;
mod plugin_rules;
mod plugin_trust;
mod plugins;
mod plugins_new;
mod postgres;
mod privacy;
mod query_back;
mod readers;
mod readme;
mod reports;
#[cfg(unix)]
mod resume;
mod rules;
mod rules_doc;
mod rules_fmt;
mod rules_new;
#[cfg(unix)]
mod run_cache;
mod same_claim;
mod same_rare_facts;
mod streams;
mod tables;
mod tables_claims;
mod timelines;
mod tutorial;
mod validate;
mod warnings;
mod writing_plugins;
