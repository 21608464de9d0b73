//! One cell of a row, and the procedure codes in cells.

/// A cell: its text without blanks around it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cell<'a> {
    pub(crate) text: &'a str,
    /// Stored as a number in a workbook, which drops leading zeros.
    pub(crate) is_number: bool,
}

impl<'a> Cell<'a> {
    pub(crate) const fn text(text: &'a str) -> Self {
        Self { text: text.trim_ascii(), is_number: false }
    }

    /// The procedure code in it: five characters, digits but for one letter at the front or the end.
    pub(crate) fn code(self) -> Option<ProcedureText> {
        let bytes = self.text.as_bytes();
        let mut code = [b'0'; 5];
        if self.is_number && bytes.len() < 5 && !bytes.is_empty() {
            let (_, tail) = code.split_at_mut(5 - bytes.len());
            tail.copy_from_slice(bytes);
        } else {
            code = bytes.try_into().ok()?;
        }
        let [first, middle @ .., last] = &code;
        let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
        let fits = digits(middle)
            && match (first, last) {
                (b'0'..=b'9', b'0'..=b'9' | b'A'..=b'Z') => true,
                (b'A'..=b'Z', b'0'..=b'9') => !self.is_number,
                _ => false,
            };
        fits.then_some(ProcedureText(code))
    }
}

/// The five characters of a procedure code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ProcedureText([u8; 5]);

impl ProcedureText {
    pub(crate) fn as_str(&self) -> &str {
        // Only digits and capital letters got in.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The text of cell `index`, empty where the row has fewer.
pub(crate) fn text<'a>(cells: &[Cell<'a>], index: usize) -> &'a str {
    cells.get(index).map_or("", |cell| cell.text)
}

/// A line of a fixed-width file with one byte for each character, so that what is not plain ASCII moves no
/// position.
pub(crate) fn by_position(line: &str) -> String {
    line.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

/// Letters and digits of a caption, in small letters: `HCPCS/\nCPT Code` and `hcpcs cpt code` are one.
pub(crate) fn caption(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_keeps_its_zeros_and_a_number_of_a_workbook_gets_them_back() {
        let text = |text| Cell::text(text).code().map(|code| code.as_str().to_owned());
        let number =
            |text| Cell { text, is_number: true }.code().map(|code| code.as_str().to_owned());
        for good in ["00100", "0001A", "G0365", "93970"] {
            assert_eq!(text(good).as_deref(), Some(good));
        }
        for bad in ["100", "9397O1", "939 0", "G036A", "AAAAA", "", "93970.5", "0001a"] {
            assert_eq!(text(bad), None, "{bad}");
        }
        assert_eq!(number("100").as_deref(), Some("00100"));
        for bad in ["0.5", "93970.5", "1e5", "-1", "G1"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }
}
