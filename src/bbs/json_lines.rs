//! A list as lines of JSON, in the order of the list: fetched by one task, written by others, several batches at once,
//! read by whoever prints them. A hundred thousand tasks are 200 MB of lines; a batch or two are held.
//!
//! `cfdot` prints the same, byte for byte; what is masked or filtered goes another way, in `stream`.

use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};

use super::json::{self, JsonBuffer, Secrets};
use super::list::RawTasks;
use super::stream::TaskList;
use crate::model::Fault;

/// Batches that wait to be read, beside the one that is.
const AHEAD: usize = 1;

/// Some lines of the list.
#[derive(Debug, Default)]
pub struct Lines {
    /// The lines, whole ones.
    pub text: JsonBuffer,
    /// Why nothing follows them, though more should.
    pub fault: Option<Fault>,
    raw: RawTasks,
}

/// The lines of a list, on their way. Dropping it ends the list.
pub struct ListLines {
    batches: Receiver<Batch>,
    used: UnboundedSender<Lines>,
    /// Ended by its drop.
    _reading: JoinSet<()>,
}

enum Batch {
    Writing(JoinHandle<Lines>),
    Failed(Fault),
}

impl TaskList {
    /// Turns the list into lines of JSON.
    pub fn into_lines(self) -> ListLines {
        ListLines::of(self)
    }
}

impl ListLines {
    fn of(list: TaskList) -> Self {
        let (sender, batches) = channel(AHEAD);
        let (used, spare) = unbounded_channel();
        let mut reading = JoinSet::new();
        reading.spawn(read(list, sender, spare));
        Self { batches, used, _reading: reading }
    }

    /// The next lines; none once the list has come whole, or has failed.
    pub async fn next(&mut self) -> Option<Lines> {
        match self.batches.recv().await? {
            // Written by a thread that ended before its time only if the program does.
            Batch::Writing(lines) => Some(lines.await.unwrap_or_default()),
            Batch::Failed(fault) => Some(Lines { fault: Some(fault), ..Lines::default() }),
        }
    }

    /// Takes lines back that were printed: what they are in is used again, where memory from the system would have to
    /// be cleared for each.
    pub fn reuse(&self, lines: Lines) {
        // A list that has ended needs nothing more.
        let _ = self.used.send(lines);
    }
}

async fn read(mut list: TaskList, sender: Sender<Batch>, mut spare: UnboundedReceiver<Lines>) {
    loop {
        let mut lines = spare.try_recv().unwrap_or_default();
        let batch = match list.next_raw(&mut lines.raw).await {
            Some(Ok(())) => {
                let malformed = list.malformed();
                Batch::Writing(spawn_blocking(move || write(lines, malformed)))
            }
            Some(Err(fault)) => Batch::Failed(fault),
            None => return,
        };
        if sender.send(batch).await.is_err() {
            return;
        }
    }
}

/// Writes the tasks as far as they can be read.
fn write(mut lines: Lines, malformed: impl Fn(usize, String) -> Fault) -> Lines {
    let Lines { text, fault, raw } = &mut lines;
    text.truncate(0);
    for (nth, (within, place)) in raw.iter().enumerate() {
        if let Err(problem) = json::raw_task(text, within, place, Secrets::Shown) {
            *fault = Some(malformed(raw.first + nth, problem));
            break;
        }
        text.put(b"\n");
    }
    lines
}
