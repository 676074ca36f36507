//! Reads the events of a Windows console, which has no bytes to decode. The mouse is left to the console.

use std::io::{self, PipeReader};
use std::time::{Duration, Instant};

use crossterm::event::{self, Event, KeyEvent, KeyEventKind, KeyModifiers};
use tokio::sync::mpsc::Sender;

use super::Batch;
use crate::app::key::{Key, KeyCode};
use crate::runtime::console_input::Input;

/// How long it takes to notice that the keyboard was dropped: nothing wakes the thread.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

/// Reads until the console is gone or the keyboard is dropped.
pub(super) fn read(sender: &Sender<Batch>, _stopped: &PipeReader) {
    while !sender.is_closed() {
        match next() {
            Ok(Some(input)) => {
                // The loop ends if the keyboard was dropped.
                let _ = sender.blocking_send(vec![input]);
            }
            Ok(None) => {}
            Err(_) => return,
        }
    }
}

fn next() -> io::Result<Option<Input>> {
    if !event::poll(STOP_INTERVAL)? {
        return Ok(None);
    }
    let event = event::read()?;
    let now = Instant::now();
    Ok(match event {
        Event::Key(event) => key(event).map(|key| Input::Key(key, now)),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Resize(..) => Some(Input::Resized),
        Event::Mouse(_) | Event::FocusGained | Event::FocusLost => None,
    })
}

/// Returns the key of an event, or `None` for a release and for a key that taskdeck does not know.
fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let code = code(event)?;
    let is_held = |modifier| event.modifiers.contains(modifier);
    let (ctrl, alt) = (is_held(KeyModifiers::CONTROL), is_held(KeyModifiers::ALT));
    // Both together are AltGr, which is part of the character.
    let is_alt_gr = ctrl && alt && matches!(code, KeyCode::Char(_));
    Some(Key { code, ctrl: ctrl && !is_alt_gr, alt: alt && !is_alt_gr })
}

fn code(event: KeyEvent) -> Option<KeyCode> {
    use crossterm::event::KeyCode as Code;

    let shift = event.modifiers.contains(KeyModifiers::SHIFT);
    Some(match event.code {
        Code::Char(c) => KeyCode::Char(c),
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Up if shift => KeyCode::ShiftUp,
        Code::Down if shift => KeyCode::ShiftDown,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        _ => return None,
    })
}
