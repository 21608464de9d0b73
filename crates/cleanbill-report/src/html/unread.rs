//! What could not be checked: places that could not be read or trusted, edits that could not run.

use std::io::{self, Write};

use cleanbill_model::{Fault, InputError};

use super::markup::{Heading, count, table_end, table_start};
use crate::markup::safe;
use crate::remedy::remedy;
use crate::report::JudgedClaim;

/// Entries on the page.
const LISTED: usize = 1_000;

/// The first entries of a run; the others are counted.
#[derive(Default)]
pub(super) struct Unread {
    listed: Vec<Entry>,
    left_out: u64,
}

/// Something that could not be read, trusted or judged.
struct Entry {
    kind: &'static str,
    code: Box<str>,
    claim: Box<str>,
    place: Box<str>,
    message: Box<str>,
    fix: Box<str>,
}

impl Unread {
    fn add(&mut self, make: impl FnOnce() -> Entry) {
        if self.listed.len() < LISTED {
            self.listed.push(make());
        } else {
            self.left_out += 1;
        }
    }

    pub(super) fn fault(&mut self, judged: &JudgedClaim<'_>, fault: &Fault) {
        self.add(|| Entry {
            kind: "fault",
            code: fault.edit.id.as_str().into(),
            claim: judged.claim.id().into(),
            place: format!("{}, line {}", judged.file, judged.claim.location.line).into(),
            message: format!("the edit could not run: {}", fault.message).into(),
            fix: remedy(fault.kind).into(),
        });
    }

    pub(super) fn input_error(&mut self, file: &str, error: &InputError) {
        self.add(|| {
            let location = error.location;
            let place = format!("{file}, line {}, byte {}", location.line, location.offset);
            let element = &error.element;
            let place = if element.is_empty() { place } else { format!("{place}, {element}") };
            Entry {
                kind: "input error",
                code: error.code.into(),
                claim: error.claim.as_deref().unwrap_or_default().into(),
                place: place.into(),
                message: error.message.as_str().into(),
                fix: error.fix.as_str().into(),
            }
        });
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        writeln!(out, "<section id=\"unread\" aria-labelledby=\"unread-heading\">")?;
        writeln!(out, "<h2 id=\"unread-heading\">What could not be checked</h2>")?;
        if self.left_out > 0 {
            writeln!(
                out,
                "<p>The first {}; {} more are in the other formats, <code>csv</code> for one.</p>",
                count(self.listed.len()),
                count(self.left_out)
            )?;
        }
        let headings = ["Kind", "Code", "Claim", "Where", "What is wrong", "What to do"];
        let caption = "Input errors, and edits that could not run";
        table_start(out, caption, &headings.map(Heading::Text))?;
        for Entry { kind, code, claim, place, message, fix } in &self.listed {
            write!(out, "<tr><td>{kind}</td>")?;
            for text in [code, claim, place, message, fix] {
                write!(out, "<td>{}</td>", safe(text))?;
            }
            writeln!(out, "</tr>")?;
        }
        writeln!(out, "</tbody>")?;
        table_end(out)?;
        writeln!(out, "</section>")
    }
}
