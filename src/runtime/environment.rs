//! Terminal properties from environment variables. Pure: the caller passes a function that looks variables up.

use ratatui::layout::Size;

/// The size of a terminal that reports none.
const DEFAULT_SIZE: Size = Size { width: 80, height: 24 };
/// The largest width or height that a variable may set. Its screen must fit into memory.
const MAX_DIMENSION: u16 = 1_000;

/// The characters that the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// All of Unicode.
    Unicode,
    /// ASCII only.
    Ascii,
}

impl Charset {
    /// Detects the charset from the locale and `TERM`. The locale's variables are read in the order of `setlocale(3)`;
    /// the default locale is C. The fonts of the Linux console and of VT terminals hold at most 512 characters.
    pub(super) fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        if cfg!(windows) {
            // Its console takes Unicode, and no variable says so.
            return Self::Unicode;
        }
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

/// Returns the size of a terminal, given the one that it reports, in cells. Serial lines, `docker exec` and CI report
/// 0: then `COLUMNS` and `LINES` apply, or else 80 by 24.
pub(super) fn terminal_size(width: u16, height: u16, variable: impl Fn(&str) -> Option<String>) -> Size {
    let dimension = |reported: u16, name, default| {
        let set = || variable(name)?.trim().parse().ok().filter(|size| (1..=MAX_DIMENSION).contains(size));
        if reported > 0 { reported } else { set().unwrap_or(default) }
    };
    Size {
        width: dimension(width, "COLUMNS", DEFAULT_SIZE.width),
        height: dimension(height, "LINES", DEFAULT_SIZE.height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(set: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| set.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn the_charset_follows_the_locale_and_term() {
        let xterm = ("TERM", "xterm-256color");
        let table: [(&[(&str, &str)], _); 12] = [
            (&[xterm, ("LANG", "en_US.UTF-8")], Charset::Unicode),
            (&[xterm, ("LANG", "C.utf8")], Charset::Unicode),
            (&[xterm, ("LANG", "C")], Charset::Ascii),
            (&[xterm, ("LANG", "de_DE.ISO-8859-1")], Charset::Ascii),
            (&[xterm], Charset::Ascii),
            (&[xterm, ("LANG", "C.UTF-8"), ("LC_CTYPE", "POSIX")], Charset::Ascii),
            (&[xterm, ("LANG", "C"), ("LC_CTYPE", "UTF-8")], Charset::Unicode),
            (&[xterm, ("LC_CTYPE", "C.UTF-8"), ("LC_ALL", "C")], Charset::Ascii),
            (&[("TERM", "linux"), ("LANG", "C.UTF-8")], Charset::Ascii),
            (&[("TERM", "vt100"), ("LANG", "C.UTF-8")], Charset::Ascii),
            (&[("TERM", "vt220"), ("LANG", "C.UTF-8")], Charset::Ascii),
            (&[("TERM", "vte-256color"), ("LANG", "C.UTF-8")], Charset::Unicode),
        ];
        for (set, charset) in table {
            assert_eq!(Charset::detect(variables(set)), charset, "{set:?}");
        }
    }

    #[test]
    fn a_terminal_without_a_size_takes_it_from_the_environment() {
        let size = |reported: (u16, u16), set: &[(&str, &str)]| {
            let size = terminal_size(reported.0, reported.1, variables(set));
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
