//! The tests that run a plugin, each in a process of its own.

pub(crate) mod behaviour;
pub(crate) mod claims;
pub(crate) mod config;
pub(crate) mod limits;
pub(crate) mod load;
pub(crate) mod made_up;
