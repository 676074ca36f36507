//! Reads the terminal's input on its own thread and passes it on in batches. Each key carries the time at which it was
//! read.
//!
//! A thread, because async reads would make standard input non-blocking, for the shell too. The thread waits for input
//! and for its stop signal in one `poll`.

use std::collections::VecDeque;
use std::io::{self, PipeReader, PipeWriter};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::console_input::Input;
use super::input::{Decoded, Decoder};

/// The most batches that wait for the event loop. Further input stays in the terminal's buffer.
const QUEUE_CAPACITY: usize = 64;
/// The size of a read, in bytes: that of a terminal's buffer on Linux.
const READ_SIZE: usize = 4096;

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
        let thread =
            thread::Builder::new().name("keyboard".to_owned()).spawn(move || read(&sender, &stopped))?;
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

/// Reads until the terminal is gone or the keyboard is dropped.
fn read(sender: &Sender<Batch>, stopped: &PipeReader) {
    let mut decoder = Decoder::default();
    let mut batch = Vec::new();
    while let Some(is_readable) = wait(stopped, decoder.deadline()) {
        let read = if is_readable { read_into(&mut decoder, &mut batch) } else { Ok(()) };
        let now = Instant::now();
        decoder.expire(now, &mut batch);
        let inputs: Batch = batch.drain(..).map(|decoded| input(decoded, now)).collect();
        if read.is_err() || (!inputs.is_empty() && sender.blocking_send(inputs).is_err()) {
            return;
        }
    }
}

fn input(decoded: Decoded, now: Instant) -> Input {
    match decoded {
        Decoded::Key(key) => Input::Key(key, now),
        Decoded::Mouse(report) => Input::Mouse(report, now),
        Decoded::Paste(text) => Input::Paste(text),
    }
}

/// Waits for input or the deadline. Returns whether there is input, or `None` if the thread must stop.
fn wait(stopped: &PipeReader, deadline: Option<Instant>) -> Option<bool> {
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    // Rounded up: a poll that wakes too early would have to be repeated.
    let timeout = left.and_then(|left| Timespec::try_from(left + Duration::from_millis(1)).ok());
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
    match poll(&mut fds, timeout.as_ref()) {
        Ok(_) => {}
        Err(Errno::INTR) => return Some(false),
        Err(_) => return None,
    }
    let [is_readable, is_stopped] = fds.map(|fd| !fd.revents().is_empty());
    (!is_stopped).then_some(is_readable)
}

/// Reads available input. Returns an error if the terminal is gone.
fn read_into(decoder: &mut Decoder, batch: &mut Vec<Decoded>) -> io::Result<()> {
    let mut buffer = [0; READ_SIZE];
    match rustix::io::read(io::stdin(), &mut buffer) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(length) => {
            decoder.feed(buffer.get(..length).unwrap_or_default(), Instant::now(), batch);
            Ok(())
        }
        Err(Errno::INTR | Errno::AGAIN) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
