//! Contrast of the page's colours by WCAG 2.2: 4.5 for text (1.4.3), 3 for what is not text (1.4.11).

#![expect(clippy::float_arithmetic, reason = "the formula of WCAG; no verdict depends on it")]

use std::collections::BTreeMap;

use super::super::page::STYLE;

/// Text and what it stands on.
const TEXTS: [(&str, &str); 19] = [
    ("ink", "page"),
    ("ink", "panel"),
    ("ink", "hit"),
    ("ink", "partner"),
    ("quiet", "page"),
    ("quiet", "panel"),
    ("link", "page"),
    ("link", "panel"),
    ("error", "page"),
    ("error", "panel"),
    ("error", "hit"),
    ("warning", "page"),
    ("warning", "panel"),
    ("info", "page"),
    ("info", "panel"),
    ("quiet", "hit"),
    ("quiet", "partner"),
    ("link", "hit"),
    ("link", "partner"),
];

/// Bars, edges of fields, the frame of what has the focus.
const SHAPES: [(&str, &str); 5] =
    [("bar", "page"), ("bar", "panel"), ("edge", "page"), ("edge", "panel"), ("error", "panel")];

/// The colours of each theme: light, dark, print.
fn themes() -> Vec<BTreeMap<&'static str, [f64; 3]>> {
    let blocks = STYLE.split(":root {").skip(1).map(|block| block.split_once('}').unwrap().0);
    let colour = |text: &str| -> Option<[f64; 3]> {
        let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok().map(f64::from);
        Some([part(0)?, part(2)?, part(4)?])
    };
    let name = |text: &'static str| text.trim().strip_prefix("--");
    blocks
        .map(|block| {
            let pairs = block.split(';').filter_map(|entry| entry.split_once(':'));
            pairs.filter_map(|(key, value)| Some((name(key)?, colour(value)?))).collect()
        })
        .collect()
}

/// Relative luminance (WCAG 2.2, definitions).
fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| match part / 255.0 {
        low if low <= 0.04045 => low / 12.92,
        high => ((high + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn contrast_is_that_of_wcag() {
    let ratio = contrast([255.0; 3], [0.0; 3]);
    assert!((ratio - 21.0).abs() < 1e-9, "{ratio}");
    let ratio = contrast([119.0; 3], [255.0; 3]);
    assert!((4.47..4.49).contains(&ratio), "#777 on white: {ratio}");
}

#[test]
fn text_and_shapes_stand_out_in_light_dark_and_print() {
    let themes = themes();
    assert_eq!(themes.len(), 3);
    for theme in &themes {
        assert_eq!(theme.keys().collect::<Vec<_>>(), themes[0].keys().collect::<Vec<_>>());
        for (least, pairs) in [(4.5, TEXTS.as_slice()), (3.0, &SHAPES)] {
            for (one, other) in pairs {
                let ratio = contrast(theme[one], theme[other]);
                assert!(ratio >= least, "{one} on {other}: {ratio:.2}, {theme:?}");
            }
        }
    }
    // No colour is named but in a theme, but for what the system's own colours are.
    let behind: Vec<&str> = STYLE.split('}').filter(|rule| !rule.contains(":root {")).collect();
    assert!(!behind.iter().any(|rule| rule.contains(": #") || rule.contains("rgb(")));
}

#[test]
fn nothing_on_the_page_moves() {
    for motion in ["transition", "animation", "@keyframes", "scroll-behavior"] {
        assert!(!STYLE.contains(motion), "{motion}");
    }
}
