//! Replaces non-ASCII characters in a frame, for terminals and locales without Unicode.
//!
//! One table, applied to whole frames, so that panes need not care. Glyph and replacement both take one cell.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr as _;

/// Replaces characters that are not in the table, such as those in tenants' texts.
const FALLBACK: &str = "?";

/// The glyphs that the dashboard draws, and their replacements.
const REPLACEMENTS: &[(&str, &str)] = &[
    // Lines and boxes.
    ("─┄━", "-"),
    ("│┆┃", "|"),
    ("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
    // Punctuation.
    ("…", "~"),
    ("–—", "-"),
    ("·", "."),
    ("≈", "~"),
    ("×", "x"),
    ("“”", "\""),
    ("‘’", "'"),
    // Arrows.
    ("↑▲▴", "^"),
    ("↓▼▾", "v"),
    ("→▸▶›", ">"),
    ("←◂◀‹", "<"),
    // States.
    ("✓", "+"),
    ("✗", "x"),
    ("○", "o"),
    ("◌", "-"),
    ("●•", "*"),
    // Bars.
    ("▁", "_"),
    ("▂", "."),
    ("▃", "-"),
    ("▄", "="),
    ("▅", "+"),
    ("▆", "*"),
    ("▇", "%"),
    ("█", "#"),
    ("▒", ":"),
];

/// Spells the arrows in the names of keys: as single characters they look like other keys.
pub(super) fn spell_arrows(names: &str) -> Cow<'_, str> {
    if names.is_ascii() {
        return names.into();
    }
    let arrows = [("↑", "Up"), ("↓", "Down"), ("←", "Left"), ("→", "Right")];
    arrows.iter().fold(names.to_owned(), |names, (arrow, word)| names.replace(arrow, word)).into()
}

/// Replaces every character of the frame that is not ASCII.
pub fn to_ascii(buf: &mut Buffer) {
    let mut is_second_half = false;
    for cell in &mut buf.content {
        let is_wide = cell.symbol().width() > 1;
        if is_second_half {
            cell.set_symbol(FALLBACK);
        } else if !cell.symbol().is_ascii() {
            let ascii = replacement(cell.symbol());
            cell.set_symbol(ascii);
        }
        is_second_half = is_wide;
    }
}

fn replacement(symbol: &str) -> &'static str {
    let found =
        REPLACEMENTS.iter().find(|(glyphs, _)| glyphs.chars().any(|glyph| symbol.chars().eq([glyph])));
    found.map_or(FALLBACK, |(_, ascii)| ascii)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ratatui::buffer::Cell;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn drawn(text: &str) -> String {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 1));
        buf.set_string(0, 0, text, Style::new());
        to_ascii(&mut buf);
        buf.content.iter().map(Cell::symbol).collect()
    }

    #[test]
    fn replaces_each_character_in_place() {
        assert_eq!(drawn("✗ gone │ a→b"), "x gone | a>b");
        assert_eq!(drawn("日本 é e\u{301}!"), "???? ? ?!   ");
    }

    #[test]
    fn state_signs_stay_distinct() {
        let signs = ["✗", "○", "▸", "✓", "◌"].map(replacement);
        for (at, sign) in signs.iter().enumerate() {
            assert!(!signs[..at].contains(sign), "{sign}");
        }
    }

    /// A pane that draws a new glyph needs a new replacement.
    #[test]
    fn every_glyph_in_our_sources_has_a_replacement() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut missing = Vec::new();
        for dir in ["app", "present", "ui"] {
            collect_missing(&src.join(dir), &mut missing);
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }

    fn collect_missing(dir: &Path, missing: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" {
                collect_missing(&path, missing);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !name.ends_with("tests.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.lines().take_while(|line| *line != "mod tests {");
                let code = code.filter(|line| !line.trim_start().starts_with("//"));
                let glyphs = code.flat_map(str::chars).filter(|c| !c.is_ascii());
                missing.extend(
                    glyphs
                        .map(String::from)
                        .filter(|glyph| replacement(glyph) == FALLBACK)
                        .map(|glyph| format!("{}: {glyph}", path.display())),
                );
            }
        }
    }
}
