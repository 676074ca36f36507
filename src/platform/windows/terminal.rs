//! The console: its size, and what is typed on it.

use std::io;
use std::time::Duration;

use crossterm::event::{self, Event, KeyEventKind};

/// The modes of the console. Programs restore them on their own.
pub(crate) struct Modes;

impl Modes {
    /// Reads nothing.
    #[expect(clippy::unnecessary_wraps, reason = "other systems may fail")]
    pub(crate) const fn read() -> io::Result<Self> {
        Ok(Self)
    }

    /// Sets nothing.
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "other systems may fail")]
    pub(crate) const fn restore(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns the width and height, in cells.
pub(crate) fn size() -> io::Result<(u16, u16)> {
    crossterm::terminal::size()
}

/// Does nothing: no shell would continue the program.
#[expect(clippy::unnecessary_wraps, reason = "other systems may fail")]
pub(crate) const fn suspend() -> io::Result<()> {
    Ok(())
}

/// Drops what was typed and not yet read. Returns whether there was any.
pub(crate) fn drop_input() -> io::Result<bool> {
    let mut was_typed = false;
    while event::poll(Duration::ZERO)? {
        was_typed |= matches!(event::read()?, Event::Key(key) if key.kind == KeyEventKind::Press);
    }
    Ok(was_typed)
}

/// Fails: nothing tells that the reader of a pipe has gone, but the next write.
pub(crate) async fn output_closed() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
