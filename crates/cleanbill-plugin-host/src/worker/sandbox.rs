//! What the process of a plugin may still ask the system for once its library is loaded: memory, the time and
//! its two pipes. Everything else is refused, not fatal, so that a plugin which asks in vain can go on.

/// What is closed off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sandbox {
    /// System calls are restricted.
    pub(super) system_calls: bool,
    /// Files are out of reach.
    pub(super) files: bool,
}

/// Closes the process off as far as the system can.
#[cfg(target_os = "linux")]
pub(super) fn enter() -> Sandbox {
    let files = landlock().is_some();
    Sandbox { files, system_calls: seccomp().is_some() }
}

/// Closes the process off as far as the system can: here it cannot.
#[cfg(not(target_os = "linux"))]
pub(super) fn enter() -> Sandbox {
    Sandbox::default()
}

/// No file, and no network where the kernel knows how.
#[cfg(target_os = "linux")]
fn landlock() -> Option<()> {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetStatus,
    };
    let all = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V5)));
    let done = all.ok()?.create().ok()?.restrict_self().ok()?;
    (done.ruleset != RulesetStatus::NotEnforced).then_some(())
}

#[cfg(target_os = "linux")]
fn seccomp() -> Option<()> {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
    let refused = SeccompAction::Errno(u32::try_from(libc::EPERM).ok()?);
    let here = std::env::consts::ARCH.try_into().ok()?;
    let filter = SeccompFilter::new(rules()?, refused, SeccompAction::Allow, here).ok()?;
    let program: BpfProgram = filter.try_into().ok()?;
    // A constructor of the library may have begun threads.
    seccompiler::apply_filter_all_threads(&program).ok()
}

/// The calls that are allowed.
#[cfg(target_os = "linux")]
fn rules() -> Option<std::collections::BTreeMap<i64, Vec<seccompiler::SeccompRule>>> {
    use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
    use seccompiler::SeccompRule;
    let free = [
        // The pipes.
        libc::SYS_read,
        libc::SYS_write,
        libc::SYS_readv,
        libc::SYS_writev,
        // Memory.
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_brk,
        libc::SYS_madvise,
        // Time, waiting for oneself, chance.
        libc::SYS_clock_gettime,
        libc::SYS_clock_getres,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_gettimeofday,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_restart_syscall,
        libc::SYS_getrandom,
        // Oneself and one's end.
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let mut rules: std::collections::BTreeMap<i64, Vec<_>> =
        free.into_iter().map(|call| (call, Vec::new())).collect();
    let executable = u64::try_from(libc::PROT_EXEC).ok()?;
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        rules.insert(
            call,
            vec![SeccompRule::new(vec![argument(2, MaskedEq(executable), 0)?]).ok()?],
        );
    }
    // `abort` signals its own process; no other may be signalled.
    let own = u64::from(std::process::id());
    let abort = u64::try_from(libc::SIGABRT).ok()?;
    rules.insert(
        libc::SYS_tgkill,
        vec![SeccompRule::new(vec![argument(0, Eq, own)?, argument(2, Eq, abort)?]).ok()?],
    );
    Some(rules)
}

#[cfg(target_os = "linux")]
fn argument(
    place: u8,
    how: seccompiler::SeccompCmpOp,
    value: u64,
) -> Option<seccompiler::SeccompCondition> {
    use seccompiler::{SeccompCmpArgLen, SeccompCondition};
    SeccompCondition::new(place, SeccompCmpArgLen::Dword, how, value).ok()
}
