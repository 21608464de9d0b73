//! Limits of the process that runs one test, so that a plugin that takes everything takes no more than that.

/// Sets the limits; what the system refuses is left as it is, for the test is watched all the same.
#[cfg(unix)]
pub(crate) fn limit_this_process() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits = [
        // Bytes: enough for the program, two instances and the claims.
        (Resource::As, 1 << 30),
        (Resource::Fsize, 16 << 20),
        (Resource::Nofile, 1_024),
        // Seconds.
        (Resource::Cpu, 120),
        (Resource::Core, 0),
    ];
    for (what, most) in limits {
        let _ = setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) });
    }
}

/// This system has no limits of that kind.
#[cfg(not(unix))]
pub(crate) fn limit_this_process() {}
