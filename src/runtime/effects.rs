//! Effects that are of the BBS: each a tokio task whose answer comes back as a message.
//!
//! Decides nothing: when to ask, and what an answer means, is `app`'s.

use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::task::{AbortHandle, JoinSet};

use crate::app::{Effect, Mark, Msg, StreamId};
use crate::bbs::Client;
use crate::model::lifecycle::Step;
use crate::model::{Call, Fault, FaultKind, TaskFilter, TaskGuid};

/// Events that are handed over at once, when as many have come.
const MOST_ITEMS: usize = 256;

/// What is under way with the BBS. Dropping it ends all of it.
pub(super) struct Remote {
    client: Client,
    sender: Sender<Msg>,
    looks: JoinSet<()>,
    writes: JoinSet<()>,
    stream: Option<AbortHandle>,
}

impl Remote {
    /// Nothing is under way yet; answers go to `sender`.
    pub(super) fn new(client: Client, sender: Sender<Msg>) -> Self {
        Self { client, sender, looks: JoinSet::new(), writes: JoinSet::new(), stream: None }
    }

    /// Starts what an effect asks for; those that are of this machine are not its business.
    pub(super) fn start(&mut self, effect: Effect) {
        while self.looks.try_join_next().is_some() || self.writes.try_join_next().is_some() {}
        let (client, sender) = (self.client.clone(), self.sender.clone());
        match effect {
            Effect::Subscribe { stream } => {
                self.unsubscribe();
                self.stream = Some(self.looks.spawn(subscribe(client, sender, stream)));
            }
            Effect::Unsubscribe => self.unsubscribe(),
            Effect::List { mark, filter, first } => {
                self.looks.spawn(list(client, sender, mark, filter, first));
            }
            Effect::Ping { within } => {
                self.looks.spawn(ping(client, sender, within));
            }
            Effect::ListDomains => {
                self.looks.spawn(async move { tell(&sender, Msg::Domains(client.domains().await)).await });
            }
            Effect::ListCells => {
                self.looks.spawn(async move { tell(&sender, Msg::Cells(client.cells().await)).await });
            }
            Effect::Get { guid, mark } => {
                self.looks.spawn(get(client, sender, guid, mark));
            }
            Effect::Act { guid, step } => {
                self.writes.spawn(act(client, sender, guid, step));
            }
            _ => {}
        }
    }

    fn unsubscribe(&mut self) {
        if let Some(stream) = self.stream.take() {
            stream.abort();
        }
    }

    /// Gives writes that were sent a last moment to be answered, so that none is cut off half sent.
    pub(super) async fn finish(&mut self, patience: Duration) {
        self.looks.abort_all();
        let answered = async { while self.writes.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, answered).await.is_err() {
            tracing::warn!("ended while a write awaited its answer; its outcome is unknown");
        }
    }
}

/// The loop is gone when this fails, and with it whoever would want to know.
async fn tell(sender: &Sender<Msg>, msg: Msg) {
    let _ = sender.send(msg).await;
}

async fn subscribe(client: Client, sender: Sender<Msg>, id: StreamId) {
    let mut stream = match client.task_events().await {
        Ok(stream) => stream,
        Err(fault) => return tell(&sender, Msg::StreamEnded(id, Some(fault))).await,
    };
    tell(&sender, Msg::StreamOpened(id)).await;
    let fault = loop {
        match stream.next().await {
            Some(Ok(first)) => {
                let mut items = vec![first];
                while items.len() < MOST_ITEMS
                    && let Some(item) = stream.ready()
                {
                    items.push(item);
                }
                tell(&sender, Msg::StreamItems(id, items)).await;
            }
            Some(Err(fault)) => break Some(fault),
            None => break None,
        }
    };
    if let Some(fault) = &fault {
        tracing::warn!(%fault, "the event stream broke");
    }
    tell(&sender, Msg::StreamEnded(id, fault)).await;
}

async fn list(client: Client, sender: Sender<Msg>, mark: Mark, filter: TaskFilter, first: bool) {
    let mut list = match client.open_list(&filter).await {
        Ok(list) if first => list,
        Ok(list) => list.lending(),
        Err(fault) => return list_failed(&sender, mark, fault).await,
    };
    let (expected, server_time) = (list.expected_bytes(), list.server_time());
    tell(&sender, Msg::ListOpened { mark, expected, server_time }).await;
    while let Some(part) = list.next().await {
        match part {
            Ok(tasks) => tell(&sender, Msg::ListPart { mark, tasks, received: list.received_bytes() }).await,
            Err(fault) => return list_failed(&sender, mark, fault).await,
        }
    }
    tell(&sender, Msg::ListDone { mark, filter, received: list.received_bytes() }).await;
}

async fn list_failed(sender: &Sender<Msg>, mark: Mark, fault: Fault) {
    tracing::warn!(%fault, "a list failed");
    tell(sender, Msg::ListFailed { mark, fault }).await;
}

/// Its patience is its own: a list may take its time, a sign of life may not.
async fn ping(client: Client, sender: Sender<Msg>, within: Duration) {
    let result = match tokio::time::timeout(within, client.ping()).await {
        Ok(answer) => answer.map(|_| ()),
        Err(_) => {
            let kind = FaultKind::TimedOut { after: within };
            Err(Fault { call: Call::Ping, target: client.url().to_owned(), request: None, kind })
        }
    };
    tell(&sender, Msg::Pinged(result)).await;
}

async fn get(client: Client, sender: Sender<Msg>, guid: TaskGuid, mark: Mark) {
    let result = match client.task(&guid).await {
        Ok(task) => Ok(Some(task)),
        Err(fault) if fault.is_not_found() => Ok(None),
        Err(fault) => Err(fault),
    };
    tell(&sender, Msg::Got { guid, mark, result }).await;
}

async fn act(client: Client, sender: Sender<Msg>, guid: TaskGuid, step: Step) {
    let result = client.act(&guid, step).await;
    tracing::info!(%guid, ?step, ?result, "a write was answered");
    tell(&sender, Msg::Acted { guid, step, result }).await;
}
