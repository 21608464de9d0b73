//! The thread that starts the processes of plugins. Linux ends such a process together with the thread that
//! started it, and threads that judge claims come and go; this one stays as long as this process.

use std::io;
use std::process::{Child, Command};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

type Wanted = (Command, SyncSender<io::Result<Child>>);

/// Starts a process that lives as long as this one, if it is not ended before.
pub(super) fn start(command: Command) -> io::Result<Child> {
    static STARTER: OnceLock<Option<Mutex<Sender<Wanted>>>> = OnceLock::new();
    let gone = || io::Error::other("the thread that starts processes is gone");
    let starter = STARTER.get_or_init(|| {
        let (wanted, orders) = channel::<Wanted>();
        let serve = move || {
            while let Ok((mut command, answer)) = orders.recv() {
                // Whoever asked may be gone; then the process finds its pipes closed and ends.
                let _ = answer.send(command.spawn());
            }
        };
        thread::Builder::new().name("plugin-starter".to_owned()).spawn(serve).ok()?;
        Some(Mutex::new(wanted))
    });
    let starter = starter.as_ref().ok_or_else(gone)?;
    let (answer, started) = sync_channel(1);
    let order = starter.lock().unwrap_or_else(PoisonError::into_inner).send((command, answer));
    order.map_err(|_| gone())?;
    started.recv().map_err(|_| gone())?
}
