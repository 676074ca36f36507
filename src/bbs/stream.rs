//! Streaming replies: a list of tasks, and the subscription to task events.
//!
//! Each ends with `None` or with its first fault, and returns nothing after that.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use jiff::fmt::rfc2822;
use reqwest::Response;

use super::body::{BodyReader, Chunks};
use super::client::{Client, Reply, header};
use super::json::{JsonBuffer, Secrets};
use super::list::{ListDecoder, ListProblem, RawTask, RawTasks};
use super::wire::Interner;
use super::{events, json, sse};
use crate::model::{Call, Fault, FaultKind, RequestId, Skipped, StreamItem, Task, Timestamp};

/// A list that is being received; the head of the response has arrived.
pub struct TaskList {
    client: Client,
    request: RequestId,
    expected: Option<u64>,
    server_time: Option<Timestamp>,
    body: BodyReader,
    timeout: Option<Duration>,
    decoder: ListDecoder,
    shares_definitions: bool,
    received: u64,
    /// A fault to return after the tasks that arrived before it.
    pending_fault: Option<Fault>,
    ended: bool,
}

impl TaskList {
    pub(super) fn new(client: Client, reply: Reply, timeout: Option<Duration>) -> Self {
        let Reply { request, response } = reply;
        Self {
            client,
            request,
            expected: response.content_length(),
            server_time: server_time(&response),
            body: BodyReader::spawn(response),
            timeout,
            decoder: ListDecoder::default(),
            shares_definitions: false,
            received: 0,
            pending_fault: None,
            ended: false,
        }
    }

    /// Makes the definitions share the memory of the reply instead of copying it. Useful when only few of the tasks are
    /// kept, such as in a refresh; see [`RawDefinition::detach`](crate::model::RawDefinition::detach).
    #[must_use]
    pub fn share_definitions(self) -> Self {
        Self { shares_definitions: true, ..self }
    }

    /// Returns the length of the reply in bytes, if the server sent it.
    pub fn expected_bytes(&self) -> Option<u64> {
        self.expected
    }

    /// Returns how many bytes were received so far.
    pub fn received_bytes(&self) -> u64 {
        self.received
    }

    /// Returns the server's time when it responded (`Date` header, in whole seconds), if it sent it.
    pub fn server_time(&self) -> Option<Timestamp> {
        self.server_time
    }

    /// Returns the tasks that arrived since the last call, or `None` at the end of the list.
    pub async fn next(&mut self) -> Option<Result<Vec<Task>, Fault>> {
        if self.ended {
            return None;
        }
        let next = self.read().await.transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }

    /// Replaces the contents of `raw` with the tasks that arrived since the last call. Returns `None` at the end of the
    /// list.
    pub(super) async fn next_raw(&mut self, raw: &mut RawTasks) -> Option<Result<(), Fault>> {
        if self.ended {
            return None;
        }
        let next = match self.pending_fault.take() {
            Some(fault) => Some(Err(fault)),
            None => self.read_raw(raw).await.transpose(),
        };
        self.ended = !matches!(next, Some(Ok(())));
        next
    }

    /// Returns a function that makes the fault for a malformed task from its index and the problem. It can move to another
    /// thread.
    pub(super) fn malformed(&self) -> impl Fn(usize, String) -> Fault + Send + use<> {
        let (client, request) = (self.client.clone(), self.request);
        move |tasks, what| {
            let problem = ListProblem::Malformed { what, tasks }.to_string();
            client.fault(Call::ListTasks, Some(request), FaultKind::Malformed { problem })
        }
    }

    /// Appends a line of JSON to `out` for each newly arrived task that `admits` accepts. Returns `None` at the end of the
    /// list.
    pub async fn next_filtered_lines(
        &mut self,
        out: &mut JsonBuffer,
        secrets: Secrets,
        admits: impl Fn(&Task) -> bool,
    ) -> Option<Result<(), Fault>> {
        if self.ended {
            return None;
        }
        let next = self.read_filtered_lines(out, secrets, admits).await.transpose();
        self.ended = !matches!(next, Some(Ok(())));
        next
    }

    async fn read(&mut self) -> Result<Option<Vec<Task>>, Fault> {
        let Some(chunks) = self.next_chunks().await? else { return Ok(None) };
        let mut tasks = Vec::new();
        let pushed = chunks.iter().try_for_each(|chunk| {
            if self.shares_definitions {
                self.decoder.push_shared(chunk, &mut tasks)
            } else {
                self.decoder.push(chunk, &mut tasks)
            }
        });
        pushed.map_err(|problem| self.fault(problem))?;
        self.client.check_tasks(self.request, self.decoder.tasks())?;
        Ok(Some(tasks))
    }

    async fn read_raw(&mut self, raw: &mut RawTasks) -> Result<Option<()>, Fault> {
        let Some(chunks) = self.next_chunks().await? else { return Ok(None) };
        raw.reset(self.decoder.tasks());
        let pushed = chunks.iter().try_for_each(|chunk| self.decoder.push_raw(chunk, raw));
        match pushed.map_err(|problem| self.fault(problem)) {
            // The tasks before the fault are returned first.
            Err(fault) if !raw.is_empty() => self.pending_fault = Some(fault),
            Err(fault) => return Err(fault),
            Ok(()) => {}
        }
        Ok(Some(()))
    }

