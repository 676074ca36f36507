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
        let is_linux = term == "linux" || term.starts_with("linux-");
        let is_utf8 = locale.contains("utf-8") || locale.contains("utf8");
        if is_utf8 && !is_linux && vt_model(&term).is_none() { Self::Unicode } else { Self::Ascii }
    }
}

/// Returns whether the terminal can erase some cells within a line (ECH). The VT100 and its kin cannot; the VT220 can.
pub(super) fn can_erase_cells(variable: impl Fn(&str) -> Option<String>) -> bool {
    vt_model(&variable("TERM").unwrap_or_default()).is_none_or(|model| model >= 200)
}

/// Returns whether the terminal has no colours, as far as `TERM` tells. VT terminals before the VT525 have none, nor do the
/// monochrome variants of others, such as `xterm-mono` and `linux-m`.
pub(super) fn is_monochrome(variable: impl Fn(&str) -> Option<String>) -> bool {
    let term = variable("TERM").unwrap_or_default();
    vt_model(&term).is_some_and(|model| model < 500) || term.ends_with("-mono") || term.ends_with("-m")
}

/// Returns whether the terminal is tmux.
pub(super) fn is_tmux(variable: impl Fn(&str) -> Option<String>) -> bool {
    variable("TMUX").is_some()
        || variable("TERM").is_some_and(|term| term == "tmux" || term.starts_with("tmux-"))
}

/// Returns whether `COLORTERM` says that the terminal has all colours.
pub(super) fn says_truecolor(variable: impl Fn(&str) -> Option<String>) -> bool {
    variable("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit")
}

/// Returns the model of a VT terminal: 100 for `vt100`, 220 for `vt220-8bit`.
fn vt_model(term: &str) -> Option<u32> {
    let rest = term.strip_prefix("vt")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
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
    fn old_terminals_and_monochrome_ones_are_known_by_their_names() {
        let table = [
            ("vt52", false, true),
            ("vt100", false, true),
            ("vt102-w", false, true),
            ("vt220", true, true),
            ("vt420-8bit", true, true),
            ("vt525", true, false),
            ("vte-256color", true, false),
            ("xterm-mono", true, true),
            ("linux-m", true, true),
            ("linux", true, false),
            ("xterm", true, false),
            ("", true, false),
        ];
        for (term, erases_cells, monochrome) in table {
            let set = [("TERM", term)];
            let seen = (can_erase_cells(variables(&set)), is_monochrome(variables(&set)));
            assert_eq!(seen, (erases_cells, monochrome), "{term}");
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
