//! Sends the requests of sessions to their BBS. Each request is a tokio task whose answer comes back as a message.
//!
//! Makes no decisions: `app` decides when to send a request and what an answer means. Each session has its own client,
//! and its requests can answer only to it.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::task::{AbortHandle, JoinSet};

use crate::app::{Mark, Msg, SessionEffect, SessionId, SessionMsg, StreamId};
use crate::bbs::{Client, new_request_id};
use crate::model::lifecycle::Step;
use crate::model::recording::WriteCall;
use crate::model::{Call, Fault, FaultKind, NewTask, TaskFilter, TaskGuid};

/// The most stream items in one message.
const MAX_STREAM_ITEMS: usize = 256;

/// The clients of all sessions, with their requests in flight.
pub(super) struct Clients {
    sessions: HashMap<SessionId, SessionClient>,
    /// Writes of closed sessions that await their answers.
    closing: JoinSet<()>,
    sender: Sender<Msg>,
}

impl Clients {
    /// Returns an empty set of clients whose answers go to `sender`.
    pub(super) fn new(sender: Sender<Msg>) -> Self {
        Self { sessions: HashMap::new(), closing: JoinSet::new(), sender }
    }

    /// Adds the client of a session.
    pub(super) fn insert(&mut self, session: SessionId, client: Client) {
        let replies = ReplySender { session, sender: self.sender.clone() };
        self.sessions.insert(session, SessionClient::new(client, replies));
    }

    /// Cancels a session's reads. Its writes go on without it: none is cut off half sent.
    pub(super) fn close(&mut self, session: SessionId) {
        while self.closing.try_join_next().is_some() {}
        let Some(SessionClient { mut writes, .. }) = self.sessions.remove(&session) else { return };
        self.closing.spawn(async move { while writes.join_next().await.is_some() {} });
    }

    /// Starts a request of a session.
    pub(super) fn start(&mut self, session: SessionId, effect: SessionEffect) {
        if let Some(client) = self.sessions.get_mut(&session) {
            client.start(effect);
        } else {
            tracing::error!(?session, ?effect, "dropped a request of a session without a client");
        }
    }

    /// Cancels all reads and waits for the writes in flight, so that none is cut off half sent.
    pub(super) async fn finish(&mut self, timeout: Duration) {
        self.sessions.values_mut().for_each(|client| client.reads.abort_all());
        let writes = async {
            for client in self.sessions.values_mut() {
                while client.writes.join_next().await.is_some() {}
            }
            while self.closing.join_next().await.is_some() {}
        };
        if tokio::time::timeout(timeout, writes).await.is_err() {
            tracing::warn!("quit before a write was answered; its outcome is unknown");
        }
    }
}

/// Sends messages to one session.
#[derive(Clone)]
struct ReplySender {
    session: SessionId,
    sender: Sender<Msg>,
}

impl ReplySender {
    /// Sends a message. Ignores the only possible error, that the event loop has ended.
    async fn send(&self, msg: SessionMsg) {
        let _ = self.sender.send(Msg::Session(self.session, msg)).await;
    }
}

/// The client of a session and its requests in flight. Dropping it cancels them.
struct SessionClient {
    client: Client,
    replies: ReplySender,
    reads: JoinSet<()>,
    writes: JoinSet<()>,
    stream: Option<AbortHandle>,
}

impl SessionClient {
    fn new(client: Client, replies: ReplySender) -> Self {
        Self { client, replies, reads: JoinSet::new(), writes: JoinSet::new(), stream: None }
    }

    fn start(&mut self, effect: SessionEffect) {
        while self.reads.try_join_next().is_some() || self.writes.try_join_next().is_some() {}
        let (client, replies) = (self.client.clone(), self.replies.clone());
        match effect {
            SessionEffect::Subscribe { stream } => {
                self.unsubscribe();
                self.stream = Some(self.reads.spawn(subscribe(client, replies, stream)));
            }
            SessionEffect::Unsubscribe => self.unsubscribe(),
            SessionEffect::List { mark, filter, first } => {
                self.reads.spawn(list(client, replies, mark, filter, first));
            }
            SessionEffect::Ping { within } => {
                self.reads.spawn(ping(client, replies, within));
            }
            SessionEffect::ListDomains => {
                self.reads
                    .spawn(async move { replies.send(SessionMsg::Domains(client.domains().await)).await });
            }
            SessionEffect::ListCells => {
                self.reads.spawn(async move { replies.send(SessionMsg::Cells(client.cells().await)).await });
            }
            SessionEffect::Get { guid, mark } => {
                self.reads.spawn(get(client, replies, guid, mark));
            }
            SessionEffect::OpenWrites(time) => client.open_writes(time),
            SessionEffect::CloseWrites => client.close_writes(),
            SessionEffect::Desire(task) => {
                self.writes.spawn(desire(client, replies, task));
            }
            SessionEffect::Act { guid, step } => {
                self.writes.spawn(act(client, replies, guid, step));
            }
        }
    }

