//! What a library does when it is loaded and asked who it is.

use std::time::{Duration, Instant};

use cleanbill_plugin_abi::AbiVersion;

use crate::bench::Bench;
use crate::footprint::Footprint;
use crate::outcome::{Ended, Verdict, expect};

/// Load and first instance take no longer.
const READY: Duration = Duration::from_millis(100);

/// L1: all its symbols are found when it is loaded.
pub(crate) fn resolves(bench: &Bench<'_>) -> Verdict {
    bench.open().map(|_| ())
}

/// L2: it is ready soon.
pub(crate) fn is_ready_soon(bench: &Bench<'_>) -> Verdict {
    let start = Instant::now();
    let instance = bench.instance(bench.functions()?)?;
    let took = start.elapsed();
    drop(instance);
    expect(took < READY, || {
        format!(
            "it took {} ms to load and to make an instance; {} are allowed",
            took.as_millis(),
            READY.as_millis()
        )
    })
}

/// L3: loading leaves nothing behind.
pub(crate) fn leaves_nothing(bench: &Bench<'_>) -> Verdict {
    let room = bench.room();
    let before = Footprint::now(&room).ok_or_else(not_told)?;
    bench.functions()?;
    let after = Footprint::now(&room).ok_or_else(not_told)?;
    let changes = after.changes_since(&before);
    expect(changes.is_empty(), || format!("after loading, {}", changes.join("; ")))
}

/// L4: it does not serve a host of another major version.
pub(crate) fn refuses_other_majors(bench: &Bench<'_>) -> Verdict {
    let plugin = bench.open()?;
    for major in [0, AbiVersion::CURRENT.major + 1, 77, u16::MAX] {
        let answer = plugin.entry(major, 0)?;
        expect(answer.is_null(), || {
            format!("its entry gives a table to a host of ABI {major}.0, which it cannot know")
        })?;
    }
    Ok(())
}

/// L5: it serves a host of a later minor version.
pub(crate) fn serves_later_minors(bench: &Bench<'_>) -> Verdict {
    let plugin = bench.open()?;
    let major = AbiVersion::CURRENT.major;
    for minor in [AbiVersion::CURRENT.minor + 1, 99, u16::MAX] {
        let answer = plugin.entry(major, minor)?;
        expect(!answer.is_null(), || {
            format!("its entry gives NULL to a host of ABI {major}.{minor}; a minor only appends")
        })?;
    }
    Ok(())
}

/// L6: it has no extension that nobody has defined.
pub(crate) fn knows_no_strange_extension(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    for id in ["org.example.unknown/1", "", "cleanbill.", "\0", &"x".repeat(5_000)] {
        let has_it = functions.extension(id).unwrap_or(false);
        expect(!has_it, || {
            let id: String = id.chars().take(40).collect();
            format!("it gives an extension for `{}`, which does not exist", id.escape_default())
        })?;
    }
    Ok(())
}

/// L7: its table is always the same.
pub(crate) fn has_one_table(bench: &Bench<'_>) -> Verdict {
    let plugin = bench.open()?;
    let AbiVersion { major, minor } = AbiVersion::CURRENT;
    let (first, second) = (plugin.entry(major, minor)?, plugin.entry(major, minor)?);
    expect(first == second, || "its entry gives another table each time".to_owned())
}

/// L8: its table is whole and of the version that its manifest says.
pub(crate) fn has_a_whole_table(bench: &Bench<'_>) -> Verdict {
    let (functions, found) = bench.open()?.table()?;
    let said = bench.abi().ok_or_else(|| "it has no manifest".to_owned())?;
    expect(found == said, || {
        format!("its manifest says that it is built for ABI {said}, and its table says {found}")
    })?;
    functions.destroy_nothing();
    Ok(())
}

/// The system does not tell what a process has.
pub(crate) fn not_told() -> Ended {
    Ended::Skip("this system does not tell what a process has open".to_owned())
}
