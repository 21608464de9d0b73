//! A chart of bars that is a table: each row has its name, its bar and its amount.

use std::io::{self, Write};

use super::charts::Bar;
use crate::amount::Cents;
use crate::dollars::dollars;
use crate::markup::safe;

/// What a click on a name narrows the table of findings to; the script knows these names.
#[derive(Clone, Copy)]
pub(super) enum Filter {
    Rule,
    Payer,
    Provider,
}

impl Filter {
    const fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Payer => "payer",
            Self::Provider => "npi",
        }
    }
}

/// Writes one chart.
pub(super) fn write(
    out: &mut dyn Write,
    title: &str,
    heading: &str,
    filter: Filter,
    bars: &[Bar],
) -> io::Result<()> {
    writeln!(out, "<table class=\"chart\">\n<caption>Charge at risk {title}</caption>")?;
    writeln!(
        out,
        "<colgroup><col class=\"name\"><col><col class=\"sum\"></colgroup>\n<thead><tr><th scope=\"col\">{heading}</th><td></td><th scope=\"col\" class=\"number\">\
         Charge</th></tr></thead>\n<tbody>"
    )?;
    let drawn = bars.iter().filter(|bar| !bar.is_rest);
    let longest = drawn.map(|bar| bar.cents).max().unwrap_or_default().max(1);
    for Bar { name, cents, is_rest } in bars {
        let (class, name) = (if *is_rest { " class=\"quiet\"" } else { "" }, safe(name));
        write!(out, "<tr{class}><th scope=\"row\">")?;
        if *is_rest {
            write!(out, "{name}</th><td>")?;
        } else {
            let width = (cents.saturating_mul(1000) / longest).clamp(0, 1000);
            write!(
                out,
                "<a href=\"#findings\" data-filter=\"{}\" data-value=\"{name}\">{name}</a></th><td>\
                 <svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
                 <rect class=\"bar\" width=\"{width}\" height=\"10\"/></svg>",
                filter.name()
            )?;
        }
        writeln!(out, "</td><td class=\"number\">{}</td></tr>", dollars(Cents(*cents)))?;
    }
    if bars.is_empty() {
        writeln!(out, "<tr><td colspan=\"3\">Nothing is at risk.</td></tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")
}
