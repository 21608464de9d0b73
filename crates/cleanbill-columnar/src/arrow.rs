//! Arrow: files and streams of the IPC format, message by message.
//!
//! A file says at its end where its messages start, a stream gives them one after another.

mod directory;
mod message;
mod table;

pub(crate) use table::ArrowTable;
