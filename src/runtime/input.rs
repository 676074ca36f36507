//! Decodes the bytes that a terminal sends into keys, mouse reports and pastes. Pure: the caller passes the time.
//!
//! Drops the terminal's replies: control strings (OSC, DCS, APC, PM and SOS, up to ST or BEL) and control sequences
//! that are not keys (device attributes, cursor position, mode reports). A reply may be split anywhere, so the decoder
//! waits for the rest of an incomplete sequence. Sources: ECMA-48; xterm's "ctlseqs".
//!
//! crossterm's parser does not fit: it takes the text of control strings for keys, and after a mode report it waits for
//! a `c` or `u`.

mod csi;
mod mouse;
mod paste;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use super::console_input::MouseReport;
use crate::app::key::{Key, KeyCode};
use paste::Paste;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

/// How long a lone ESC may be the start of a sequence; after that it is the Escape key. Short, so that Escape feels
/// immediate: terminals send a sequence in one piece, so it only has to cover two reads.
const ESCAPE_TIMEOUT: Duration = Duration::from_millis(25);
/// How long a lone introducer such as `ESC ]` may be the start of a sequence; after that it is a key, here Alt-`]`.
/// Longer than for Escape, since no such key is bound.
const INTRODUCER_TIMEOUT: Duration = Duration::from_millis(150);
/// How long to wait for the rest of a sequence or control string before dropping it. Longer than the delays of a slow
/// link.
const SEQUENCE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long to wait for the rest of a paste before ending it. Long, because bytes that arrive later are taken for keys.
const PASTE_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest control string that is dropped, in bytes. It may hold a clipboard in base64 or an image.
const MAX_STRING_LENGTH: usize = 4 * 1024 * 1024;
/// The longest control sequence, in bytes.
const MAX_CSI_LENGTH: usize = 256;

/// Input that was decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// A key.
    Key(Key),
    /// The mouse was used.
    Mouse(MouseReport),
    /// Pasted text.
    Paste(String),
}

/// Decodes bytes into keys and pastes. Keeps an incomplete sequence between calls.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    /// When the last byte was read.
    last_read: Option<Instant>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Ground,
    /// After ESC.
    Escape,
    /// In a UTF-8 character, of which these bytes were read.
    Utf8 { bytes: Vec<u8>, alt: bool },
    /// After `ESC O`: a function key follows.
    Ss3,
    /// After `ESC [`: the parameters so far.
    Csi(Vec<u8>),
    /// The number of bytes that are left of a sequence.
    Skip(usize),
    /// In a control string that `ESC introducer` began.
    ControlString { introducer: u8, length: usize },
    /// After an ESC in a control string.
    ControlStringEscape { introducer: u8, length: usize },
    /// In a paste.
    Paste(Paste),
}

impl Decoder {
    /// Decodes bytes that were read at `now`, and appends the result to `decoded`.
    pub fn feed(&mut self, bytes: &[u8], now: Instant, decoded: &mut Vec<Decoded>) {
        self.expire(now, decoded);
        for byte in bytes {
            self.advance(*byte, decoded);
        }
        self.last_read = Some(now);
    }

    /// Returns when to call [`Self::expire`], unless more bytes arrive first.
    pub fn deadline(&self) -> Option<Instant> {
        let timeout = match &self.state {
            State::Ground => return None,
            State::Escape => ESCAPE_TIMEOUT,
            State::Ss3 | State::ControlString { length: 0, .. } => INTRODUCER_TIMEOUT,
            State::Csi(parameters) if parameters.is_empty() => INTRODUCER_TIMEOUT,
            State::Paste(_) => PASTE_TIMEOUT,
            State::Csi(_)
            | State::Utf8 { .. }
            | State::Skip(_)
            | State::ControlString { .. }
            | State::ControlStringEscape { .. } => SEQUENCE_TIMEOUT,
        };
        self.last_read.map(|last_read| last_read + timeout)
    }

    /// Ends an incomplete sequence after its timeout. If its bytes alone are a key, it becomes that key.
    pub fn expire(&mut self, now: Instant, decoded: &mut Vec<Decoded>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match std::mem::take(&mut self.state) {
            State::Escape => decoded.push(Decoded::Key(Key::plain(KeyCode::Esc))),
            State::Ss3 => decoded.push(alt_key(b'O')),
            State::Csi(parameters) if parameters.is_empty() => decoded.push(alt_key(b'[')),
            State::ControlString { introducer: introducer @ ..0x80, length: 0 } => {
                decoded.push(alt_key(introducer));
            }
            State::Paste(paste) => decoded.push(Decoded::Paste(paste.into_text())),
            _ => {}
        }
    }

    fn advance(&mut self, byte: u8, decoded: &mut Vec<Decoded>) {
        self.state = match std::mem::take(&mut self.state) {
            State::Ground => ground(byte, false, decoded),
            State::Escape => escape(byte, decoded),
            State::Utf8 { bytes, alt } => utf8(bytes, byte, alt, decoded),
            State::Ss3 => ss3(byte, decoded),
            State::Csi(parameters) => csi(parameters, byte, decoded),
            State::Skip(0 | 1) => State::Ground,
            State::Skip(left) => State::Skip(left - 1),
            // `ESC \` ends the string. Any other escape is part of it: otherwise the rest of the string would become
            // keys.
            State::ControlStringEscape { .. } if byte == b'\\' => State::Ground,
            State::ControlString { introducer, length }
            | State::ControlStringEscape { introducer, length } => control_string(introducer, length, byte),
            State::Paste(mut paste) => {
                if paste.push(byte) {
                    decoded.push(Decoded::Paste(paste.into_text()));
                    State::Ground
                } else {
                    State::Paste(paste)
                }
            }
        };
    }
}

