//! Lines of a text, found without counting from its start each time.

/// Where the lines of a text start.
#[derive(Clone, Debug)]
pub(crate) struct LineStarts(Vec<usize>);

impl LineStarts {
    pub(crate) fn new(text: &str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(core::iter::once(0).chain(after_breaks.map(|(at, _)| at + 1)).collect())
    }

    /// Line that holds the byte `offset`, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset)
    }

    /// Byte at which a line, from 1, starts; none for lines behind the last.
    pub(crate) fn start(&self, line: usize) -> Option<usize> {
        self.0.get(line.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_on_the_line_that_starts_at_or_before_it() {
        let lines = LineStarts::new("a\nbc\n\nd");
        let found: Vec<usize> = (0..8).map(|offset| lines.line(offset)).collect();
        assert_eq!(found, [1, 1, 2, 2, 2, 3, 4, 4]);
        assert_eq!([0, 2, 4, 5].map(|line| lines.start(line)), [None, Some(2), Some(6), None]);
    }
}
