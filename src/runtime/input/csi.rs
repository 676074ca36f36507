//! Maps control sequences to keys. Most have none: they are replies of the terminal.

use crate::app::key::{Key, KeyCode};

/// Bits of a modifier parameter after subtracting one. Source: "PC-Style Function Keys" in xterm's "ctlseqs".
const SHIFT: u32 = 1;
const ALT: u32 = 2;
const CTRL: u32 = 4;
/// The event type of a key release. Source: kitty's keyboard protocol.
const RELEASED: u32 = 3;

/// Returns the key for `ESC O final_byte`.
pub(super) fn ss3_key(final_byte: u8) -> Option<Key> {
    match final_byte {
        b'M' => Some(Key::plain(KeyCode::Enter)),
        final_byte => cursor_key(final_byte).map(Key::plain),
    }
}

/// Returns the key for `ESC [ parameters final_byte`. Private parameters (with `<`, `=`, `>` or `?`) and intermediate
/// bytes never belong to a key.
pub(super) fn key(parameters: &[u8], final_byte: u8) -> Option<Key> {
    let parameters = parse_parameters(parameters)?;
    let code = parameters.first().copied().unwrap_or(Parameter::ABSENT).value;
    let modifiers = parameters.get(1).copied().unwrap_or(Parameter::ABSENT);
    if parameters.len() > 3 || modifiers.subparameter == Some(RELEASED) {
        return None;
    }
    let (code, modifiers) = match (final_byte, code, parameters.len()) {
        (b'Z', ..) => (KeyCode::BackTab, modifiers),
        // xterm's `modifyOtherKeys`: 27, the modifiers, the character.
        (b'~', Some(27), 3) => (character_key(parameters.get(2)?.value?)?, modifiers),
        (b'~', Some(number), ..=2) => (numbered_key(number)?, modifiers),
        (b'u', Some(number), _) => (character_key(number)?, modifiers),
        (final_byte, None | Some(1), ..=2) => (cursor_key(final_byte)?, modifiers),
        _ => return None,
    };
    let held = modifiers.value.unwrap_or(1).saturating_sub(1);
    let is_held = |modifier| held & modifier != 0;
    let code = match code {
        KeyCode::Up if is_held(SHIFT) => KeyCode::ShiftUp,
        KeyCode::Down if is_held(SHIFT) => KeyCode::ShiftDown,
        code => code,
    };
    Some(Key { code, ctrl: is_held(CTRL), alt: is_held(ALT) })
}

/// A parameter and its first sub-parameter (after a colon).
#[derive(Debug, Clone, Copy)]
struct Parameter {
    value: Option<u32>,
    subparameter: Option<u32>,
}

impl Parameter {
    const ABSENT: Self = Self { value: None, subparameter: None };
}

/// Parses parameters; `None` if they are not numbers.
fn parse_parameters(parameters: &[u8]) -> Option<Vec<Parameter>> {
    let text = std::str::from_utf8(parameters).ok()?;
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(';').map(parse_parameter).collect()
}

fn parse_parameter(text: &str) -> Option<Parameter> {
    let mut numbers = text.split(':').map(|number| match number {
        "" => Some(None),
        number => number.parse().ok().map(Some),
    });
    Some(Parameter { value: numbers.next()??, subparameter: numbers.next().unwrap_or_default().flatten() })
}

fn cursor_key(final_byte: u8) -> Option<KeyCode> {
    Some(match final_byte {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        _ => return None,
    })
}

fn numbered_key(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        _ => return None,
    })
}

fn character_key(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        // kitty's codes for keys without a character, in Unicode's private use area.
        0xe000..=0xf8ff => return None,
        number => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}
