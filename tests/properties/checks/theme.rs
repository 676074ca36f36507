//! Theme files: each is a theme, or a message about one of its lines.

use taskdeck::theme::Themes;

use super::{assert_names_a_line, text};

/// Takes a file.
pub fn check(input: &[u8]) {
    let text = text(input);
    let mut themes = Themes::default();
    let known = themes.names().count();
    match themes.add("mine", &text) {
        Ok(()) => assert_eq!(themes.names().count(), known + 1),
        Err(problem) => assert_names_a_line(&problem, &text),
    }
}
