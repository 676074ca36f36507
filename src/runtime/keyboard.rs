//! What the terminal sends: read on a thread of its own, all that has arrived handed over at once.
//!
//! Not crossterm's `EventStream`: with input read from the terminal's own device a look without waiting finds only
//! what a helper thread has fetched, one event for each time around, so that a paste of three hundred keys would be
//! three hundred frames. It is kept for one thing that nothing else of crossterm does: ending a read that waits.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossterm::event::{self, Event, EventStream};
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Batches that wait for the loop. When there are as many, the rest waits in the terminal's own buffer.
const WAITING: usize = 64;
/// The most events of one batch.
const BATCH: usize = 1024;
/// Long: a wait is ended by what arrives, or by the end of the keyboard.
const UNTIL_WOKEN: Duration = Duration::from_secs(3_600);
/// As good as no wait. With less crossterm's clock has run out before it looks at what it has read already.
const AT_ONCE: Duration = Duration::from_micros(50);

type Batch = Vec<io::Result<Event>>;

/// The terminal's input. Dropping it leaves what arrives from then on to others, the shell for one.
pub(super) struct Keyboard {
    batches: Receiver<Batch>,
    arrived: VecDeque<io::Result<Event>>,
    /// Its drop wakes the thread.
    waker: Option<EventStream>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Keyboard {
    /// Begins to read.
    pub(super) fn listen() -> io::Result<Self> {
        let (sender, batches) = mpsc::channel(WAITING);
        let ended = Arc::new(AtomicBool::new(false));
        // Made before anybody reads: making it waits for a read to end.
        let waker = Some(EventStream::new());
        let seen = Arc::clone(&ended);
        let thread =
            thread::Builder::new().name("keyboard".to_owned()).spawn(move || read(&sender, &seen))?;
        Ok(Self { batches, arrived: VecDeque::new(), waker, ended, thread: Some(thread) })
    }

    /// The next event; none when the terminal is gone. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Option<io::Result<Event>> {
        while self.arrived.is_empty() {
            self.arrived.extend(self.batches.recv().await?);
        }
        self.arrived.pop_front()
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        self.batches.close();
        drop(self.waker.take());
        if let Some(thread) = self.thread.take() {
            // One that panicked has said so through the hook.
            let _ = thread.join();
        }
    }
}

fn read(sender: &Sender<Batch>, ended: &AtomicBool) {
    while !ended.load(Ordering::SeqCst) {
        let batch = match event::poll(UNTIL_WOKEN) {
            Ok(false) => continue,
            Ok(true) => arrived(),
            Err(error) => vec![Err(error)],
        };
        let broken = batch.iter().any(Result::is_err);
        if sender.blocking_send(batch).is_err() || broken {
            return;
        }
    }
}

/// What can be read without waiting.
fn arrived() -> Batch {
    let mut batch = vec![event::read()];
    while batch.len() < BATCH
        && batch.last().is_some_and(Result::is_ok)
        && matches!(event::poll(AT_ONCE), Ok(true))
    {
        batch.push(event::read());
    }
    batch
}
