//! Files in the exact form in which CMS publishes them, with invented rows, through plan and reader.

mod build;
mod edits;
mod others;
mod planned;
mod real;
