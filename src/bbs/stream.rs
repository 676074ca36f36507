//! What arrives in pieces: a list of tasks, and the stream of task events.
//!
//! Each ends with `None` or with its first fault, and gives nothing after that.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use jiff::fmt::rfc2822;
use reqwest::Response;

use super::body::{BodyReader, Piece};
use super::client::{Answer, Client, header};
use super::json::{JsonBuffer, Secrets};
use super::list::{ListDecoder, ListProblem, Placed, RawTasks};
use super::wire::Interner;
use super::{events, json, sse};
use crate::model::{Call, Fault, FaultKind, RequestId, Skipped, StreamItem, Task, Timestamp};

/// A list whose head has come.
pub struct TaskList {
    client: Client,
    request: RequestId,
    expected: Option<u64>,
    server_time: Option<Timestamp>,
    body: BodyReader,
    limit: Option<Duration>,
    decoder: ListDecoder,
    lends: bool,
    received: u64,
    failed: Option<Fault>,
    ended: bool,
}

impl TaskList {
    pub(super) fn new(client: Client, answer: Answer, limit: Option<Duration>) -> Self {
        let Answer { request, response } = answer;
        Self {
            client,
            request,
            expected: response.content_length(),
            server_time: date(&response),
            body: BodyReader::of(response),
            limit,
            decoder: ListDecoder::default(),
            lends: false,
            received: 0,
            failed: None,
            ended: false,
        }
    }

    /// Leaves the definitions in what they arrive in: for whoever knows most of the tasks already, and keeps few.
    #[must_use]
    pub fn lending(self) -> Self {
        Self { lends: true, ..self }
    }

    /// The length of the reply in bytes, where the server said it.
    pub fn expected_bytes(&self) -> Option<u64> {
        self.expected
    }

    /// Bytes received so far.
    pub fn received_bytes(&self) -> u64 {
        self.received
    }

    /// The server's clock when it answered, to the second, where it said it.
    pub fn server_time(&self) -> Option<Timestamp> {
        self.server_time
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

    /// Puts the tasks that arrived since, undecoded, in the place of those in `raw`; `None` once the list has come whole.
    pub(super) async fn next_raw(&mut self, raw: &mut RawTasks) -> Option<Result<(), Fault>> {
        if self.ended {
            return None;
        }
        let next = match self.failed.take() {
            Some(fault) => Some(Err(fault)),
            None => self.read_raw(raw).await.transpose(),
        };
        self.ended = !matches!(next, Some(Ok(())));
        next
    }

    /// What makes the fault of a task that cannot be read, of its place in the list and what is wrong with it.
    pub(super) fn malformed(&self) -> impl Fn(usize, String) -> Fault + Send + use<> {
        let (client, request) = (self.client.clone(), self.request);
        move |tasks, what| {
            let problem = ListProblem::Malformed { what, tasks }.to_string();
            client.fault(Call::ListTasks, Some(request), FaultKind::Malformed { problem })
        }
    }

    /// Appends a line of JSON to `out` for each task that arrived since and that `admits` lets through, with its secrets
    /// masked or not; `None` once the list has come whole.
    pub async fn next_admitted_lines(
        &mut self,
        out: &mut JsonBuffer,
        secrets: Secrets,
        admits: impl Fn(&Task) -> bool,
    ) -> Option<Result<(), Fault>> {
        if self.ended {
            return None;
        }
        let next = self.read_admitted_lines(out, secrets, admits).await.transpose();
        self.ended = !matches!(next, Some(Ok(())));
        next
    }

    async fn read(&mut self) -> Result<Option<Vec<Task>>, Fault> {
        let Some(piece) = self.arrived().await? else { return Ok(None) };
        let mut tasks = Vec::new();
        let pushed = piece.iter().try_for_each(|chunk| {
            if self.lends {
                self.decoder.push_lent(chunk, &mut tasks)
            } else {
                self.decoder.push(chunk, &mut tasks)
            }
        });
        pushed.map(|()| Some(tasks)).map_err(|problem| self.fault(problem))
    }

    async fn read_raw(&mut self, raw: &mut RawTasks) -> Result<Option<()>, Fault> {
        let Some(piece) = self.arrived().await? else { return Ok(None) };
        raw.start(self.decoder.tasks());
        let pushed = piece.iter().try_for_each(|chunk| self.decoder.push_raw(chunk, raw));
        match pushed.map_err(|problem| self.fault(problem)) {
            // What came before the fault comes before it here too.
            Err(fault) if !raw.is_empty() => self.failed = Some(fault),
            Err(fault) => return Err(fault),
            Ok(()) => {}
        }
        Ok(Some(()))
    }

    async fn read_admitted_lines(
        &mut self,
        out: &mut JsonBuffer,
        secrets: Secrets,
        admits: impl Fn(&Task) -> bool,
    ) -> Result<Option<()>, Fault> {
        let Some(piece) = self.arrived().await? else { return Ok(None) };
        let mut write = |task: &Placed<'_>| {
            json::raw_task(out, task.within, task.place.clone(), secrets)?;
            out.put(b"\n");
            Ok(())
        };
        let pushed =
            piece.iter().try_for_each(|chunk| self.decoder.push_admitted(chunk, &admits, &mut write));
        pushed.map(Some).map_err(|problem| self.fault(problem))
    }

