//! Value sets that contain other sets: every name known, no circle, no needless depth.

use std::collections::BTreeMap;

use super::context::Cx;
use crate::diagnostic::Code;
use crate::yaml::Node;

/// Deepest nesting of sets within sets.
pub(super) const MAX_DEPTH: usize = 16;

/// Checks every set that a pack defines, used or not; `cx` is that of the file that defines them.
pub(super) fn check(cx: &Cx<'_>) {
    let mut walk = Walk { cx, path: Vec::new(), heights: BTreeMap::new() };
    for (name, set) in cx.sets {
        walk.height(name, set);
    }
}

struct Walk<'a> {
    cx: &'a Cx<'a>,
    /// Sets that contain the one in hand, the outermost first.
    path: Vec<&'a str>,
    /// Levels of nesting below and with each set that is done.
    heights: BTreeMap<&'a str, usize>,
}

impl<'a> Walk<'a> {
    fn height(&mut self, name: &'a str, set: &'a Node) -> usize {
        if let Some(height) = self.heights.get(name) {
            return *height;
        }
        self.path.push(name);
        let mut height = 1;
        for item in set.items() {
            let Some(inner) = item.scalar().and_then(|text| text.strip_prefix('$')) else {
                continue;
            };
            let span = &item.span;
            let Some((inner, inner_set)) = self.cx.sets.get_key_value(inner) else {
                if self.cx.spoiled.contains("value_sets") {
                    continue;
                }
                self.cx.error(
                    Code::UnknownValueSet,
                    span,
                    format!("value set `${inner}` is not defined in this pack"),
                    self.cx.nearest_set(inner),
                );
                continue;
            };
            if let Some(start) = self.path.iter().position(|outer| outer == inner) {
                let mut circle = self.path.get(start..).unwrap_or_default().to_vec();
                circle.push(inner);
                self.cx.error(
                    Code::CircularSet,
                    span,
                    format!("value set `{inner}` contains itself: ${}", circle.join(" > $")),
                    "write the values out, or take the name out of one of them".to_owned(),
                );
                continue;
            }
            let below = match self.path.len() < MAX_DEPTH {
                true => self.height(inner, inner_set),
                false => MAX_DEPTH,
            };
            if below + 1 > MAX_DEPTH {
                self.cx.error(
                    Code::CircularSet,
                    span,
                    format!("value sets nested deeper than {MAX_DEPTH} levels"),
                    "write the values out".to_owned(),
                );
                continue;
            }
            height = height.max(below + 1);
        }
        self.path.pop();
        self.heights.insert(name, height);
        height
    }
}
