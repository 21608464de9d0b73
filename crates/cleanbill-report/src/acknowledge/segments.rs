//! Segments of an answer, written one element at a time.

/// The characters that separate an answer's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Separators {
    pub(super) element: char,
    pub(super) component: char,
    pub(super) repetition: char,
    pub(super) terminator: char,
}

impl Separators {
    const fn all(self) -> [char; 4] {
        [self.element, self.component, self.repetition, self.terminator]
    }
}

impl Default for Separators {
    fn default() -> Self {
        Self { element: '*', component: ':', repetition: '^', terminator: '~' }
    }
}

impl From<[char; 4]> for Separators {
    fn from([element, component, repetition, terminator]: [char; 4]) -> Self {
        Self { element, component, repetition, terminator }
    }
}

/// Segments that are written and not yet sent.
#[derive(Debug, Default)]
pub(super) struct Segments {
    text: String,
    /// Length of `text` up to the last element that is not empty.
    kept: usize,
    count: u64,
    separators: Separators,
}

impl Segments {
    pub(super) fn new(separators: Separators) -> Self {
        Self { separators, ..Self::default() }
    }

    /// Starts a segment.
    pub(super) fn begin(&mut self, id: &str) -> &mut Self {
        self.text.push_str(id);
        self.kept = self.text.len();
        self
    }

    /// Adds an element, without what an element cannot hold. An empty one says nothing.
    pub(super) fn put(&mut self, value: &str) -> &mut Self {
        self.text.push(self.separators.element);
        self.value(value, usize::MAX);
        self
    }

    /// Adds an element of `most` characters at most.
    pub(super) fn cut(&mut self, value: &str, most: usize) -> &mut Self {
        self.text.push(self.separators.element);
        self.value(value, most);
        self
    }

    /// Adds so many empty elements.
    pub(super) fn skip(&mut self, count: usize) -> &mut Self {
        self.text.extend(std::iter::repeat_n(self.separators.element, count));
        self
    }

    /// Adds an element of components; empty ones at its end are left out.
    pub(super) fn composite(&mut self, parts: &[&str]) -> &mut Self {
        self.text.push(self.separators.element);
        let last = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
        for (index, part) in parts.iter().take(last).enumerate() {
            if index > 0 {
                self.text.push(self.separators.component);
            }
            self.value(part, usize::MAX);
        }
        self
    }

    /// Ends the segment; empty elements at its end are left out.
    pub(super) fn end(&mut self) {
        self.text.truncate(self.kept);
        self.text.push(self.separators.terminator);
        if !self.separators.terminator.is_control() {
            self.text.push('\n');
        }
        self.count += 1;
    }

    /// Writes the one segment whose elements have fixed widths: blanks stay.
    pub(super) fn fixed(&mut self, elements: &[&str]) {
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                self.text.push(self.separators.element);
            }
            // Separators are declared in elements of one character, and only there.
            let is_value = element.len() > 1;
            let reserved = self.separators.all();
            let clean = |c: char| if is_value && reserved.contains(&c) { ' ' } else { c };
            self.text.extend(element.chars().map(clean));
        }
        self.kept = self.text.len();
        self.end();
    }

    /// Adds the segments of `other`.
    pub(super) fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.count += other.count;
    }

    /// Segments so far.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) const fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) const fn separators(&self) -> Separators {
        self.separators
    }

    /// The text so far.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Forgets the text and keeps the count.
    pub(super) fn clear_text(&mut self) {
        self.text.clear();
        self.kept = 0;
    }

    fn value(&mut self, value: &str, most: usize) {
        let reserved = self.separators.all();
        let start = self.text.len();
        // A value of another interchange may hold what separates in this one.
        for c in value.trim().chars().take(most) {
            self.text.push(if c.is_control() || reserved.contains(&c) { ' ' } else { c });
        }
        let end = self.text.trim_end_matches(' ').len().max(start);
        self.text.truncate(end);
        if end > start {
            self.kept = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_elements_and_components_at_the_end_are_left_out() {
        let mut segments = Segments::new(Separators::default());
        segments.begin("STC").composite(&["A2", "20", ""]).put("20260305").put("").skip(2).end();
        segments.begin("HL").put("1").put("").put("20").end();
        assert_eq!(segments.as_str(), "STC*A2:20*20260305~\nHL*1**20~\n");
        assert_eq!(segments.count(), 2);
    }

    #[test]
    fn a_value_cannot_end_its_element() {
        let mut segments = Segments::new(Separators::default());
        segments.begin("NM1").put(" A*B~C:D\u{7}\n ").cut("ORCHARD", 3).end();
        assert_eq!(segments.as_str(), "NM1*A B C D*ORC~\n");
    }
}
