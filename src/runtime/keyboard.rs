//! What the terminal sends: read on a thread of its own, all that has arrived handed over at once, each key with the time it was
//! read at.
//!
//! A thread, for a terminal's input can't be awaited without making it non-blocking, and that would hold for the shell too. The
//! thread waits for the input and for its own end in one `poll`.

use std::collections::VecDeque;
use std::io::{self, PipeReader, PipeWriter};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::console_input::Input;
use super::input::{Decoder, Typed};

/// Batches that wait for the loop. When there are as many, the rest waits in the terminal's own buffer.
const WAITING: usize = 64;
/// Bytes that are read at once: as many as a terminal's buffer on Linux holds.
const BUFFER: usize = 4096;

type Batch = Vec<Input>;

/// The terminal's input. Dropping it leaves what arrives from then on to others, the shell for one.
pub(super) struct Keyboard {
    batches: Receiver<Batch>,
    arrived: VecDeque<Input>,
    /// Its drop ends the thread.
    end: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
}

impl Keyboard {
    /// Begins to read.
    pub(super) fn listen() -> io::Result<Self> {
        let (sender, batches) = mpsc::channel(WAITING);
        let (ended, end) = io::pipe()?;
        let thread =
            thread::Builder::new().name("keyboard".to_owned()).spawn(move || read(&sender, &ended))?;
        Ok(Self { batches, arrived: VecDeque::new(), end: Some(end), thread: Some(thread) })
    }

    /// The next key or paste; none when the terminal is gone. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Option<Input> {
        while self.arrived.is_empty() {
            self.arrived.extend(self.batches.recv().await?);
        }
        self.arrived.pop_front()
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.batches.close();
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // One that panicked has said so through the hook.
            let _ = thread.join();
        }
    }
}

/// Reads until the terminal or the keyboard is gone.
fn read(sender: &Sender<Batch>, ended: &PipeReader) {
    let mut decoder = Decoder::default();
    let mut typed = Vec::new();
    while let Some(arrived) = wait(ended, decoder.deadline()) {
        let read = if arrived { read_into(&mut decoder, &mut typed) } else { Ok(()) };
        let now = Instant::now();
        decoder.expire(now, &mut typed);
        let batch: Batch = typed.drain(..).map(|typed| at(typed, now)).collect();
        if read.is_err() || (!batch.is_empty() && sender.blocking_send(batch).is_err()) {
            return;
        }
    }
}

fn at(typed: Typed, now: Instant) -> Input {
    match typed {
        Typed::Key(key) => Input::Key(key, now),
        Typed::Paste(text) => Input::Paste(text),
    }
}

/// Waits for input or the deadline, and says whether there is input; none once the keyboard has ended.
fn wait(ended: &PipeReader, deadline: Option<Instant>) -> Option<bool> {
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    // A poll that wakes a little early would be asked again at once.
    let timeout = left.and_then(|left| Timespec::try_from(left + Duration::from_millis(1)).ok());
    let stdin = io::stdin();
    let mut awaited = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(ended, PollFlags::IN)];
    match poll(&mut awaited, timeout.as_ref()) {
        Ok(_) => {}
        Err(Errno::INTR) => return Some(false),
        Err(_) => return None,
    }
    let [input, ended] = awaited.map(|fd| !fd.revents().is_empty());
    (!ended).then_some(input)
}

/// Reads what has arrived, which [`wait`] has seen; an error when the terminal is gone.
fn read_into(decoder: &mut Decoder, typed: &mut Vec<Typed>) -> io::Result<()> {
    let mut buffer = [0; BUFFER];
    match rustix::io::read(io::stdin(), &mut buffer) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(length) => {
            decoder.feed(buffer.get(..length).unwrap_or_default(), Instant::now(), typed);
            Ok(())
        }
        Err(Errno::INTR | Errno::AGAIN) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
