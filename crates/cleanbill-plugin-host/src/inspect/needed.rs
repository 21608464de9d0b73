//! Libraries that a plugin may need: those that every program on the system has. Anything else would be code
//! that nobody looked at.

use super::wrong;
use crate::refusal::Problem;

/// On Linux, up to the version behind `.so`.
const LINUX: &[&str] =
    &["libc", "libm", "libgcc_s", "libpthread", "libdl", "librt", "ld-linux", "ld-linux-x86-64"];
/// The same, for the loaders of other machines.
const LOADERS: &[&str] = &["ld-linux-", "ld64"];
/// On macOS, in full.
const MACOS: &[&str] = &["/usr/lib/libSystem.B.dylib", "/usr/lib/libiconv.2.dylib"];
/// On Windows, in any case of letters.
const WINDOWS: &[&str] = &[
    "kernel32",
    "ntdll",
    "advapi32",
    "bcrypt",
    "bcryptprimitives",
    "userenv",
    "ws2_32",
    "ucrtbase",
];
/// The same, by how their names begin.
const WINDOWS_STARTS: &[&str] = &["vcruntime", "api-ms-win-"];

/// Whether each of the `needed` libraries may be; `locked` are the names that the lock knows.
pub(super) fn check(needed: &[String], locked: &[&str]) -> Result<(), Problem> {
    let stranger = needed.iter().find(|name| !is_system(name) && !locked.contains(&name.as_str()));
    match stranger {
        None => Ok(()),
        Some(name) => Err(wrong(
            format!("it needs the library `{name}`, which is none of the system's own"),
            format!(
                "link it statically, or name the file with `cleanbill plugins trust FILE --needed \
                 {name}=PATH`"
            ),
        )),
    }
}

/// Whether a library of that name comes with the system and needs no entry in a lock.
pub(crate) fn is_system(name: &str) -> bool {
    if cfg!(target_os = "macos") {
        return MACOS.contains(&name);
    }
    if cfg!(windows) {
        let name = name.to_ascii_lowercase();
        let stem = name.strip_suffix(".dll").unwrap_or(&name);
        return WINDOWS.contains(&stem)
            || WINDOWS_STARTS.iter().any(|start| stem.starts_with(start));
    }
    let Some((stem, version)) = name.split_once(".so") else { return false };
    let is_version = version.is_empty()
        || version.strip_prefix('.').is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        });
    let is_loader = LOADERS.iter().any(|start| stem.starts_with(start)) && !stem.contains('/');
    is_version && (LINUX.contains(&stem) || is_loader)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::is_system;

    #[test]
    fn only_the_systems_own_libraries_need_no_lock() {
        for name in ["libc.so.6", "libm.so.6", "libgcc_s.so.1", "ld-linux-aarch64.so.1"] {
            assert!(is_system(name), "{name}");
        }
        for name in [
            "libz.so.1",
            "/tmp/libc.so.6",
            "libc.so.6x",
            "libc.so.",
            "libcc.so.6",
            "libc",
            "./libc.so",
        ] {
            assert!(!is_system(name), "{name}");
        }
    }
}
