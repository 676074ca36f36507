//! What the program writes: read by a thread, shown on an emulated screen.

use std::io::Read;
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use vt100::{Parser, Screen};

/// What the program has written.
pub(super) struct Output {
    pub(super) parser: Parser,
    pub(super) bytes: Vec<u8>,
    /// Whether the terminal takes nothing, like one that is frozen.
    is_held: bool,
    /// Whether it has stopped reading.
    pub(super) is_parked: bool,
    /// Whether the terminal is gone.
    has_hung_up: bool,
}

/// The output, and the thread that reads it.
pub(super) struct Reader {
    shared: Arc<(Mutex<Output>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts to read, for a screen of a size in columns and rows.
    pub(super) fn start(from: Box<dyn Read + Send>, size: (u16, u16)) -> Self {
        let output = Output {
            parser: parser(size),
            bytes: Vec::new(),
            is_held: false,
            is_parked: false,
            has_hung_up: false,
        };
        let shared = Arc::new((Mutex::new(output), Condvar::new()));
        let thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || read(from, &shared)
        });
        Self { shared, thread: Some(thread) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Output> {
        lock(&self.shared.0)
    }

    /// Waits until `holds` is true, but no longer than `limit`. Returns whether it is.
    pub(super) fn wait_until(&self, limit: Duration, holds: impl Fn(&Screen) -> bool) -> bool {
        let waiting = |output: &mut Output| !holds(output.parser.screen());
        let waited = self.shared.1.wait_timeout_while(self.lock(), limit, waiting);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Takes nothing any more, or takes it again.
    pub(super) fn hold(&self, is_held: bool) {
        self.lock().is_held = is_held;
        self.shared.1.notify_all();
    }

    /// Stops at the next output, and closes this side of the terminal.
    pub(super) fn hang_up(&mut self) {
        self.lock().has_hung_up = true;
        self.shared.1.notify_all();
        self.finish();
    }

    /// Reads the rest.
    pub(super) fn finish(&mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn lock(output: &Mutex<Output>) -> MutexGuard<'_, Output> {
    output.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(mut from: Box<dyn Read + Send>, (output, changed): &(Mutex<Output>, Condvar)) {
    let mut buffer = [0; 4096];
    let mut unseen = Vec::new();
    // Some systems report the end as an error.
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let read = buffer.get(..length).unwrap_or_default();
        let mut now = lock(output);
        unseen.extend_from_slice(read);
        let seen = replaced(&mut unseen);
        now.parser.process(&seen);
        now.bytes.extend_from_slice(read);
        changed.notify_all();
        let waiting = |output: &mut Output| {
            output.is_parked = output.is_held && !output.has_hung_up;
            output.is_parked
        };
        let now = changed.wait_while(now, waiting).unwrap_or_else(PoisonError::into_inner);
        if now.has_hung_up {
            break;
        }
    }
}

/// Takes what can be shown. The emulated terminal drops the replacement character; others show it in one cell.
fn replaced(unseen: &mut Vec<u8>) -> Vec<u8> {
    let character = '\u{fffd}'.to_string();
    let begun = (1..character.len())
        .rev()
        .find(|length| unseen.ends_with(character.as_bytes().get(..*length).unwrap()));
    let rest = unseen.split_off(unseen.len() - begun.unwrap_or(0));
    let mut seen = std::mem::replace(unseen, rest);
    while let Some(at) = seen.windows(character.len()).position(|part| part == character.as_bytes()) {
        seen.splice(at..at + character.len(), *b"?");
    }
    seen
}

/// Returns a terminal of a size in columns and rows.
pub(crate) fn parser((cols, rows): (u16, u16)) -> Parser {
    let cells = |count| NonZeroU16::new(count).unwrap();
    Parser::new(cells(rows), cells(cols), 0)
}
