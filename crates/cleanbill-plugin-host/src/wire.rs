//! What crosses between this process and the process of a plugin: frames with flat batches of claims one way,
//! and what the plugin said of each claim the other way. Neither side believes a length that the other wrote.

mod batch;
mod claim;
mod cursor;
mod frame;
mod greeting;
mod inbox;
mod read;
mod reply;

pub(crate) use batch::{Batch, Mode};
pub(crate) use claim::Views;
#[cfg(unix)]
pub(crate) use cursor::CURSOR;
#[cfg(target_os = "linux")]
pub(crate) use cursor::claim_at;
pub(crate) use cursor::place;
#[cfg(test)]
pub(crate) use frame::parse;
pub(crate) use frame::{Frame, Kind, append, begin, finish};
pub(crate) use greeting::{Hello, Ready};
pub(crate) use inbox::Inbox;
pub(crate) use read::{Malformed, Reader, put_text};
pub(crate) use reply::{Fared, Reply, ReplyWriter};

#[cfg(test)]
mod tests;
