//! A short list read without allocation.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};

/// The first `N` items of a list, in place, and how many items it has in all.
pub(super) struct Few<T, const N: usize> {
    items: [Option<T>; N],
    length: usize,
}

impl<T, const N: usize> Few<T, N> {
    /// Number of items in the input, which may be more than are held.
    pub(super) const fn len(&self) -> usize {
        self.length
    }

    /// The items that are held.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter().flatten()
    }
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for Few<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Few<T, N> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct FewVisitor<T, const N: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for FewVisitor<T, N> {
            type Value = Few<T, N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Few<T, N>, A::Error> {
                let mut few = Few { items: [const { None }; N], length: 0 };
                for slot in &mut few.items {
                    let Some(item) = list.next_element()? else { return Ok(few) };
                    *slot = Some(item);
                    few.length += 1;
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    few.length += 1;
                }
                Ok(few)
            }
        }

        input.deserialize_seq(FewVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_beyond_the_room_are_counted_and_not_held() {
        let few: Few<u8, 3> = serde_json::from_str("[1,2,3,\"x\",5]").unwrap();
        assert_eq!((few.len(), few.iter().copied().collect::<Vec<_>>()), (5, vec![1, 2, 3]));
        let few: Few<u8, 3> = serde_json::from_str("[]").unwrap();
        assert_eq!((few.len(), few.iter().count()), (0, 0));
        assert!(serde_json::from_str::<Few<u8, 3>>("[1,null]").is_err());
    }
}
