//! What the process of a plugin may still ask the system for. From before its library is loaded, since loading
//! runs code of the plugin: reading files, as the loader must. Once it is loaded: memory, the time and its two
//! pipes. Everything else is refused, not fatal, so that a plugin which asks in vain can go on.

/// System calls by their numbers, and on which arguments a rule holds.
#[cfg(target_os = "linux")]
type Rules = std::collections::BTreeMap<i64, Vec<seccompiler::SeccompRule>>;

/// What is closed off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sandbox {
    /// System calls are restricted.
    pub(super) system_calls: bool,
    /// Files are out of reach.
    pub(super) files: bool,
}

/// Closes off what no loader needs: writing, making and removing files, the network, other processes. Whether
/// the system can is told by [`enter`].
#[cfg(target_os = "linux")]
pub(super) fn prepare() {
    let _ = landlock(true);
    let _ = load_time_seccomp();
}

/// Closes the process off as far as the system can, all threads that a constructor may have begun included.
#[cfg(target_os = "linux")]
pub(super) fn enter() -> Sandbox {
    let files = landlock(false).is_some();
    Sandbox { files, system_calls: seccomp().is_some() }
}

/// Here the system cannot.
#[cfg(not(target_os = "linux"))]
pub(super) const fn prepare() {}

/// Closes the process off as far as the system can: here it cannot.
#[cfg(not(target_os = "linux"))]
pub(super) fn enter() -> Sandbox {
    Sandbox::default()
}

/// No file, unless it is to be read and that may be, and no network where the kernel knows how.
#[cfg(target_os = "linux")]
fn landlock(may_read: bool) -> Option<()> {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr as _,
        RulesetCreatedAttr as _, RulesetStatus,
    };
    let all = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V5)));
    let mut rules = all.ok()?.create().ok()?;
    if may_read {
        let everywhere = PathFd::new("/").ok()?;
        let reading = AccessFs::ReadFile | AccessFs::ReadDir;
        rules = rules.add_rule(PathBeneath::new(everywhere, reading)).ok()?;
    }
    let done = rules.restrict_self().ok()?;
    (done.ruleset != RulesetStatus::NotEnforced).then_some(())
}

/// What a plugin has no reason to do while it is loaded. Files are in it once more, for kernels without Landlock.
#[cfg(target_os = "linux")]
fn load_time_seccomp() -> Option<()> {
    use seccompiler::SeccompCmpOp::MaskedEq;
    use seccompiler::SeccompRule;
    let closed = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_io_uring_setup,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_kill,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_open,
        libc::SYS_openat2,
        libc::SYS_truncate,
        libc::SYS_mkdirat,
        libc::SYS_mknodat,
        libc::SYS_unlinkat,
        libc::SYS_linkat,
        libc::SYS_symlinkat,
        libc::SYS_renameat2,
        libc::SYS_fchmod,
        libc::SYS_fchmodat,
        libc::SYS_fchown,
        libc::SYS_fchownat,
        libc::SYS_setxattr,
        libc::SYS_fsetxattr,
        libc::SYS_utimensat,
    ];
    let mut rules: Rules = closed.into_iter().map(|call| (call, Vec::new())).collect();
    #[cfg(target_arch = "x86_64")]
    rules.extend(
        [
            libc::SYS_creat,
            libc::SYS_mkdir,
            libc::SYS_mknod,
            libc::SYS_unlink,
            libc::SYS_rmdir,
            libc::SYS_link,
            libc::SYS_symlink,
            libc::SYS_rename,
            libc::SYS_renameat,
            libc::SYS_chmod,
            libc::SYS_chown,
            libc::SYS_lchown,
            libc::SYS_fork,
            libc::SYS_vfork,
        ]
        .map(|call| (call, Vec::new())),
    );
    let changing = |place| {
        let flags = [libc::O_WRONLY, libc::O_RDWR, libc::O_CREAT, libc::O_TRUNC];
        let rule = |flag| {
            let flag = u64::try_from(flag).ok()?;
            SeccompRule::new(vec![argument(place, MaskedEq(flag), flag)?]).ok()
        };
        flags.into_iter().map(rule).collect::<Option<Vec<_>>>()
    };
    rules.insert(libc::SYS_openat, changing(2)?);
    #[cfg(target_arch = "x86_64")]
    rules.insert(libc::SYS_open, changing(1)?);
    seccompiler::apply_filter(&filter(rules, true)?).ok()
}

/// A filter that allows or refuses the calls that `rules` names, and does the opposite with all others.
#[cfg(target_os = "linux")]
fn filter(rules: Rules, are_refused: bool) -> Option<seccompiler::BpfProgram> {
    use seccompiler::{SeccompAction, SeccompFilter};
    let refused = SeccompAction::Errno(u32::try_from(libc::EPERM).ok()?);
    let (named, others) =
        if are_refused { (refused, SeccompAction::Allow) } else { (SeccompAction::Allow, refused) };
    let here = std::env::consts::ARCH.try_into().ok()?;
    SeccompFilter::new(rules, others, named, here).ok()?.try_into().ok()
}

#[cfg(target_os = "linux")]
fn seccomp() -> Option<()> {
    let program = filter(rules()?, false)?;
    // A constructor of the library may have begun threads.
    seccompiler::apply_filter_all_threads(&program).ok()
}

/// The calls that are allowed.
#[cfg(target_os = "linux")]
fn rules() -> Option<Rules> {
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
    let mut rules: Rules = free.into_iter().map(|call| (call, Vec::new())).collect();
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
