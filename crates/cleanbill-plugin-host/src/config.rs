//! What a check of a plugin takes from the pack's rule that uses it. The manifest says beforehand what each
//! member is, so that a code that looks like a number stays the text that it is.

/// What a member of the configuration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigKind {
    /// A text, however it looks: `93970`, `00100`.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A list of texts.
    Texts,
    /// Anything: texts, numbers, lists and maps within one another.
    Any,
}

impl ConfigKind {
    /// The names in manifests.
    pub(crate) const NAMES: &str = "`text`, `number`, `flag`, `texts` or `any`";

    /// Its name in manifests.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Flag => "flag",
            Self::Texts => "texts",
            Self::Any => "any",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Text, Self::Number, Self::Flag, Self::Texts, Self::Any];
        all.into_iter().find(|kind| kind.as_str() == name)
    }
}
