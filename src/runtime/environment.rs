//! What the environment says about the terminal. Pure: the variables are looked up by a parameter.

use ratatui::layout::Size;

/// The size of a terminal that says nothing of it.
const USUAL: Size = Size { width: 80, height: 24 };
/// A variable that says more is wrong, and its screen would take gigabytes.
const MOST: u16 = 1_000;

/// The characters that the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Characters {
    /// All of Unicode.
    Unicode,
    /// ASCII alone.
    Ascii,
}

impl Characters {
    /// What the locale and `TERM` say. The variables are looked up in the order of `setlocale(3)`; without any of them the
    /// locale is C. Linux's console and the VT terminals have fonts of 256 or 512 characters at the most.
    pub(super) fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(&variable).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        let term = variable("TERM").unwrap_or_default();
        let is_vt =
            term.strip_prefix("vt").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let is_linux = term == "linux" || term.starts_with("linux-");
        let is_utf8 = locale.contains("utf-8") || locale.contains("utf8");
        if is_utf8 && !is_linux && !is_vt { Self::Unicode } else { Self::Ascii }
    }
}

/// The size of a terminal that says it is this wide and high. Some (serial lines, `docker exec`, CI) say 0: then `COLUMNS` and
/// `LINES` count, or else 80 by 24.
pub(super) fn size_of(width: u16, height: u16, variable: impl Fn(&str) -> Option<String>) -> Size {
    let or_else = |told: u16, name, usual| {
        let set = || variable(name)?.trim().parse().ok().filter(|size| (1..=MOST).contains(size));
        if told > 0 { told } else { set().unwrap_or(usual) }
    };
    Size { width: or_else(width, "COLUMNS", USUAL.width), height: or_else(height, "LINES", USUAL.height) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(set: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| set.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn the_locale_and_the_terminal_say_which_characters_there_are() {
        let xterm = ("TERM", "xterm-256color");
        let table: [(&[(&str, &str)], _); 12] = [
            (&[xterm, ("LANG", "en_US.UTF-8")], Characters::Unicode),
            (&[xterm, ("LANG", "C.utf8")], Characters::Unicode),
            (&[xterm, ("LANG", "C")], Characters::Ascii),
            (&[xterm, ("LANG", "de_DE.ISO-8859-1")], Characters::Ascii),
            (&[xterm], Characters::Ascii),
            (&[xterm, ("LANG", "C.UTF-8"), ("LC_CTYPE", "POSIX")], Characters::Ascii),
            (&[xterm, ("LANG", "C"), ("LC_CTYPE", "UTF-8")], Characters::Unicode),
            (&[xterm, ("LC_CTYPE", "C.UTF-8"), ("LC_ALL", "C")], Characters::Ascii),
            (&[("TERM", "linux"), ("LANG", "C.UTF-8")], Characters::Ascii),
            (&[("TERM", "vt100"), ("LANG", "C.UTF-8")], Characters::Ascii),
            (&[("TERM", "vt220"), ("LANG", "C.UTF-8")], Characters::Ascii),
            (&[("TERM", "vte-256color"), ("LANG", "C.UTF-8")], Characters::Unicode),
        ];
        for (set, characters) in table {
            assert_eq!(Characters::of(variables(set)), characters, "{set:?}");
        }
    }

    #[test]
    fn a_terminal_without_a_size_takes_what_the_environment_says() {
        let size = |told: (u16, u16), set: &[(&str, &str)]| {
            let size = size_of(told.0, told.1, variables(set));
            (size.width, size.height)
        };
        let set = [("COLUMNS", "100"), ("LINES", "30")];
        assert_eq!(size((120, 40), &set), (120, 40));
        assert_eq!(size((0, 0), &set), (100, 30));
        assert_eq!(size((0, 40), &set), (100, 40));
        assert_eq!(size((0, 0), &[]), (80, 24));
        for wrong in ["", "0", "-3", "wide", "70000", "65535"] {
            assert_eq!(size((0, 0), &[("COLUMNS", wrong), ("LINES", wrong)]), (80, 24), "{wrong:?}");
        }
    }
}
