//! Which format an input has: chosen by the user, or seen in its first bytes.

use crate::codes;
use crate::lines::told_by;
use crate::problem::Problem;

/// Bytes of the start of an input in which a format is looked for.
pub(crate) const SNIFFED: usize = 64 * 1024;

/// A format that can be read, as `--input-format` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatChoice {
    /// X12 837.
    X12,
    /// Claim JSON: one object, an array of objects, or objects one after another.
    Json,
    /// Claim JSON, one object a line.
    Ndjson,
    /// FHIR R4 Claim or ExplanationOfBenefit: a resource, a Bundle, or one resource a line.
    Fhir,
    /// A table of service lines, as CSV.
    Csv,
    /// A table of service lines, as Parquet.
    Parquet,
    /// A table of service lines, as an Arrow file or stream.
    Arrow,
}

impl FormatChoice {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::X12, Self::Json, Self::Ndjson, Self::Fhir, Self::Csv, Self::Parquet, Self::Arrow];

    /// The name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X12 => "x12",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Fhir => "fhir",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }
}

/// The columnar format that an input starts with. Its rows are read by a crate of their own, from a file.
#[must_use]
pub fn columnar(start: &[u8]) -> Option<FormatChoice> {
    match start {
        [b'P', b'A', b'R', b'1' | b'E', ..] => Some(FormatChoice::Parquet),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Some(FormatChoice::Arrow),
        // A stream starts with the mark of a message and the length of the schema.
        [0xff, 0xff, 0xff, 0xff, _, _, _, 0, ..] => Some(FormatChoice::Arrow),
        _ => None,
    }
}

/// Tells the format from `bytes`, the start of the input behind a byte order mark and white space.
pub(crate) fn sniff(bytes: &[u8]) -> Result<FormatChoice, Problem> {
    match bytes {
        [] => Err(empty()),
        [b'{' | b'[', ..] if is_fhir(bytes) => Ok(FormatChoice::Fhir),
        [b'{', ..] if is_one_a_line(bytes) => Ok(FormatChoice::Ndjson),
        [b'{' | b'[', ..] => Ok(FormatChoice::Json),
        _ if columnar(bytes).is_some() => Err(unrecognised(bytes)),
        _ if bytes.starts_with(b"ISA") || b"ISA".starts_with(bytes) => Ok(FormatChoice::X12),
        _ if foreign(bytes).is_none() && told_by(bytes).is_some() => Ok(FormatChoice::Csv),
        // A mail header or the like: what stands before the interchange is set aside.
        _ if foreign(bytes).is_none() && memchr::memmem::find(bytes, b"ISA*").is_some() => {
            Ok(FormatChoice::X12)
        }
        _ => Err(unrecognised(bytes)),
    }
}

/// Whether the first objects are FHIR resources: claim JSON has no member of that name.
fn is_fhir(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"\"resourceType\"";
    let behind = memchr::memmem::find(bytes, NAME).and_then(|at| bytes.get(at + NAME.len()..));
    behind.is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
}

/// Whether each line is an object: the second line starts one where no object that goes on over lines
/// could have another inside.
pub(crate) fn is_one_a_line(bytes: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', bytes) else { return false };
    let (first, rest) = bytes.split_at(end);
    let goes_on = matches!(first.trim_ascii_end().last(), Some(b'{' | b'[' | b':' | b','));
    !goes_on && rest.trim_ascii_start().starts_with(b"{")
}

/// The error for an input without anything in it.
pub(crate) fn empty() -> Problem {
    Problem::new(
        codes::EMPTY,
        "",
        "the file is empty or holds only white space",
        "name a file with claims: X12 837, claim JSON or NDJSON, FHIR, CSV, Parquet, Arrow",
    )
}

/// The error for an input that is said to be columnar and is not.
pub(crate) fn not_columnar(chosen: FormatChoice) -> Problem {
    let message =
        format!("the file does not start as `{}` does; nothing of it was read", chosen.as_str());
    let fix = "leave `--input-format` out; where the file is packed, unpack it";
    Problem::new(codes::UNRECOGNISED, "", message, fix)
}

fn unrecognised(bytes: &[u8]) -> Problem {
    let (what, fix) = foreign(bytes).unwrap_or((
        "nothing that is known",
        "name a file that starts with `ISA` (X12 837), `{` or `[` (claim JSON, FHIR); for CSV say which \
         column holds what: `--columns FILE`",
    ));
    let message = format!("the file looks like {what}; nothing of it was read");
    let names = FormatChoice::ALL.map(FormatChoice::as_str).join("|");
    let fix = format!("{fix}; `--input-format {names}` says what a file is that does not show it");
    Problem::new(codes::UNRECOGNISED, "", message, fix)
}

/// What to tell when an input looks like another format than the one that was chosen.
pub(crate) fn disagrees(chosen: FormatChoice, bytes: &[u8]) -> Option<Problem> {
    let is_x12 = |format: FormatChoice| format == FormatChoice::X12;
    let seen = sniff(bytes).ok().filter(|seen| is_x12(*seen) != is_x12(chosen))?;
    let (chosen, seen) = (chosen.as_str(), seen.as_str());
    let message = format!("the file looks like `{seen}`, but `{chosen}` was chosen");
    let fix = format!("leave `--input-format` out, or write `--input-format {seen}`");
    Some(Problem::new(codes::OTHER_FORMAT, "", message, fix))
}

