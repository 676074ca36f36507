//! From the bytes that a terminal sends to keys and pastes. Pure: bytes and times in, events out.
//!
//! What a terminal sends without a key being pressed is dropped whole: the strings by which it answers (OSC, DCS, APC, PM and
//! SOS, up to ST or BEL) and its control sequences that are no key (device attributes, cursor position, mode reports). A
//! reply may be split anywhere, so a sequence that has begun waits for its rest. Sources: ECMA-48; xterm's "ctlseqs".
//!
//! Not crossterm's parser: it takes the text of such strings for keys, and after a mode report it waits for a `c` or `u`.

mod csi;
mod paste;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use crate::app::key::{Key, KeyCode};
use paste::Paste;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

/// A lone ESC is the Escape key after this long; until then it may be the first byte of a sequence. A terminal sends a sequence
/// in one piece, so this bridges two reads, no more: Escape is to be felt at once.
const ESCAPE_KEY: Duration = Duration::from_millis(25);
/// `ESC ]` without more is Alt-`]` after this long. The keys of this kind are not bound, so they may take longer.
const INTRODUCER_KEY: Duration = Duration::from_millis(150);
/// A sequence or a string whose rest has not come for this long is given up. What a slow link delays comes sooner.
const REST: Duration = Duration::from_secs(1);
/// A paste whose rest has not come for this long ends. Long: what comes later is taken for keys.
const PASTE_REST: Duration = Duration::from_secs(5);
/// The longest string that is dropped whole, in bytes: a clipboard in base64, an image's pixels.
const LONGEST_STRING: usize = 4 * 1024 * 1024;
/// The longest control sequence, in bytes.
const LONGEST_CSI: usize = 256;

/// What the terminal sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// A key.
    Key(Key),
    /// A pasted text.
    Paste(String),
}

/// Turns bytes into keys and pastes. Holds what of a sequence has come.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    /// When the last byte came.
    at: Option<Instant>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Ground,
    /// After ESC.
    Escape,
    /// Some bytes of a character.
    Utf8 { bytes: Vec<u8>, alt: bool },
    /// After `ESC O`: a function key follows.
    Ss3,
    /// After `ESC [`: the parameters so far.
    Csi(Vec<u8>),
    /// So many bytes that belong to a sequence are left.
    Skip(usize),
    /// In a string of the terminal, which `ESC introducer` began.
    Text { introducer: u8, length: usize },
    /// After an ESC in a string.
    TextEscape { introducer: u8, length: usize },
    /// In a paste.
    Paste(Paste),
}

impl Decoder {
    /// Takes what was read at `now`, and adds what it means to `typed`.
    pub(super) fn feed(&mut self, bytes: &[u8], now: Instant, typed: &mut Vec<Typed>) {
        self.expire(now, typed);
        for byte in bytes {
            self.take(*byte, typed);
        }
        self.at = Some(now);
    }

    /// When to call [`Self::expire`], unless more comes before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let patience = match &self.state {
            State::Ground => return None,
            State::Escape => ESCAPE_KEY,
            State::Ss3 | State::Text { length: 0, .. } => INTRODUCER_KEY,
            State::Csi(parameters) if parameters.is_empty() => INTRODUCER_KEY,
            State::Paste(_) => PASTE_REST,
            State::Csi(_)
            | State::Utf8 { .. }
            | State::Skip(_)
            | State::Text { .. }
            | State::TextEscape { .. } => REST,
        };
        self.at.map(|at| at + patience)
    }

    /// Ends what has waited too long for its rest: what can be a key alone is one.
    pub(super) fn expire(&mut self, now: Instant, typed: &mut Vec<Typed>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match std::mem::take(&mut self.state) {
            State::Escape => typed.push(Typed::Key(Key::plain(KeyCode::Esc))),
            State::Ss3 => typed.push(alt_of(b'O')),
            State::Csi(parameters) if parameters.is_empty() => typed.push(alt_of(b'[')),
            State::Text { introducer: introducer @ ..0x80, length: 0 } => typed.push(alt_of(introducer)),
            State::Paste(paste) => typed.push(Typed::Paste(paste.into_text())),
            _ => {}
        }
    }

    fn take(&mut self, byte: u8, typed: &mut Vec<Typed>) {
        self.state = match std::mem::take(&mut self.state) {
            State::Ground => ground(byte, false, typed),
            State::Escape => escape(byte, typed),
            State::Utf8 { bytes, alt } => utf8(bytes, byte, alt, typed),
            State::Ss3 => ss3(byte, typed),
            State::Csi(parameters) => csi(parameters, byte, typed),
            State::Skip(0 | 1) => State::Ground,
            State::Skip(left) => State::Skip(left - 1),
            // `ESC \` ends the string. Any other escape is part of it: were it a key, so would be what follows.
            State::TextEscape { .. } if byte == b'\\' => State::Ground,
            State::Text { introducer, length } | State::TextEscape { introducer, length } => {
                text(introducer, length, byte)
            }
            State::Paste(mut paste) => {
                if paste.is_ended_by(byte) {
                    typed.push(Typed::Paste(paste.into_text()));
                    State::Ground
                } else {
                    State::Paste(paste)
                }
            }
        };
    }
}

