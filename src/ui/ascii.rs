//! The ASCII forms of what is drawn, for terminals and locales that have no other characters.
//!
//! One table, applied to a whole frame: nothing gets past it, and panes need not know. Each form takes one cell, as its glyph does.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr as _;

/// What stands for a character without a form of its own: tenants' text is replaced visibly.
const OTHER: &str = "?";

/// The glyphs that the dashboard draws, and their forms.
const FORMS: &[(&str, &str)] = &[
    // Lines and boxes.
    ("─┄━", "-"),
    ("│┆┃", "|"),
    ("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
    // What is cut, and how text is joined.
    ("…", "~"),
    ("–—", "-"),
    ("·", "."),
    ("×", "x"),
    ("“”", "\""),
    ("‘’", "'"),
    // Arrows.
    ("↑▲▴", "^"),
    ("↓▼▾", "v"),
    ("→▸▶", ">"),
    ("←◂◀", "<"),
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
];

/// Replaces every character of the frame that is not ASCII.
pub fn to_ascii(buf: &mut Buffer) {
    let mut is_second_half = false;
    for cell in &mut buf.content {
        let is_wide = cell.symbol().width() > 1;
        if is_second_half {
            cell.set_symbol(OTHER);
        } else if !cell.symbol().is_ascii() {
            let form = form_of(cell.symbol());
            cell.set_symbol(form);
        }
        is_second_half = is_wide;
    }
}

fn form_of(symbol: &str) -> &'static str {
    let found = FORMS.iter().find(|(glyphs, _)| glyphs.chars().any(|glyph| symbol.chars().eq([glyph])));
    found.map_or(OTHER, |(_, form)| form)
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
    fn each_character_is_replaced_where_it_stands() {
        assert_eq!(drawn("✗ gone │ a→b"), "x gone | a>b");
        assert_eq!(drawn("日本 é e\u{301}!"), "???? ? ?!   ");
    }

    #[test]
    fn the_states_are_still_told_apart() {
        let forms = ["✗", "○", "▸", "✓", "◌"].map(form_of);
        for (at, form) in forms.iter().enumerate() {
            assert!(!forms[..at].contains(form), "{form}");
        }
    }

    /// A glyph that is new in a pane is new here.
    #[test]
    fn every_glyph_of_ours_has_a_form() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut missing = Vec::new();
        for dir in ["app", "present", "ui"] {
            look(&src.join(dir), &mut missing);
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }

    fn look(dir: &Path, missing: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" {
                look(&path, missing);
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
                        .filter(|glyph| form_of(glyph) == OTHER)
                        .map(|glyph| format!("{}: {glyph}", path.display())),
                );
            }
        }
    }
}
