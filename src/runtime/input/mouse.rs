//! Maps SGR mouse reports (mode 1006) to what the mouse did. Source: "Mouse Tracking" in xterm's "ctlseqs".
//!
//! Reports of other buttons, of releases and with a modifier are ignored: the dashboard does not use them.

use super::MouseReport;
use crate::app::MouseAction;

const LEFT: u16 = 0;
const WHEEL_UP: u16 = 64;
const WHEEL_DOWN: u16 = 65;

/// Returns the report in `ESC [ parameters final_byte`: `<button;column;line` and `M` for a press.
pub(super) fn report(parameters: &[u8], final_byte: u8) -> Option<MouseReport> {
    let parameters = parameters.strip_prefix(b"<").filter(|_| final_byte == b'M')?;
    let mut numbers = std::str::from_utf8(parameters).ok()?.split(';').map(number);
    let (button, column, line) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let action = match button {
        _ if numbers.next().is_some() => return None,
        LEFT => MouseAction::Click,
        WHEEL_UP => MouseAction::WheelUp,
        WHEEL_DOWN => MouseAction::WheelDown,
        _ => return None,
    };
    // Terminals count from 1.
    Some(MouseReport { action, column: column.checked_sub(1)?, line: line.checked_sub(1)? })
}

/// Parses digits alone; `u16` would accept a sign.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