/// What an input that is not read looks like, and what to do with it.
fn foreign(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "unpack it and name the file inside, or pipe it: `gunzip -c FILE | …`";
    const COLUMNAR: &str =
        "name the file itself, unpacked; `validate`, `diff` and `explain` read it";
    const RECODE: &str = "convert it to UTF-8 or ASCII, for example with `iconv`";
    const CLAIMS: &str = "name a file of claims: X12 837, claim JSON or NDJSON";
    const WHOLE: &str = "start the file with its `ISA` segment: the separators stand there";
    const STARTS: [(&[u8], &str, &str); 17] = [
        (b"\x1f\x8b", "a gzip archive within an archive", UNPACK),
        (b"PK\x03\x04", "a zip archive or an Office document", UNPACK),
        (b"\x28\xb5\x2f\xfd", "a zstd archive within an archive", UNPACK),
        (b"BZh", "a bzip2 archive", UNPACK),
        (b"\xfd7zXZ", "an xz archive", UNPACK),
        (b"\x89PNG", "a PNG image", CLAIMS),
        (b"\xff\xd8\xff", "a JPEG image", CLAIMS),
        (b"%PDF", "a PDF document", CLAIMS),
        (b"PAR", "a Parquet file", COLUMNAR),
        (b"ARROW1", "an Arrow file", COLUMNAR),
        (b"\xff\xfe", "UTF-16 text", RECODE),
        (b"\xfe\xff", "UTF-16 text", RECODE),
        (b"I\0S\0", "UTF-16 text", RECODE),
        (b"\xc9\xe2\xc1", "an EBCDIC file", RECODE),
        (b"<", "XML or HTML", CLAIMS),
        (b"MSH|", "an HL7 version 2 message", CLAIMS),
        (b"UN", "an EDIFACT interchange", CLAIMS),
    ];
    if let Some((_, what, fix)) = STARTS.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return Some((what, fix));
    }
    let x12: [&[u8]; 4] = [b"GS*", b"ST*", b"BHT*", b"CLM*"];
    x12.iter()
        .any(|start| bytes.starts_with(start))
        .then_some(("X12 without its `ISA` segment", WHOLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        for (bytes, format) in [
            (&b"ISA*00*"[..], FormatChoice::X12),
            (b"IS", FormatChoice::X12),
            (b"From: a@b.example\n\nISA*00*", FormatChoice::X12),
            (b"[{\"claim_id\":\"1\"}]", FormatChoice::Json),
            (b"{\n \"claim_id\":\"1\"}", FormatChoice::Json),
            (b"{\"a\":1}\n", FormatChoice::Json),
            (b"{\"id\":\"1\",\n\"resourceType\" : \"Claim\"}", FormatChoice::Fhir),
            (b"{\"note\":\"resourceType\"}", FormatChoice::Json),
            (b"claim_id,claim_line_number,x,hcpcs_code\n1,1,,93970", FormatChoice::Csv),
            (b"BENE_ID|CLM_ID|LINE_NUM|LINE_1ST_EXPNS_DT|HCPCS_CD\r\n", FormatChoice::Csv),
            (b"{\"a\":\n{\"b\":2}}\n", FormatChoice::Json),
            (b"{\"a\":\"broken\n{\"a\":2}\n", FormatChoice::Ndjson),
            (b"{\"a\":\"}\"}\r\n{\"a\":2}\n", FormatChoice::Ndjson),
        ] {
            assert_eq!(sniff(bytes).ok(), Some(format), "{}", String::from_utf8_lossy(bytes));
        }
        for format in FormatChoice::ALL {
            assert_eq!(FormatChoice::from_name(format.as_str()), Some(format));
        }
    }

    #[test]
    fn a_choice_that_the_input_contradicts_is_told() {
        let told = |chosen, bytes: &[u8]| disagrees(chosen, bytes).map(|problem| problem.message);
        let message = told(FormatChoice::X12, b"{\"claim_id\":\"1\"}").unwrap();
        assert_eq!(message, "the file looks like `json`, but `x12` was chosen");
        assert!(told(FormatChoice::Ndjson, b"ISA*00*").unwrap().contains("like `x12`"));
        assert_eq!(told(FormatChoice::Json, b"{\"a\":1}\n{\"a\":2}\n"), None);
        assert_eq!(told(FormatChoice::X12, b"hello"), None);
    }

    #[test]
    fn what_is_not_read_is_named() {
        assert_eq!(sniff(b"").unwrap_err().code, codes::EMPTY);
        for (bytes, name) in [
            (&b"\x1f\x8b\x08"[..], "gzip"),
            (b"PK\x03\x04", "zip"),
            (b"\x89PNG\r\n", "PNG"),
            (b"%PDF-1.7", "PDF"),
            (b"\xff\xfeI\0", "UTF-16"),
            (b"\xc9\xe2\xc1\x5c", "EBCDIC"),
            (b"<?xml version='1.0'?>ISA*", "XML"),
            (b"ST*837*0001~", "without its `ISA`"),
            (b"hello", "nothing that is known"),
        ] {
            let problem = sniff(bytes).unwrap_err();
            assert_eq!(problem.code, codes::UNRECOGNISED);
            assert!(problem.message.contains(name), "{}", problem.message);
            assert!(problem.fix.contains("--input-format x12|json"), "{}", problem.fix);
        }
    }
}
