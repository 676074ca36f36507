//! What arrives in pieces: a list of tasks, and the stream of task events.
//!
//! Each ends with `None` or with its first fault, and gives nothing after that.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::fmt::rfc2822;

use super::client::{Answer, Client, header};
use super::list::{ListDecoder, ListProblem};
use super::wire::Names;
use super::{events, sse};
use crate::model::{Call, Fault, FaultKind, RequestId, StreamItem, Task, Timestamp};

/// A list whose head has come.
pub struct TaskList {
    client: Client,
    answer: Answer,
    limit: Option<Duration>,
    decoder: ListDecoder,
    received: u64,
    ended: bool,
}

impl TaskList {
    pub(super) fn new(client: Client, answer: Answer, limit: Option<Duration>) -> Self {
        Self { client, answer, limit, decoder: ListDecoder::default(), received: 0, ended: false }
    }

    /// The length of the reply in bytes, where the server said it.
    pub fn expected_bytes(&self) -> Option<u64> {
        self.answer.response.content_length()
    }

    /// Bytes received so far.
    pub fn received_bytes(&self) -> u64 {
        self.received
    }

    /// The server's clock when it answered, to the second, where it said it.
    pub fn server_time(&self) -> Option<Timestamp> {
        let date = rfc2822::parse(&header(&self.answer.response, "Date")).ok()?;
        i64::try_from(date.timestamp().as_nanosecond()).ok().map(Timestamp::from_nanos)
    }

    /// The tasks that arrived since; `None` once the list has come whole.
    pub async fn next(&mut self) -> Option<Result<Vec<Task>, Fault>> {
        if self.ended {
            return None;
        }
        let next = self.read().await.transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }

    async fn read(&mut self) -> Result<Option<Vec<Task>>, Fault> {
        let (client, request) = (self.client.clone(), self.answer.request);
        let response = &mut self.answer.response;
        let chunk = client.within(Call::ListTasks, self.limit, async {
            response.chunk().await.map_err(|error| client.broken(Call::ListTasks, request, &error))
        });
        let Some(chunk) = chunk.await? else {
            return self.decoder.finish().map(|()| None).map_err(|problem| self.fault(problem));
        };
        self.received += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.decoder.push(&chunk).map(Some).map_err(|problem| self.fault(problem))
    }

    fn fault(&self, problem: ListProblem) -> Fault {
        let request = self.answer.request;
        match problem {
            ListProblem::Refused(error) => self.client.refusal(Call::ListTasks, request, &error),
            ListProblem::Malformed { .. } => {
                let kind = FaultKind::Malformed { problem: problem.to_string() };
                self.client.fault(Call::ListTasks, Some(request), kind)
            }
        }
    }
}

/// A subscription to the events of all tasks.
pub struct EventStream {
    client: Client,
    answer: Answer,
    decoder: sse::Decoder,
    frames: VecDeque<sse::Frame>,
    names: Names,
}

impl EventStream {
    pub(super) fn new(client: Client, answer: Answer) -> Self {
        let (decoder, frames) = (sse::Decoder::default(), VecDeque::new());
        Self { client, answer, decoder, frames, names: Names::default() }
    }

    /// The request in the server's log.
    pub fn request(&self) -> RequestId {
        self.answer.request
    }

    /// The next item; `None` when the server ended the stream, which loses events just as a fault does. May be
    /// dropped while it waits without losing anything.
    pub async fn next(&mut self) -> Option<Result<StreamItem, Fault>> {
        while self.frames.is_empty() {
            match self.read().await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(fault) => return Some(Err(fault)),
            }
        }
        self.ready().map(Ok)
    }

    /// The next item if it has arrived already.
    pub fn ready(&mut self) -> Option<StreamItem> {
        self.frames.pop_front().map(|frame| events::read(&frame, &mut self.names))
    }

    async fn read(&mut self) -> Result<bool, Fault> {
        let request = self.answer.request;
        let chunk = self.answer.response.chunk().await;
        let Some(chunk) = chunk.map_err(|error| self.client.broken(Call::TaskEvents, request, &error))?
        else {
            return Ok(false);
        };
        self.decoder.push(&chunk, &mut self.frames).map_err(|problem| {
            let kind = FaultKind::Malformed { problem: problem.to_string() };
            self.client.fault(Call::TaskEvents, Some(request), kind)
        })?;
        Ok(true)
    }
}
