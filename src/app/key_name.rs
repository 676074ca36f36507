//! Parses the names of keys that a configuration gives: `b`, `Space`, `Ctrl-b`, `^b`, `Alt-Enter`. What help shows of a key is
//! one of its names.

use std::fmt;

use super::key::{Key, KeyCode};

/// The keys that are no character, by name. The first name of a key is the one that messages show.
const NAMES: &[(&str, KeyCode)] = &[
    ("Space", KeyCode::Char(' ')),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Shift-Tab", KeyCode::BackTab),
    ("Backspace", KeyCode::Backspace),
    ("Del", KeyCode::Delete),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
];

/// Other names of keys.
const ALIASES: &[(&str, KeyCode)] = &[
    ("↑", KeyCode::Up),
    ("↓", KeyCode::Down),
    ("←", KeyCode::Left),
    ("→", KeyCode::Right),
    ("Escape", KeyCode::Esc),
    ("Return", KeyCode::Enter),
    ("Delete", KeyCode::Delete),
    ("PageUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
];

/// The characters that terminals send as another key when Ctrl is held.
const OTHERS_WITH_CTRL: &[(char, &str)] = &[('i', "Tab"), ('m', "Enter"), ('[', "Esc")];

/// Why a text names no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadKey {
    /// There is no such key.
    Unknown(String),
    /// Terminals send another key for it.
    SentAs {
        /// The key, as it was named.
        name: String,
        /// What terminals send.
        key: &'static str,
    },
}

/// Returns the key with this name.
pub fn parse_key(name: &str) -> Result<Key, BadKey> {
    let (rest, ctrl) = match without_prefix(name, "Ctrl-").or_else(|| without_prefix(name, "^")) {
        Some(rest) => (rest, true),
        None => (name, false),
    };
    let (rest, alt) = match without_prefix(rest, "Alt-") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let code = code(rest).ok_or_else(|| BadKey::Unknown(name.to_owned()))?;
    let KeyCode::Char(c) = code else { return Ok(Key { code, ctrl, alt }) };
    if !ctrl {
        return Ok(Key { code, ctrl, alt });
    }
    // Terminals send the same with and without Shift.
    let c = c.to_ascii_lowercase();
    match OTHERS_WITH_CTRL.iter().find(|(other, _)| *other == c) {
        Some((_, key)) => Err(BadKey::SentAs { name: name.to_owned(), key }),
        None => Ok(Key { code: KeyCode::Char(c), ctrl, alt }),
    }
}

/// Returns what follows a prefix in any case, unless that is nothing.
fn without_prefix<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = name.split_at_checked(prefix.len())?;
    (start.eq_ignore_ascii_case(prefix) && !rest.is_empty()).then_some(rest)
}

fn code(name: &str) -> Option<KeyCode> {
    let mut named = NAMES.iter().chain(ALIASES);
    if let Some((_, code)) = named.find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Some(*code);
    }
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if !c.is_control() && c != ' ' => Some(KeyCode::Char(c)),
        _ => None,
    }
}

impl fmt::Display for BadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => {
                let names: Vec<_> = NAMES.iter().map(|(name, _)| format!("`{name}`")).collect();
                write!(
                    f,
                    "unknown key `{name}`, expected one of {}, a single character, or one of these after `Ctrl-` or \
                     `Alt-`",
                    names.join(", ")
                )
            }
            Self::SentAs { name, key } => write!(f, "terminals send {key} for {name}; name another key"),
        }
    }
}

impl std::error::Error for BadKey {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::commands::COMMANDS;

    #[test]
    fn keys_have_names() {
        for (name, key) in [
            ("b", Key::char('b')),
            ("B", Key::char('B')),
            ("^", Key::char('^')),
            ("-", Key::char('-')),
            ("é", Key::char('é')),
            ("Space", Key::char(' ')),
            ("pgdn", Key::plain(KeyCode::PageDown)),
            ("Ctrl-b", Key::ctrl('b')),
            ("ctrl-B", Key::ctrl('b')),
            ("^b", Key::ctrl('b')),
            ("^^", Key::ctrl('^')),
            ("Alt-b", Key { alt: true, ..Key::char('b') }),
            ("Alt-Enter", Key { alt: true, ..Key::plain(KeyCode::Enter) }),
            ("Ctrl-Alt-b", Key { alt: true, ..Key::ctrl('b') }),
        ] {
            assert_eq!(parse_key(name), Ok(key), "{name}");
            assert_eq!(parse_key(&key.label()), Ok(key), "{name}");
        }
    }

    #[test]
    fn what_help_shows_is_a_name_too() {
        let keys = NAMES.iter().map(|(_, code)| Key::plain(*code));
        let letters = ['b', 'B', '^', '-', '/', '?', '<', 'é'].map(Key::char);
        for key in keys.chain(letters).flat_map(|key| [key, Key { alt: true, ..key }]) {
            assert_eq!(parse_key(&key.label()), Ok(key));
        }
        for spec in COMMANDS {
            assert!(spec.default_keys.iter().all(|key| parse_key(&key.label()) == Ok(*key)), "{}", spec.name);
        }
    }

    #[test]
    fn other_texts_name_none() {
        for name in ["", " ", "\n", "bb", "Entr", "Ctrl-", "F5", "Alt-Alt-b"] {
            assert_eq!(parse_key(name), Err(BadKey::Unknown(name.to_owned())), "{name}");
        }
        let sent = parse_key("Ctrl-i").unwrap_err();
        assert_eq!(sent.to_string(), "terminals send Tab for Ctrl-i; name another key");
    }
}
