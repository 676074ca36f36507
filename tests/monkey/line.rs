//! The line between a session and its server: the requests in flight, and the stream of events. Answers come when the run says so,
//! in any order.

use std::collections::VecDeque;
use std::time::Duration;

use taskdeck::app::{Mark, SessionEffect, SessionMsg, StreamId};
use taskdeck::clock::Now;
use taskdeck::model::lifecycle::Step;
use taskdeck::model::recording::WriteCall;
use taskdeck::model::{Call, FaultKind, NewTask, Skipped, StreamItem, Task, TaskFilter, TaskGuid};

use crate::bbs::{Bbs, Trouble};

/// How long the client waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Tasks in a part of a list.
const PART: usize = 7;

/// The line of one session.
pub(crate) struct Line {
    /// The number of its server.
    pub(crate) to: usize,
    stream: Option<Stream>,
    requests: Vec<Request>,
}

struct Stream {
    id: StreamId,
    is_open: bool,
    items: VecDeque<StreamItem>,
}

struct Request {
    asked_at: Duration,
    what: Wanted,
}

/// What is requested, and how far the answer is.
enum Wanted {
    Stream(StreamId),
    List { mark: Mark, filter: TaskFilter, left: Option<VecDeque<Task>>, received: u64 },
    Ping(Duration),
    Domains,
    Cells,
    Get { guid: TaskGuid, mark: Mark },
    Act { guid: TaskGuid, step: Step, progress: Progress },
    Desire { task: NewTask, progress: Progress },
}

/// How far a write is.
#[derive(Clone)]
enum Progress {
    Sending,
    /// The server has it.
    Sent,
    /// The server has done it, or not.
    Done(Result<(), FaultKind>),
}

impl Wanted {
    fn call(&self) -> Call {
        match self {
            Self::Stream(_) => Call::TaskEvents,
            Self::List { .. } => Call::ListTasks,
            Self::Ping(_) => Call::Ping,
            Self::Domains => Call::Domains,
            Self::Cells => Call::Cells,
            Self::Get { .. } => Call::GetTask,
            Self::Act { step: Step::Cancel, .. } => Call::Cancel,
            Self::Act { step: Step::Resolving, .. } => Call::Resolving,
            Self::Act { step: Step::Delete, .. } => Call::Delete,
            Self::Desire { .. } => Call::Desire,
        }
    }

    fn is_write(&self) -> bool {
        matches!(self, Self::Act { .. } | Self::Desire { .. })
    }

    fn timeout(&self) -> Duration {
        if let Self::Ping(within) = self { *within } else { TIMEOUT }
    }
}

impl Line {
    pub(crate) fn new(to: usize) -> Self {
        Self { to, stream: None, requests: Vec::new() }
    }

    /// Returns how many requests are in flight, and how many of them are writes.
    pub(crate) fn in_flight(&self) -> (usize, usize) {
        (self.requests.len(), self.requests.iter().filter(|request| request.what.is_write()).count())
    }

    /// Takes a request of the session, and checks that it does not ask twice for what one answer tells.
    pub(crate) fn start(&mut self, effect: SessionEffect, now: Now) {
        let what = match effect {
            SessionEffect::Subscribe { stream } => {
                self.unsubscribe();
                Wanted::Stream(stream)
            }
            SessionEffect::Unsubscribe => return self.unsubscribe(),
            SessionEffect::List { mark, filter, first: _ } => {
                Wanted::List { mark, filter, left: None, received: 0 }
            }
            SessionEffect::Ping { within } => Wanted::Ping(within),
            SessionEffect::ListDomains => Wanted::Domains,
            SessionEffect::ListCells => Wanted::Cells,
            SessionEffect::Act { guid, step } => Wanted::Act { guid, step, progress: Progress::Sending },
            SessionEffect::Desire(task) => Wanted::Desire { task, progress: Progress::Sending },
            SessionEffect::Get { guid, mark } => Wanted::Get { guid, mark },
            SessionEffect::OpenWrites(_) | SessionEffect::CloseWrites => return,
        };
        let is_single = matches!(
            what,
            Wanted::Stream(_) | Wanted::List { .. } | Wanted::Ping(_) | Wanted::Domains | Wanted::Cells
        );
        let call = what.call();
        let same = self.requests.iter().filter(|request| request.what.call() == call).count();
        assert!(!is_single || same == 0, "a second request to {call} is sent while one is in flight");
        if let Wanted::Act { guid, .. } = &what {
            let is_same =
                |request: &Request| matches!(&request.what, Wanted::Act { guid: other, .. } if other == guid);
            assert!(!self.requests.iter().any(is_same), "two writes to {guid} are in flight");
        }
        self.requests.push(Request { asked_at: now.mono, what });
    }

