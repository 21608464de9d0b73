//! Protected health information: values that must not be shown by accident.

use core::fmt;

/// A value that identifies a patient. Its `Debug` is redacted, it has no `Display`, and the one way
/// to the value is [`Phi::reveal`], which is easy to search for.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Marks `value` as protected.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value. Every caller must be able to say why it needs it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<phi>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_value() {
        let secret = Phi::new("ZZPHIZZ");
        assert_eq!(format!("{secret:?}"), "<phi>");
        assert_eq!(*secret.reveal(), "ZZPHIZZ");
    }
}