    /// The bytes that arrived since; none at the end of the list, which is whole then.
    async fn arrived(&mut self) -> Result<Option<Piece>, Fault> {
        let (client, request, body) = (self.client.clone(), self.request, &mut self.body);
        let piece = client.within(Call::ListTasks, request, self.limit, async {
            body.next().await.transpose().map_err(|error| client.broken(Call::ListTasks, request, &error))
        });
        let Some(piece) = piece.await? else {
            return self.decoder.finish().map(|()| None).map_err(|problem| self.fault(problem));
        };
        let arrived = piece.iter().map(Bytes::len).sum::<usize>();
        self.received += u64::try_from(arrived).unwrap_or(u64::MAX);
        Ok(Some(piece))
    }

    fn fault(&self, problem: ListProblem) -> Fault {
        let request = self.request;
        match problem {
            ListProblem::Refused(error) => self.client.refusal(Call::ListTasks, request, &error),
            ListProblem::Malformed { what, tasks } => self.malformed()(tasks, what),
        }
    }
}

fn date(response: &Response) -> Option<Timestamp> {
    let date = rfc2822::parse(&header(response, "Date")).ok()?;
    i64::try_from(date.timestamp().as_nanosecond()).ok().map(Timestamp::from_nanos)
}

/// What became of an event that was asked for as a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventLine {
    /// It was appended.
    Written,
    /// It says nothing that can be printed; nothing was appended.
    Skipped(Skipped),
}

/// A subscription to the events of all tasks.
pub struct EventStream {
    client: Client,
    answer: Answer,
    decoder: sse::Decoder,
    frames: VecDeque<sse::Frame>,
    interner: Interner,
}

impl EventStream {
    pub(super) fn new(client: Client, answer: Answer) -> Self {
        let (decoder, frames) = (sse::Decoder::default(), VecDeque::new());
        Self { client, answer, decoder, frames, interner: Interner::default() }
    }

    /// The request in the server's log.
    pub fn request(&self) -> RequestId {
        self.answer.request
    }

    /// The next item; `None` when the server ended the stream, which loses events just as a fault does. May be
    /// dropped while it waits without losing anything.
    pub async fn next(&mut self) -> Option<Result<StreamItem, Fault>> {
        match self.wait().await {
            Ok(true) => self.ready().map(Ok),
            Ok(false) => None,
            Err(fault) => Some(Err(fault)),
        }
    }

    /// As [`Self::next`], but appends the event as a line of JSON to `out`.
    pub async fn next_line(&mut self, out: &mut JsonBuffer) -> Option<Result<EventLine, Fault>> {
        match self.wait().await {
            Ok(true) => self.ready_line(out).map(Ok),
            Ok(false) => None,
            Err(fault) => Some(Err(fault)),
        }
    }

    /// The next line, as [`Self::next_line`] gives it, if its event has arrived already.
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

    /// Whether an event has arrived, or the stream has ended.
    async fn wait(&mut self) -> Result<bool, Fault> {
        while self.frames.is_empty() {
            if !self.read().await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The next item if it has arrived already.
    pub fn ready(&mut self) -> Option<StreamItem> {
        self.frames.pop_front().map(|frame| events::read(&frame, &mut self.interner))
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
