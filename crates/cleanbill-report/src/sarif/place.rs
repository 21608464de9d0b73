//! Where a result points to.

use core::fmt::Write as _;

use cleanbill_model::{Claim, Location};
use serde::Serialize;

/// A place in an input, and in words of the claim.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

/// A line of the file for viewers, and the byte for programs: an 837 is often one line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    byte_offset: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

/// A text of the format.
#[derive(Serialize)]
pub(super) struct Message {
    pub(super) text: String,
}

impl Place {
    pub(super) fn new(file: &str, location: Location) -> Self {
        Self {
            physical_location: Physical {
                artifact_location: Artifact { uri: uri(file) },
                region: Region { start_line: location.line.max(1), byte_offset: location.offset },
            },
            logical_locations: Vec::new(),
            message: None,
        }
    }

    /// Adds what the place is called on the claim: `PCN1/line 2`.
    pub(super) fn on(mut self, claim: &Claim, line: Option<u32>) -> Self {
        let (name, kind) = match line {
            Some(line) => (format!("{}/line {line}", claim.id()), "line"),
            None => (claim.id().to_owned(), "claim"),
        };
        self.logical_locations.push(Logical { fully_qualified_name: name, kind });
        self
    }

    pub(super) fn with_message(mut self, text: String) -> Self {
        self.message = Some(Message { text });
        self
    }
}

/// The name of an input as a URI reference (RFC 3986): a relative path stays relative.
fn uri(file: &str) -> String {
    let path = file.replace('\\', "/");
    let is_drive = path.as_bytes().get(1) == Some(&b':');
    let mut uri = match (path.starts_with('/'), is_drive) {
        (true, _) => "file://".to_owned(),
        (false, true) => "file:///".to_owned(),
        (false, false) => String::new(),
    };
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            b':' if is_drive => uri.push(':'),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            // Writing to a `String` cannot fail.
            byte => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_a_uri_that_leads_back_to_it() {
        assert_eq!(uri("claims.837"), "claims.837");
        assert_eq!(uri("in/a b%#?é.837"), "in/a%20b%25%23%3F%C3%A9.837");
        assert_eq!(uri("/tmp/x.837"), "file:///tmp/x.837");
        assert_eq!(uri("C:\\in\\x.837"), "file:///C:/in/x.837");
        assert_eq!(uri("a:b"), "file:///a:b");
        assert_eq!(uri("http://x"), "http%3A//x");
    }
}
