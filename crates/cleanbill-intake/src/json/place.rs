//! Where a value of claim JSON stands, and the readings that every member shares.

use std::fmt::Display;

use cleanbill_model::{Claim, Money, Npi, TextRef, Units};
use serde_json::value::RawValue;

use super::declaration::Text;
use crate::codes;
use crate::problem::Problem;

/// Where a value stands, to name it in an error.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Claim,
    Line(usize),
}

impl Place {
    #[cold]
    pub(super) fn path(self, member: &str) -> String {
        match self {
            Self::Claim => member.to_owned(),
            Self::Line(index) => format!("lines[{index}].{member}"),
        }
    }

    #[cold]
    pub(super) fn unreadable(self, member: &str, error: impl Display, fix: &str) -> Problem {
        let path = self.path(member);
        let message = format!("`{path}` {error}");
        Problem::new(codes::JSON_VALUE, path, message, fix)
    }

    #[cold]
    pub(super) fn missing(self, member: &str, fix: &str) -> Problem {
        let path = self.path(member);
        let message = format!("`{path}` is missing");
        Problem::new(codes::JSON_MISSING, path, message, fix)
    }

    /// Reads a member that may be absent.
    pub(super) fn read<T, E: Display>(
        self,
        member: &str,
        text: Option<&Text<'_>>,
        read: impl Fn(&[u8]) -> Result<T, E>,
    ) -> Result<Option<T>, Problem> {
        let Some(Text(text)) = text else { return Ok(None) };
        let fix = "correct the value, or leave the member out";
        read(text.as_bytes()).map(Some).map_err(|error| self.unreadable(member, error, fix))
    }

    /// Copies a text that may be absent. Control characters other than those of a text's layout are
    /// refused: they have no meaning in a claim and forge lines elsewhere.
    pub(super) fn text(
        self,
        member: &str,
        text: Option<&Text<'_>>,
        claim: &mut Claim,
    ) -> Result<TextRef, Problem> {
        let Some(Text(text)) = text else { return Ok(TextRef::default()) };
        let layout = matches!(member, "note" | "description");
        if text.chars().any(|c| c.is_control() && !(layout && matches!(c, '\n' | '\r' | '\t'))) {
            let fix = "take the control character out";
            return Err(self.unreadable(member, "holds a control character", fix));
        }
        Ok(claim.texts.add(text))
    }

    pub(super) fn npi(self, member: &str, text: Option<&Text<'_>>) -> Result<Option<Npi>, Problem> {
        self.read(member, text, Npi::new)
    }

    /// An amount of money.
    pub(super) fn money(self, member: &str, raw: &RawValue) -> Result<Money, Problem> {
        Money::parse(self.plain(member, raw)?.as_bytes()).map_err(|error| {
            self.unreadable(member, error, "write the amount in dollars and cents, `412.00`")
        })
    }

    /// A quantity.
    pub(super) fn quantity(self, member: &str, raw: &RawValue) -> Result<Units, Problem> {
        Units::parse(self.plain(member, raw)?.as_bytes()).map_err(|error| {
            self.unreadable(member, error, "write the quantity as a plain number, `1` or `0.5`")
        })
    }

    /// The digits of a number or of a number as text.
    fn plain<'a>(self, member: &str, raw: &'a RawValue) -> Result<&'a str, Problem> {
        let text = raw.get();
        if !text.starts_with(|c: char| matches!(c, '"' | '-' | '0'..='9')) {
            let path = self.path(member);
            let message = format!("`{path}` is neither a number nor a number as text");
            let fix = "write a number, or leave the member out";
            return Err(Problem::new(codes::JSON_TYPE, path, message, fix));
        }
        Ok(text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text))
    }
}
