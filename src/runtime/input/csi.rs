//! Which key a control sequence is. Most are none: they are what the terminal answers.

use crate::app::key::{Key, KeyCode};

/// The bits of a modifier parameter, less one. Source: "PC-Style Function Keys" in xterm's "ctlseqs".
const SHIFT: u32 = 1;
const ALT: u32 = 2;
const CTRL: u32 = 4;
/// The kind of event in kitty's form: a key that was let go.
const RELEASED: u32 = 3;

/// The key of `ESC O final`.
pub(super) fn ss3_key(last: u8) -> Option<Key> {
    match last {
        b'M' => Some(Key::plain(KeyCode::Enter)),
        last => cursor(last).map(Key::plain),
    }
}

/// The key of `ESC [ parameters final`. Parameters that begin with `<`, `=`, `>` or `?`, and those with an intermediate byte, are
/// never a key's.
pub(super) fn key(parameters: &[u8], last: u8) -> Option<Key> {
    let fields = fields(parameters)?;
    let code = fields.first().copied().unwrap_or(Field::ABSENT).value;
    let modifiers = fields.get(1).copied().unwrap_or(Field::ABSENT);
    if fields.len() > 3 || modifiers.sub == Some(RELEASED) {
        return None;
    }
    let (code, modifiers) = match (last, code, fields.len()) {
        (b'Z', ..) => (KeyCode::BackTab, modifiers),
        // As xterm sends it with `modifyOtherKeys`: 27, the modifiers, the character.
        (b'~', Some(27), 3) => (character(fields.get(2)?.value?)?, modifiers),
        (b'~', Some(number), ..=2) => (numbered(number)?, modifiers),
        (b'u', Some(number), _) => (character(number)?, modifiers),
        (last, None | Some(1), ..=2) => (cursor(last)?, modifiers),
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

/// A parameter, and what follows its colon.
#[derive(Debug, Clone, Copy)]
struct Field {
    value: Option<u32>,
    sub: Option<u32>,
}

impl Field {
    const ABSENT: Self = Self { value: None, sub: None };
}

/// The parameters; none if they are not numbers.
fn fields(parameters: &[u8]) -> Option<Vec<Field>> {
    let text = std::str::from_utf8(parameters).ok()?;
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(';').map(field).collect()
}

fn field(text: &str) -> Option<Field> {
    let mut numbers = text.split(':').map(|number| match number {
        "" => Some(None),
        number => number.parse().ok().map(Some),
    });
    Some(Field { value: numbers.next()??, sub: numbers.next().unwrap_or_default().flatten() })
}

fn cursor(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        _ => return None,
    })
}

fn character(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        // Where kitty puts keys that are no characters.
        0xe000..=0xf8ff => return None,
        number => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}
