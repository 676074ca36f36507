//! A list as lines of JSON, in the order of the list: fetched by one task, written by others, several batches at once,
//! read by whoever prints them. A hundred thousand tasks are 200 MB of lines; a batch or two are held.
//!
//! `cfdot` prints the same, byte for byte; what is masked or filtered goes another way, in `stream`.

use bytes::Bytes;
use prost::Message;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};

use super::json;
use super::list::RawTasks;
use super::stream::TaskList;
use super::wire;
use crate::model::Fault;

/// Batches that are being written, or wait to be read.
const AHEAD: usize = 2;

/// Some lines of the list.
#[derive(Debug, Default)]
pub struct Lines {
    /// The lines, whole ones.
    pub text: Vec<u8>,
    /// Why nothing follows them, though more should.
    pub fault: Option<Fault>,
}

/// The lines of a list, on their way. Dropping it ends the list.
pub struct ListLines {
    batches: Receiver<Batch>,
    /// Ended by its drop.
    _reading: JoinSet<()>,
}

enum Batch {
    Writing(JoinHandle<Lines>),
    Failed(Fault),
}

impl ListLines {
    pub(super) fn of(list: TaskList) -> Self {
        let (sender, batches) = channel(AHEAD);
        let mut reading = JoinSet::new();
        reading.spawn(read(list, sender));
        Self { batches, _reading: reading }
    }

    /// The next lines; none once the list has come whole, or has failed.
    pub async fn next(&mut self) -> Option<Lines> {
        match self.batches.recv().await? {
            // Written by a thread that ended before its time only if the program does.
            Batch::Writing(lines) => Some(lines.await.unwrap_or_default()),
            Batch::Failed(fault) => Some(Lines { text: Vec::new(), fault: Some(fault) }),
        }
    }
}

async fn read(mut list: TaskList, sender: Sender<Batch>) {
    while let Some(next) = list.next_raw().await {
        let batch = match next {
            Ok(raw) => {
                let malformed = list.malformed();
                Batch::Writing(spawn_blocking(move || write(raw, malformed)))
            }
            Err(fault) => Batch::Failed(fault),
        };
        if sender.send(batch).await.is_err() {
            return;
        }
    }
}

/// Writes the tasks as far as they can be read.
fn write(raw: RawTasks, malformed: impl Fn(usize, String) -> Fault) -> Lines {
    let bytes = Bytes::from(raw.bytes);
    let mut lines = Lines { text: Vec::with_capacity(3 * bytes.len()), fault: None };
    let mut start = 0;
    for (nth, end) in raw.ends.into_iter().enumerate() {
        match wire::Task::decode(bytes.slice(start..end)) {
            Ok(task) => json::task(&mut lines.text, &task),
            Err(error) => {
                lines.fault = Some(malformed(raw.first + nth, error.to_string()));
                break;
            }
        }
        lines.text.push(b'\n');
        start = end;
    }
    lines
}