    fn unsubscribe(&mut self) {
        self.stream = None;
        self.requests.retain(|request| !matches!(request.what, Wanted::Stream(_)));
    }

    /// Cancels the reads, as a closed session does. Returns whether writes are still in flight.
    pub(crate) fn close(&mut self) -> bool {
        self.stream = None;
        self.requests.retain(|request| request.what.is_write());
        !self.requests.is_empty()
    }

    /// Puts events on the stream, unless a trouble swallows them.
    pub(crate) fn publish(&mut self, events: &[StreamItem], trouble: Trouble) {
        if let Some(stream) = self.stream.as_mut().filter(|_| trouble.passes_events()) {
            stream.items.extend(events.iter().cloned());
        }
    }

    /// Delivers some events.
    pub(crate) fn deliver(&mut self, luck: u8) -> Option<SessionMsg> {
        let stream = self.stream.as_mut()?;
        let count = stream.items.len().min(1 + usize::from(luck % 9));
        let mut items: Vec<_> = stream.items.drain(..count).collect();
        if luck.is_multiple_of(16) && count > 1 {
            items.swap(0, 1);
        }
        if luck == 255 {
            items.push(StreamItem::Skipped(Skipped::Unknown { event: "\u{1b}]0;x\u{7}".into() }));
        }
        (!items.is_empty()).then(|| SessionMsg::StreamItems(stream.id, items))
    }

    /// Ends the stream, with a fault or without one.
    pub(crate) fn end_stream(&mut self, bbs: &Bbs, is_clean: bool) -> Option<SessionMsg> {
        let stream = self.stream.take().filter(|stream| stream.is_open)?;
        let kind = FaultKind::Unreachable { cause: "\u{202e}connection reset".into(), sent: true };
        let fault = (!is_clean).then(|| bbs.fault(Call::TaskEvents, kind));
        Some(SessionMsg::StreamEnded(stream.id, fault))
    }

    /// Gives up requests that have waited for too long. The server may still do a write.
    pub(crate) fn time_out(&mut self, bbs: &mut Bbs, now: Now) -> Vec<SessionMsg> {
        let is_late =
            |request: &mut Request| now.mono.saturating_sub(request.asked_at) >= request.what.timeout();
        let late: Vec<_> = self.requests.extract_if(.., is_late).collect();
        late.into_iter()
            .map(|Request { asked_at, what }| {
                let (call, after) = (what.call(), what.timeout());
                if let Wanted::Act { guid, step, progress: Progress::Sent } = &what
                    && asked_at.as_millis().is_multiple_of(2)
                {
                    let _ = bbs.act(guid, *step, now.wall);
                }
                what.failed(bbs, bbs.timed_out(call, after).kind)
            })
            .collect()
    }

    /// Brings the answer to a request further, or does nothing if the server is silent.
    pub(crate) fn answer(&mut self, pick: usize, bbs: &mut Bbs, now: Now) -> Option<SessionMsg> {
        if self.requests.is_empty() {
            return None;
        }
        let Request { asked_at, what } = self.requests.remove(pick % self.requests.len());
        let (left, msg) = self.go_on(what, bbs, now);
        self.requests.extend(left.map(|what| Request { asked_at, what }));
        msg
    }