    async fn read_filtered_lines(
        &mut self,
        out: &mut JsonBuffer,
        secrets: Secrets,
        admits: impl Fn(&Task) -> bool,
    ) -> Result<Option<()>, Fault> {
        let Some(chunks) = self.next_chunks().await? else { return Ok(None) };
        let mut write = |task: &RawTask<'_>| {
            json::raw_task(out, task.buffer, task.range.clone(), secrets)?;
            out.put(b"\n");
            Ok(())
        };
        let pushed =
            chunks.iter().try_for_each(|chunk| self.decoder.push_filtered(chunk, &admits, &mut write));
        pushed.map(Some).map_err(|problem| self.fault(problem))
    }

    /// Waits for the next chunks. Returns `None` at the end of a complete list.
    async fn next_chunks(&mut self) -> Result<Option<Chunks>, Fault> {
        let (client, request, body) = (self.client.clone(), self.request, &mut self.body);
        let chunks = client.with_timeout(Call::ListTasks, request, self.timeout, async {
            body.next()
                .await
                .transpose()
                .map_err(|error| client.transport_fault(Call::ListTasks, request, &error))
        });
        let Some(chunks) = chunks.await? else {
            return self.decoder.finish().map(|()| None).map_err(|problem| self.fault(problem));
        };
        let arrived = chunks.iter().map(Bytes::len).sum::<usize>();
        self.received += u64::try_from(arrived).unwrap_or(u64::MAX);
        self.client.check_length(Call::ListTasks, self.request, self.received)?;
        Ok(Some(chunks))
    }

    fn fault(&self, problem: ListProblem) -> Fault {
        let request = self.request;
        match problem {
            ListProblem::Refused(error) => self.client.refused(Call::ListTasks, request, &error),
            ListProblem::Malformed { what, tasks } => self.malformed()(tasks, what),
        }
    }
}

fn server_time(response: &Response) -> Option<Timestamp> {
    let date = rfc2822::parse(&header(response, "Date")).ok()?;
    i64::try_from(date.timestamp().as_nanosecond()).ok().map(Timestamp::from_nanos)
}

/// Result of writing an event as a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventLine {
    /// The line was appended.
    Written,
    /// The event is unusable; nothing was appended.
    Skipped(Skipped),
}

/// A subscription to the events of all tasks.
pub struct EventStream {
    client: Client,
    reply: Reply,
    decoder: sse::Decoder,
    frames: VecDeque<sse::Frame>,
    interner: Interner,
}

impl EventStream {
    pub(super) fn new(client: Client, reply: Reply) -> Self {
        let (decoder, frames) = (sse::Decoder::default(), VecDeque::new());
        Self { client, reply, decoder, frames, interner: Interner::default() }
    }

    /// Returns the id of the request, which the server writes to its log.
    pub fn request(&self) -> RequestId {
        self.reply.request
    }

    /// Returns the next item, or `None` when the server ended the stream, which loses events just as a fault does. Cancel
    /// safe.
    pub async fn next(&mut self) -> Option<Result<StreamItem, Fault>> {
        match self.wait().await {
            Ok(true) => self.ready().map(Ok),
            Ok(false) => None,
            Err(fault) => Some(Err(fault)),
        }
    }

    /// Like [`Self::next`], but appends the event as a line of JSON to `out`.
    pub async fn next_line(&mut self, out: &mut JsonBuffer) -> Option<Result<EventLine, Fault>> {
        match self.wait().await {
            Ok(true) => self.ready_line(out).map(Ok),
            Ok(false) => None,
            Err(fault) => Some(Err(fault)),
        }
    }

    /// Like [`Self::next_line`], but returns `None` instead of waiting if no event has arrived.
    pub fn ready_line(&mut self, out: &mut JsonBuffer) -> Option<EventLine> {
        let frame = self.frames.pop_front()?;
        Some(match json::event(out, &frame) {
            Ok(()) => {
                out.put(b"\n");
                EventLine::Written
            }
            Err(skipped) => EventLine::Skipped(skipped),
        })
    }

    /// Waits for an event. Returns `false` at the end of the stream.
    async fn wait(&mut self) -> Result<bool, Fault> {
        while self.frames.is_empty() {
            if !self.receive().await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Like [`Self::next`], but returns `None` instead of waiting if no event has arrived.
    pub fn ready(&mut self) -> Option<StreamItem> {
        self.frames.pop_front().map(|frame| events::decode(&frame, &mut self.interner))
    }

    async fn receive(&mut self) -> Result<bool, Fault> {
        let request = self.reply.request;
        let chunk = self.reply.response.chunk().await;
        let Some(chunk) =
            chunk.map_err(|error| self.client.transport_fault(Call::TaskEvents, request, &error))?
        else {
            return Ok(false);
        };
        self.decoder.push(&chunk, &mut self.frames).map_err(|problem| {
            let kind = FaultKind::TooLarge { problem: problem.to_string() };
            self.client.fault(Call::TaskEvents, Some(request), kind)
        })?;
        Ok(true)
    }
}
