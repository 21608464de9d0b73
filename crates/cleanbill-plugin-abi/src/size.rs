//! The size that a struct of the ABI carries in its first field.

/// Size of a struct as its first field carries it.
#[expect(
    clippy::as_conversions,
    reason = "a const fn has no other conversion; checked just before"
)]
pub(crate) const fn size_u32<T>() -> u32 {
    const { assert!(size_of::<T>() <= 4096, "structs of the ABI are small") };
    size_of::<T>() as u32
}
