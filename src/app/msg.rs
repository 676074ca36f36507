//! Messages to the state, and the effects that it requests. Both are values, so a test compares what the state would
//! do.
//!
//! What belongs to one BBS names its session.

use std::sync::Arc;
use std::time::Duration;

use crate::model::lifecycle::Step;
use crate::model::{
    Cell, Domain, Fault, RawDefinition, StreamItem, Task, TaskDefinition, TaskFilter, TaskGuid, Timestamp,
};
use crate::state::SavedState;

use super::key::Key;
use super::session::SessionId;
use super::store::Mark;

/// One subscription to the event stream; a new one for every try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StreamId(pub u64);

/// Something that happened outside the state.
#[expect(
    clippy::large_enum_variant,
    reason = "most messages belong to a session; a box for each would allocate"
)]
pub enum Msg {
    /// A key was pressed, and when it was read, on the clock of [`Now::mono`](crate::clock::Now::mono): a key that waited in a
    /// queue answers no question that was not yet on the screen.
    Key(Key, Duration),
    /// A text was pasted.
    Paste(String),
    /// A quarter of a second passed, or so.
    Tick,
    /// Something happened in a session.
    Session(SessionId, SessionMsg),
    /// The secret that the detail's cursor is on is to be shown, or masked again.
    ToggleSecret(usize),
    /// Fold or unfold the section of this title.
    ToggleSection(&'static str),
    /// Something the operator should read.
    Note(String),
}

/// Something that happened in a session: an answer of its BBS, or work that was done for it here.
///
/// Names no session: the [`Msg`] that carries it does, and whoever waits for the answer cannot name another one.
pub enum SessionMsg {
    /// The head of a list came.
    ListOpened {
        /// The list.
        mark: Mark,
        /// Its length in bytes, where the server said it.
        expected: Option<u64>,
        /// The server's `Date`.
        server_time: Option<Timestamp>,
    },
    /// Some tasks of a list came.
    ListPart {
        /// The list.
        mark: Mark,
        /// The tasks.
        tasks: Vec<Task>,
        /// Bytes received so far.
        received: u64,
    },
    /// A list came whole.
    ListDone {
        /// The list.
        mark: Mark,
        /// What it was asked for.
        filter: TaskFilter,
        /// Bytes received in all.
        received: u64,
    },
    /// A list failed.
    ListFailed {
        /// The list.
        mark: Mark,
        /// Why.
        fault: Fault,
    },
    /// The event stream is open.
    StreamOpened(StreamId),
    /// Something came over the event stream.
    StreamItems(StreamId, Vec<StreamItem>),
    /// The event stream ended: with a fault, or cleanly, which also loses events.
    StreamEnded(StreamId, Option<Fault>),
    /// The fresh domains.
    Domains(Result<Vec<Domain>, Fault>),
    /// The cells that are present.
    Cells(Result<Vec<Cell>, Fault>),
    /// A ping was answered, or was not.
    Pinged(Result<(), Fault>),
    /// A write was answered, or was not.
    Acted {
        /// The task.
        guid: TaskGuid,
        /// What was asked.
        step: Step,
        /// The answer.
        result: Result<(), Fault>,
    },
    /// One task was asked for.
    Got {
        /// The task.
        guid: TaskGuid,
        /// When it was asked.
        mark: Mark,
        /// The task; none says that the BBS has no such task.
        result: Result<Option<Task>, Fault>,
    },
    /// A definition was decoded.
    Decoded {
        /// Whose.
        guid: TaskGuid,
        /// The definition, or what is wrong with its bytes.
        result: Result<Arc<TaskDefinition>, String>,
    },
}

impl SessionMsg {
    /// Whether it tells that the server is there.
    pub(super) fn proves_server_up(&self) -> bool {
        let fault = match self {
            Self::ListOpened { .. }
            | Self::ListPart { .. }
            | Self::ListDone { .. }
            | Self::StreamOpened(_)
            | Self::StreamItems(..) => None,
            Self::ListFailed { fault, .. } => Some(fault),
            Self::Domains(result) => result.as_ref().err(),
            Self::Cells(result) => result.as_ref().err(),
            Self::Pinged(result) | Self::Acted { result, .. } => result.as_ref().err(),
            Self::Got { result, .. } => result.as_ref().err(),
            Self::StreamEnded(..) | Self::Decoded { .. } => return false,
        };
        fault.is_none_or(Fault::proves_server_up)
    }
}

/// Something to do outside the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a session's request to its BBS.
    Session(SessionId, SessionEffect),
    /// Decode a definition before the next frame, and answer with [`SessionMsg::Decoded`].
    Decode {
        /// The session of the task.
        session: SessionId,
        /// The task.
        guid: TaskGuid,
        /// The definition as the BBS sent it.
        definition: RawDefinition,
    },
    /// Answer with [`Msg::ToggleSecret`] or [`Msg::ToggleSection`] for what the last frame had under the detail's
    /// cursor.
    ToggleUnderCursor,
    /// Put a text into the clipboard.
    Copy(String),
    /// Keep the state for the next run. A problem is answered with [`Msg::Note`].
    SaveState(SavedState),
    /// Stop, and come back when the shell says so.
    Suspend,
    /// Draw every cell anew.
    Repaint,
    /// End the program.
    Quit,
}

/// A request of a session to its BBS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEffect {
    /// Open the event stream.
    Subscribe {
        /// To be named in every answer.
        stream: StreamId,
    },
    /// Drop the event stream that is open.
    Unsubscribe,
    /// Ask for a list.
    List {
        /// To be named in every answer.
        mark: Mark,
        /// Which tasks.
        filter: TaskFilter,
        /// Whether most of them will be new to us.
        first: bool,
    },
    /// Ask for a sign of life.
    Ping {
        /// It is waited for so long.
        within: Duration,
    },
    /// Ask for the fresh domains.
    ListDomains,
    /// Ask for the cells.
    ListCells,
    /// Send one write, once.
    Act {
        /// To this task.
        guid: TaskGuid,
        /// Cancel, Resolving or Delete.
        step: Step,
    },
    /// Ask for one task.
    Get {
        /// This one.
        guid: TaskGuid,
        /// To be named in the answer.
        mark: Mark,
    },
}

/// Names the session of effects.
pub(super) fn effects_of(id: SessionId, effects: Vec<SessionEffect>) -> impl Iterator<Item = Effect> {
    effects.into_iter().map(move |effect| Effect::Session(id, effect))
}