/// A byte outside of a sequence, or the one after ESC that begins none: then it is pressed with Alt.
fn ground(byte: u8, alt: bool, typed: &mut Vec<Typed>) -> State {
    let (code, ctrl) = match byte {
        ESC => return State::Escape,
        b'\r' => (KeyCode::Enter, false),
        b'\t' => (KeyCode::Tab, false),
        0x7f => (KeyCode::Backspace, false),
        0 => (KeyCode::Char(' '), true),
        // Ctrl takes the upper bits away: 0x01 is ^a, 0x1c is ^\.
        0x01..=0x1a => (KeyCode::Char(char::from(byte | 0x60)), true),
        0x1c..=0x1f => (KeyCode::Char(char::from(byte | 0x40)), true),
        0x20..=0x7e => (KeyCode::Char(char::from(byte)), false),
        // The same introducers as one byte; no character begins with them.
        0x9b => return State::Csi(Vec::new()),
        introducer @ (0x90 | 0x98 | 0x9d..=0x9f) => return State::Text { introducer, length: 0 },
        0x80.. => return utf8(Vec::new(), byte, alt, typed),
    };
    typed.push(Typed::Key(Key { code, ctrl, alt }));
    State::Ground
}

fn escape(byte: u8, typed: &mut Vec<Typed>) -> State {
    match byte {
        b'[' => State::Csi(Vec::new()),
        b'O' => State::Ss3,
        introducer @ (b']' | b'P' | b'X' | b'^' | b'_') => State::Text { introducer, length: 0 },
        ESC => {
            typed.push(Typed::Key(Key::plain(KeyCode::Esc)));
            State::Escape
        }
        byte => ground(byte, true, typed),
    }
}

/// One more byte of a character; bytes that are none are dropped.
fn utf8(mut bytes: Vec<u8>, byte: u8, alt: bool, typed: &mut Vec<Typed>) -> State {
    if !bytes.is_empty() && !(0x80..0xc0).contains(&byte) {
        return ground(byte, false, typed);
    }
    bytes.push(byte);
    match std::str::from_utf8(&bytes) {
        Ok(text) => {
            let keys = text.chars().filter(|c| !c.is_control());
            typed.extend(keys.map(|c| Typed::Key(Key { alt, ..Key::char(c) })));
            State::Ground
        }
        Err(error) if error.error_len().is_none() => State::Utf8 { bytes, alt },
        Err(_) => State::Ground,
    }
}

/// The last byte of `ESC O x`: a cursor or function key.
fn ss3(byte: u8, typed: &mut Vec<Typed>) -> State {
    match byte {
        ESC => {
            typed.push(alt_of(b'O'));
            State::Escape
        }
        // A modifier, as old terminals send it.
        b'0'..=b'9' => State::Ss3,
        byte => {
            typed.extend(csi::ss3_key(byte).map(Typed::Key));
            State::Ground
        }
    }
}

fn csi(mut parameters: Vec<u8>, byte: u8, typed: &mut Vec<Typed>) -> State {
    match byte {
        // The function keys of Linux's console: `ESC [ [ A`.
        b'[' if parameters.is_empty() => State::Skip(1),
        // The mouse, as X10 tells of it: three bytes follow.
        b'M' if parameters.is_empty() => State::Skip(3),
        b'~' if parameters == b"200" => State::Paste(Paste::default()),
        0x20..=0x3f if parameters.len() < LONGEST_CSI => {
            parameters.push(byte);
            State::Csi(parameters)
        }
        0x40..=0x7e => {
            typed.extend(csi::key(&parameters, byte).map(Typed::Key));
            State::Ground
        }
        // Cut off in the middle: what follows stands for itself.
        byte => ground(byte, false, typed),
    }
}

fn text(introducer: u8, length: usize, byte: u8) -> State {
    match byte {
        BEL => State::Ground,
        // ST as one byte. In a string that began in seven bits it would be part of a character.
        0x9c if introducer >= 0x80 => State::Ground,
        ESC => State::TextEscape { introducer, length: length + 1 },
        _ if length >= LONGEST_STRING => State::Ground,
        _ => State::Text { introducer, length: length + 1 },
    }
}

fn alt_of(byte: u8) -> Typed {
    Typed::Key(Key { alt: true, ..Key::char(char::from(byte)) })
}