/// Decodes a byte outside of a sequence. With `alt` it follows an ESC, and the key is pressed with Alt.
fn ground(byte: u8, alt: bool, decoded: &mut Vec<Decoded>) -> State {
    let (code, ctrl) = match byte {
        ESC => return State::Escape,
        b'\r' => (KeyCode::Enter, false),
        b'\t' => (KeyCode::Tab, false),
        0x7f => (KeyCode::Backspace, false),
        0 => (KeyCode::Char(' '), true),
        // Ctrl clears the upper bits: 0x01 is ^a, 0x1c is ^\.
        0x01..=0x1a => (KeyCode::Char(char::from(byte | 0x60)), true),
        0x1c..=0x1f => (KeyCode::Char(char::from(byte | 0x40)), true),
        0x20..=0x7e => (KeyCode::Char(char::from(byte)), false),
        // The introducers as single C1 bytes; no UTF-8 character begins with these.
        0x9b => return State::Csi(Vec::new()),
        introducer @ (0x90 | 0x98 | 0x9d..=0x9f) => return State::ControlString { introducer, length: 0 },
        0x80.. => return utf8(Vec::new(), byte, alt, decoded),
    };
    decoded.push(Decoded::Key(Key { code, ctrl, alt }));
    State::Ground
}

/// Decodes the byte after ESC.
fn escape(byte: u8, decoded: &mut Vec<Decoded>) -> State {
    match byte {
        b'[' => State::Csi(Vec::new()),
        b'O' => State::Ss3,
        introducer @ (b']' | b'P' | b'X' | b'^' | b'_') => State::ControlString { introducer, length: 0 },
        ESC => {
            decoded.push(Decoded::Key(Key::plain(KeyCode::Esc)));
            State::Escape
        }
        byte => ground(byte, true, decoded),
    }
}

/// Decodes the next byte of a UTF-8 character; drops invalid bytes.
fn utf8(mut bytes: Vec<u8>, byte: u8, alt: bool, decoded: &mut Vec<Decoded>) -> State {
    if !bytes.is_empty() && !(0x80..0xc0).contains(&byte) {
        return ground(byte, false, decoded);
    }
    bytes.push(byte);
    match std::str::from_utf8(&bytes) {
        Ok(text) => {
            let keys = text.chars().filter(|c| !c.is_control());
            decoded.extend(keys.map(|c| Decoded::Key(Key { alt, ..Key::char(c) })));
            State::Ground
        }
        Err(error) if error.error_len().is_none() => State::Utf8 { bytes, alt },
        Err(_) => State::Ground,
    }
}

/// Decodes the byte after `ESC O`: a cursor or function key.
fn ss3(byte: u8, decoded: &mut Vec<Decoded>) -> State {
    match byte {
        ESC => {
            decoded.push(alt_key(b'O'));
            State::Escape
        }
        // Old terminals send a modifier here.
        b'0'..=b'9' => State::Ss3,
        byte => {
            decoded.extend(csi::ss3_key(byte).map(Decoded::Key));
            State::Ground
        }
    }
}

/// Decodes the next byte of a control sequence.
fn csi(mut parameters: Vec<u8>, byte: u8, decoded: &mut Vec<Decoded>) -> State {
    match byte {
        // A function key of the Linux console: `ESC [ [ A`.
        b'[' if parameters.is_empty() => State::Skip(1),
        // An X10 mouse report: three bytes follow.
        b'M' if parameters.is_empty() => State::Skip(3),
        b'~' if parameters == b"200" => State::Paste(Paste::default()),
        0x20..=0x3f if parameters.len() < MAX_CSI_LENGTH => {
            parameters.push(byte);
            State::Csi(parameters)
        }
        0x40..=0x7e => {
            let mouse = mouse::report(&parameters, byte).map(Decoded::Mouse);
            decoded.extend(mouse.or_else(|| csi::key(&parameters, byte).map(Decoded::Key)));
            State::Ground
        }
        // The sequence was cut off: this byte is a key of its own.
        byte => ground(byte, false, decoded),
    }
}

/// Skips the next byte of a control string.
fn control_string(introducer: u8, length: usize, byte: u8) -> State {
    match byte {
        BEL => State::Ground,
        // ST as a single byte, valid only after a single-byte introducer: otherwise it is part of a UTF-8 character.
        0x9c if introducer >= 0x80 => State::Ground,
        ESC => State::ControlStringEscape { introducer, length: length + 1 },
        _ if length >= MAX_STRING_LENGTH => State::Ground,
        _ => State::ControlString { introducer, length: length + 1 },
    }
}

/// Returns a character key with Alt.
fn alt_key(byte: u8) -> Decoded {
    Decoded::Key(Key { alt: true, ..Key::char(char::from(byte)) })
}
