//! The style sheet's colours can be told from each other, in each scheme and on paper.

use std::collections::HashMap;

use super::STYLE;

/// Least contrast of text, and of shapes that must be told from what is behind them (WCAG 2.2, AA).
const TEXT: f64 = 4.5;
const SHAPE: f64 = 3.0;

/// What stands on what, and the contrast that it needs.
const CONTRASTS: [(&str, &[&str], f64); 7] = [
    ("--ink", &["--paper", "--tint"], TEXT),
    ("--soft", &["--paper", "--tint"], TEXT),
    ("--warn", &["--paper", "--tint"], TEXT),
    ("--calm", &["--paper", "--tint"], TEXT),
    ("--bad", &["--paper", "--tint", "--band", "--hatch"], SHAPE),
    ("--quiet", &["--paper", "--band", "--hatch"], SHAPE),
    ("--warn", &["--band", "--hatch"], SHAPE),
];

/// Returns the colours of each scheme: light, dark, and on paper.
fn schemes() -> Vec<HashMap<&'static str, [f64; 3]>> {
    let blocks = STYLE.split(":root {").skip(1).map(|rest| rest.split('}').next().unwrap());
    blocks
        .map(|block| {
            let declared = block.split(';').filter_map(|line| line.trim().split_once(": "));
            declared.filter_map(|(name, value)| Some((name, colour(value)?))).collect()
        })
        .collect()
}

fn colour(value: &str) -> Option<[f64; 3]> {
    let digits = value.strip_prefix('#')?;
    let size = digits.len() / 3;
    let part = |nth: usize| {
        let part = digits.get(nth * size..(nth + 1) * size)?;
        let number = u8::from_str_radix(&part.repeat(3 - size), 16).ok()?;
        let value = f64::from(number) / 255.0;
        Some(if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some([part(0)?, part(1)?, part(2)?])
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |[red, green, blue]: [f64; 3]| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn black_on_white_has_the_highest_contrast() {
    let [black, white] = ["#000", "#ffffff"].map(|value| colour(value).unwrap());
    assert!((contrast(black, white) - 21.0).abs() < 0.001);
}

#[test]
fn every_colour_has_enough_contrast() {
    let schemes = schemes();
    assert_eq!(schemes.len(), 3);
    let mut wrong = Vec::new();
    for (scheme, colours) in ["light", "dark", "paper"].into_iter().zip(&schemes) {
        for (front, backs, least) in CONTRASTS {
            for back in backs {
                let found = contrast(colours[front], colours[back]);
                if found < least {
                    wrong.push(format!("{scheme}: {front} on {back} has {found:.2} of {least}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_style_sheet_loads_nothing() {
    for word in ["url(", "@import", "expression", "</"] {
        assert!(!STYLE.contains(word), "{word}");
    }
}