    fn unsubscribe(&mut self) {
        if let Some(stream) = self.stream.take() {
            stream.abort();
        }
    }
}

async fn subscribe(client: Client, replies: ReplySender, id: StreamId) {
    let mut stream = match client.task_events().await {
        Ok(stream) => stream,
        Err(fault) => return replies.send(SessionMsg::StreamEnded(id, Some(fault))).await,
    };
    replies.send(SessionMsg::StreamOpened(id)).await;
    let fault = loop {
        match stream.next().await {
            Some(Ok(first)) => {
                let mut items = vec![first];
                while items.len() < MAX_STREAM_ITEMS
                    && let Some(item) = stream.ready()
                {
                    items.push(item);
                }
                replies.send(SessionMsg::StreamItems(id, items)).await;
            }
            Some(Err(fault)) => break Some(fault),
            None => break None,
        }
    };
    if let Some(fault) = &fault {
        tracing::warn!(%fault, "event stream broke");
    }
    replies.send(SessionMsg::StreamEnded(id, fault)).await;
}

async fn list(client: Client, replies: ReplySender, mark: Mark, filter: TaskFilter, first: bool) {
    let mut list = match client.open_list(&filter).await {
        Ok(list) if first => list,
        Ok(list) => list.share_definitions(),
        Err(fault) => return list_failed(&replies, mark, fault).await,
    };
    let (expected, server_time) = (list.expected_bytes(), list.server_time());
    replies.send(SessionMsg::ListOpened { mark, expected, server_time }).await;
    while let Some(part) = list.next().await {
        match part {
            Ok(tasks) => {
                replies.send(SessionMsg::ListPart { mark, tasks, received: list.received_bytes() }).await;
            }
            Err(fault) => return list_failed(&replies, mark, fault).await,
        }
    }
    replies.send(SessionMsg::ListDone { mark, filter, received: list.received_bytes() }).await;
}

async fn list_failed(replies: &ReplySender, mark: Mark, fault: Fault) {
    tracing::warn!(%fault, "list failed");
    replies.send(SessionMsg::ListFailed { mark, fault }).await;
}

/// Pings with a timeout of its own: a list may take longer than a ping.
async fn ping(client: Client, replies: ReplySender, within: Duration) {
    let answer = tokio::time::timeout(within, client.ping()).await.unwrap_or_else(|_| {
        let kind = FaultKind::TimedOut { after: within };
        Err(Fault { call: Call::Ping, target: client.url().to_owned(), request: None, kind })
    });
    replies.send(SessionMsg::Pinged(answer.map(drop))).await;
}

async fn get(client: Client, replies: ReplySender, guid: TaskGuid, mark: Mark) {
    let result = match client.task(&guid).await {
        Ok(task) => Ok(Some(task)),
        Err(fault) if fault.is_not_found() => Ok(None),
        Err(fault) => Err(fault),
    };
    replies.send(SessionMsg::Got { guid, mark, result }).await;
}

async fn desire(client: Client, replies: ReplySender, task: NewTask) {
    let request = new_request_id();
    replies.send(SessionMsg::Requested { guid: task.guid.clone(), call: WriteCall::Desire, request }).await;
    let result = client.desire_new_as(request, &task).await;
    let guid = task.guid;
    tracing::info!(%guid, %request, ?result, "new task answered");
    replies.send(SessionMsg::Desired { guid, result }).await;
}

async fn act(client: Client, replies: ReplySender, guid: TaskGuid, step: Step) {
    // The event of a removal may overtake the reply, and must find the id of our request.
    let request = new_request_id();
    replies.send(SessionMsg::Requested { guid: guid.clone(), call: WriteCall::Step(step), request }).await;
    let result = client.act_as(request, &guid, step).await;
    tracing::info!(%guid, ?step, %request, ?result, "write answered");
    replies.send(SessionMsg::Acted { guid, step, result }).await;
}
