//! Reads the terminal's input on its own thread and passes it on in batches. Each key carries the time at which it was
//! read.
//!
//! A thread, because async reads would make standard input non-blocking, for the shell too.

#[cfg(unix)]
#[path = "keyboard/bytes.rs"]
mod reader;
#[cfg(windows)]
#[path = "keyboard/events.rs"]
mod reader;

use std::collections::VecDeque;
use std::io::{self, PipeWriter};
use std::thread::{self, JoinHandle};

use tokio::sync::mpsc::{self, Receiver};

use super::console_input::Input;

/// The most batches that wait for the event loop. Further input stays in the terminal's buffer.
const QUEUE_CAPACITY: usize = 64;

type Batch = Vec<Input>;

/// The terminal's input. Dropping it stops the thread, and leaves later input to other programs, such as the shell.
pub(super) struct Keyboard {
    batches: Receiver<Batch>,
    pending: VecDeque<Input>,
    /// Dropping it stops the thread.
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
}

impl Keyboard {
    /// Starts the thread.
    pub(super) fn start() -> io::Result<Self> {
        let (sender, batches) = mpsc::channel(QUEUE_CAPACITY);
        let (stopped, stop) = io::pipe()?;
        let thread = thread::Builder::new()
            .name("keyboard".to_owned())
            .spawn(move || reader::read(&sender, &stopped))?;
        Ok(Self { batches, pending: VecDeque::new(), stop: Some(stop), thread: Some(thread) })
    }

    /// Returns the next key or paste, or `None` if the terminal is gone. Cancel-safe.
    pub(super) async fn next(&mut self) -> Option<Input> {
        while self.pending.is_empty() {
            self.pending.extend(self.batches.recv().await?);
        }
        self.pending.pop_front()
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.batches.close();
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The panic hook has reported a panic of the thread.
            let _ = thread.join();
        }
    }
}
