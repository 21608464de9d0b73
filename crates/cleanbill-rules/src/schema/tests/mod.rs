//! The schema against the loader: every misuse is refused, and editors do not mark what loads.

mod editor;
mod misuse;
