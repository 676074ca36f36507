//! Converts a list into lines of JSON, in list order: one task receives it, blocking threads encode batches in parallel.
//!
//! 100,000 tasks are 200 MB of lines, so only a batch or two are in memory. The output must equal `cfdot`'s, byte for byte;
//! masked or filtered lines are made in `stream`.

use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};

use super::json::{self, JsonBuffer, Secrets};
use super::list::RawTasks;
use super::stream::TaskList;
use crate::model::Fault;

/// How many batches are queued for the reader.
const MAX_QUEUED: usize = 1;

/// Consecutive lines of a list.
#[derive(Debug, Default)]
pub struct Lines {
    /// Complete lines, each with its line feed.
    pub text: JsonBuffer,
    /// The fault that ended the list early, if it did.
    pub fault: Option<Fault>,
    raw: RawTasks,
}

/// The lines of a list, encoded in the background. Dropping it cancels the list.
pub struct ListLines {
    batches: Receiver<Batch>,
    recycled: UnboundedSender<Lines>,
    /// Aborts the task when dropped.
    _task: JoinSet<()>,
}

enum Batch {
    Encoding(JoinHandle<Lines>),
    Failed(Fault),
}

impl TaskList {
    /// Converts the list into lines of JSON, with secrets shown.
    pub fn into_lines(self) -> ListLines {
        ListLines::spawn(self)
    }
}

impl ListLines {
    fn spawn(list: TaskList) -> Self {
        let (sender, batches) = channel(MAX_QUEUED);
        let (recycled, spare) = unbounded_channel();
        let mut task = JoinSet::new();
        task.spawn(receive(list, sender, spare));
        Self { batches, recycled, _task: task }
    }

    /// Returns the next lines, or `None` after the end of the list or after a fault.
    pub async fn next(&mut self) -> Option<Lines> {
        match self.batches.recv().await? {
            // Joining fails only when the runtime shuts down.
            Batch::Encoding(lines) => Some(lines.await.unwrap_or_default()),
            Batch::Failed(fault) => Some(Lines { fault: Some(fault), ..Lines::default() }),
        }
    }

    /// Returns the buffers of printed lines for reuse, which saves allocating and clearing memory for each batch.
    pub fn reuse(&self, lines: Lines) {
        // The list may have ended; the buffers are not needed then.
        let _ = self.recycled.send(lines);
    }
}

async fn receive(mut list: TaskList, sender: Sender<Batch>, mut spare: UnboundedReceiver<Lines>) {
    loop {
        let mut lines = spare.try_recv().unwrap_or_default();
        let batch = match list.next_raw(&mut lines.raw).await {
            Some(Ok(())) => {
                let malformed = list.malformed();
                Batch::Encoding(spawn_blocking(move || encode(lines, malformed)))
            }
            Some(Err(fault)) => Batch::Failed(fault),
            None => return,
        };
        if sender.send(batch).await.is_err() {
            return;
        }
    }
}

/// Encodes the tasks, up to the first malformed one.
fn encode(mut lines: Lines, malformed: impl Fn(usize, String) -> Fault) -> Lines {
    let Lines { text, fault, raw } = &mut lines;
    text.truncate(0);
    for (index, (buffer, range)) in raw.iter().enumerate() {
        if let Err(problem) = json::raw_task(text, buffer, range, Secrets::Shown) {
            *fault = Some(malformed(raw.first + index, problem));
            break;
        }
        text.put(b"\n");
    }
    lines
}