    /// Returns what is left of a request, and the next part of its answer.
    fn go_on(&mut self, what: Wanted, bbs: &mut Bbs, now: Now) -> (Option<Wanted>, Option<SessionMsg>) {
        let trouble = bbs.trouble;
        let fault = trouble.fault(what.call());
        match (what, fault) {
            (Wanted::Act { guid, step, progress: Progress::Sending }, _) => {
                let (request, call) = (bbs.next_request(), WriteCall::Step(step));
                let requested = SessionMsg::Requested { guid: guid.clone(), call, request };
                (Some(Wanted::Act { guid, step, progress: Progress::Sent }), Some(requested))
            }
            (Wanted::Desire { task, progress: Progress::Sending }, _) => {
                let (request, call) = (bbs.next_request(), WriteCall::Desire);
                let requested = SessionMsg::Requested { guid: task.guid.clone(), call, request };
                (Some(Wanted::Desire { task, progress: Progress::Sent }), Some(requested))
            }
            (what, _) if trouble == Trouble::Silent => (Some(what), None),
            (Wanted::Act { guid, step, progress: Progress::Sent }, fault) => {
                let done = trouble.executes(fault.as_ref()).then(|| bbs.act(&guid, step, now.wall));
                let result = fault.map_or_else(|| done.unwrap_or(Ok(())), Err);
                (Some(Wanted::Act { guid, step, progress: Progress::Done(result) }), None)
            }
            (Wanted::Desire { task, progress: Progress::Sent }, fault) => {
                let done = trouble.executes(fault.as_ref()).then(|| bbs.desire(&task, now.wall));
                let result = fault.map_or_else(|| done.unwrap_or(Ok(())), Err);
                (Some(Wanted::Desire { task, progress: Progress::Done(result) }), None)
            }
            (Wanted::Act { guid, step, progress: Progress::Done(result) }, _) => {
                let call = Wanted::Act { guid: guid.clone(), step, progress: Progress::Sent }.call();
                let result = result.map_err(|kind| bbs.fault(call, kind));
                (None, Some(SessionMsg::Acted { guid, step, result }))
            }
            (Wanted::Desire { task, progress: Progress::Done(result) }, _) => {
                let result = result.map_err(|kind| bbs.fault(Call::Desire, kind));
                (None, Some(SessionMsg::Desired { guid: task.guid, result }))
            }
            (Wanted::List { mark, filter, left: None, received }, fault)
                if fault.is_none() || trouble == Trouble::CutsLists =>
            {
                let tasks: VecDeque<_> = bbs.listed(&filter).into();
                let expected = Some(100 * tasks.len() as u64);
                let opened =
                    SessionMsg::ListOpened { mark, expected, server_time: Some(bbs.clock(now.wall)) };
                (Some(Wanted::List { mark, filter, left: Some(tasks), received }), Some(opened))
            }
            (Wanted::List { mark, filter, left: Some(mut tasks), received }, fault)
                if fault.is_none() || (trouble == Trouble::CutsLists && received == 0) =>
            {
                if tasks.is_empty() {
                    return (None, Some(SessionMsg::ListDone { mark, filter, received }));
                }
                let part: Vec<_> = tasks.drain(..tasks.len().min(PART)).collect();
                let received = received + 100 * part.len() as u64;
                let part = SessionMsg::ListPart { mark, tasks: part, received };
                (Some(Wanted::List { mark, filter, left: Some(tasks), received }), Some(part))
            }
            (what, Some(kind)) => (None, Some(what.failed(bbs, kind))),
            (Wanted::Stream(id), None) => {
                self.stream = Some(Stream { id, is_open: true, items: VecDeque::new() });
                (None, Some(SessionMsg::StreamOpened(id)))
            }
            (what, None) => (None, Some(what.answered(bbs, now))),
        }
    }
}

impl Trouble {
    /// Returns whether a write is done at all.
    fn executes(self, fault: Option<&FaultKind>) -> bool {
        fault.is_none() || self == Self::KeepsReplies
    }
}

impl Wanted {
    fn answered(self, bbs: &mut Bbs, now: Now) -> SessionMsg {
        match self {
            Self::Ping(_) => SessionMsg::Pinged(Ok(())),
            Self::Domains => SessionMsg::Domains(Ok(bbs.domains(now.wall))),
            Self::Cells => SessionMsg::Cells(Ok(bbs.cells())),
            Self::Get { guid, mark } => {
                let task = bbs.task(guid.as_str());
                SessionMsg::Got { guid, mark, result: Ok(task) }
            }
            Self::Stream(_) | Self::List { .. } | Self::Act { .. } | Self::Desire { .. } => {
                unreachable!("these have several parts")
            }
        }
    }

    fn failed(self, bbs: &Bbs, kind: FaultKind) -> SessionMsg {
        let fault = bbs.fault(self.call(), kind);
        match self {
            Self::Stream(id) => SessionMsg::StreamEnded(id, Some(fault)),
            Self::List { mark, .. } => SessionMsg::ListFailed { mark, fault },
            Self::Ping(_) => SessionMsg::Pinged(Err(fault)),
            Self::Domains => SessionMsg::Domains(Err(fault)),
            Self::Cells => SessionMsg::Cells(Err(fault)),
            Self::Get { guid, mark } => SessionMsg::Got { guid, mark, result: Err(fault) },
            Self::Act { guid, step, .. } => SessionMsg::Acted { guid, step, result: Err(fault) },
            Self::Desire { task, .. } => SessionMsg::Desired { guid: task.guid, result: Err(fault) },
        }
    }
}
