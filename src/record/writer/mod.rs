//! Writes recordings on a thread of its own, so that no disk can stop the dashboard.
//!
//! What is handed over waits in a bounded queue. Twice a second the thread writes all of it in one transaction, so a
//! program that is killed loses at most the last second. A problem with the file becomes [`RecorderNews`]; meanwhile
//! entries are dropped, and once the file works again, the sessions are begun again.

mod file_writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::{Program, Retention};
use crate::model::Timestamp;
use crate::model::recording::{Entry, RecorderNews};
use file_writer::FileWriter;

/// The most entries that wait. The first list of a large foundation has 100,000 tasks, which arrive at once.
const MOST_WAITING: usize = 400_000;

/// Tells the sessions of one program apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionKey(pub u32);

/// Where and how to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriterOptions {
    /// The file.
    pub path: PathBuf,
    /// Whether a file that is no recording is replaced like a damaged one. Only for a file that is ours by its place.
    pub replace_foreign: bool,
    /// How much to keep.
    pub retention: Retention,
    /// The program that records.
    pub program: Program,
    /// The user that runs it.
    pub user: String,
    /// The machine that it runs on.
    pub host: String,
    /// The time between two transactions: [`Self::INTERVAL`]. A file that failed is tried again after twenty of them.
    pub interval: Duration,
}

impl WriterOptions {
    /// The usual time between two transactions. A crash loses at most what came since the last one.
    pub const INTERVAL: Duration = Duration::from_millis(500);
}

/// Reads our wall time.
pub type WallClock = Box<dyn Fn() -> Timestamp + Send>;
/// Takes the news of the writer. It may block for a while, but not for ever.
pub type TakeNews = Box<dyn Fn(RecorderNews) + Send>;

/// What to do, in the order of the calls.
#[derive(Debug)]
enum Request {
    Begin {
        session: SessionKey,
        target: String,
        at: Timestamp,
    },
    Record {
        session: SessionKey,
        entries: Vec<Entry>,
    },
    End {
        session: SessionKey,
        at: Timestamp,
    },
    /// This many entries were lost here, from this time on.
    Lost {
        entries: u64,
        since: Timestamp,
    },
}

/// Wakes the thread before its time.
enum Wake {
    /// Write everything, and answer.
    Flush(Sender<()>),
    /// Write everything, end all runs, and answer.
    Finish(Sender<()>),
}

/// What the thread and its owner share.
#[derive(Debug, Default)]
struct Shared {
    /// How many entries wait.
    waiting: AtomicUsize,
    /// How many entries were written.
    written: AtomicU64,
    /// How many entries were dropped.
    dropped: AtomicU64,
    /// How many bytes the file has.
    bytes: AtomicU64,
}

impl Shared {
    fn note_dropped(&self, entries: usize) {
        self.dropped.fetch_add(u64::try_from(entries).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// How far a writer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriterStatus {
    /// How many entries were written.
    pub written: u64,
    /// How many entries were dropped: the file failed, or the disk could not keep up.
    pub dropped: u64,
    /// How many bytes the file has.
    pub bytes: u64,
}

/// Hands entries to the thread that writes them. No call blocks, except [`Self::flush`] and [`Self::finish`].
#[derive(Debug)]
pub struct Writer {
    requests: Sender<Request>,
    wake: Sender<Wake>,
    shared: Arc<Shared>,
    /// What was lost since the last entry that was accepted.
    lost: Option<(u64, Timestamp)>,
    most_waiting: usize,
}

impl Writer {
    /// Starts the thread, which opens the file.
    ///
    /// # Errors
    /// If the system has no thread left.
    pub fn start(options: WriterOptions, wall: WallClock, news: TakeNews) -> std::io::Result<Self> {
        let (requests, incoming) = channel();
        let (wake, woken) = channel();
        let shared = Arc::new(Shared::default());
        let interval = options.interval;
        let file = FileWriter::new(options, Arc::clone(&shared), wall, news);
        let turns = move || run(file, interval, &incoming, &woken);
        thread::Builder::new().name("recorder".to_owned()).spawn(turns)?;
        Ok(Self { requests, wake, shared, lost: None, most_waiting: MOST_WAITING })
    }

    /// Begins to record a session; ends what was recorded of it before.
    pub fn begin(&mut self, session: SessionKey, target: &str, at: Timestamp) {
        self.send(Request::Begin { session, target: target.to_owned(), at });
    }

    /// Records entries of a session. If too many wait, these are lost, and the recording says so.
    pub fn record(&mut self, session: SessionKey, entries: Vec<Entry>) {
        let (count, since) = (entries.len(), entries.first().map(|entry| entry.at));
        let waiting = self.shared.waiting.fetch_add(count, Ordering::Relaxed);
        if waiting > 0 && waiting + count > self.most_waiting {
            self.shared.waiting.fetch_sub(count, Ordering::Relaxed);
            self.shared.note_dropped(count);
            let lost = self.lost.get_or_insert((0, since.unwrap_or_default()));
            lost.0 += u64::try_from(count).unwrap_or(u64::MAX);
            return;
        }
        if let Some((entries, since)) = self.lost.take() {
            self.send(Request::Lost { entries, since });
        }
        self.send(Request::Record { session, entries });
    }

    /// Ends the recording of a session.
    pub fn end(&mut self, session: SessionKey, at: Timestamp) {
        self.send(Request::End { session, at });
    }

    /// Returns how far it is.
    pub fn status(&self) -> WriterStatus {
        WriterStatus {
            written: self.shared.written.load(Ordering::Relaxed),
            dropped: self.shared.dropped.load(Ordering::Relaxed),
            bytes: self.shared.bytes.load(Ordering::Relaxed),
        }
    }

    /// Waits until everything is written, but not longer than this. Returns whether it is.
    pub fn flush(&self, timeout: Duration) -> bool {
        self.wait_for(Wake::Flush, timeout)
    }

    /// Writes what waits, ends all runs, and ends the thread. Waits for that, but not longer than this. Returns how far it
    /// came; none if it takes longer.
    pub fn finish(mut self, timeout: Duration) -> Option<WriterStatus> {
        if let Some((entries, since)) = self.lost.take() {
            self.send(Request::Lost { entries, since });
        }
        self.wait_for(Wake::Finish, timeout).then(|| self.status())
    }

    fn wait_for(&self, wake: fn(Sender<()>) -> Wake, timeout: Duration) -> bool {
        let (done, is_done) = channel();
        let _ = self.wake.send(wake(done));
        is_done.recv_timeout(timeout).is_ok()
    }

    /// Ignores the only possible error: the thread has ended, which it does only when asked.
    fn send(&self, request: Request) {
        let _ = self.requests.send(request);
    }
}

/// Writes what waits at every interval, until it is asked to end or its owner is gone.
fn run(mut file: FileWriter, interval: Duration, requests: &Receiver<Request>, wake: &Receiver<Wake>) {
    loop {
        let woken = wake.recv_timeout(interval);
        file.take(requests.try_iter());
        match woken {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(Wake::Flush(done)) => {
                let _ = done.send(());
            }
            Ok(Wake::Finish(done)) => {
                file.finish();
                let _ = done.send(());
                return;
            }
            Err(RecvTimeoutError::Disconnected) => return file.finish(),
        }
    }
}

#[cfg(test)]
mod tests;
