//! Messages to the state, and the effects that it requests. Both are values, so tests can compare them.
//!
//! Messages and effects that concern one BBS carry the id of its session.

use std::sync::Arc;
use std::time::Duration;

use crate::model::lifecycle::Step;
use crate::model::recording::{Entry, RecorderNews, WriteCall};
use crate::model::{
    Cell, Domain, Fault, NewTask, RawDefinition, RequestId, StreamItem, Task, TaskDefinition, TaskFilter,
    TaskGuid, Timestamp,
};
use crate::state::SavedState;

use super::copy::{CopyReport, ToCopy};
use super::edit::{DocumentText, EditorEnd};
use super::file::{FileToSave, SaveReport};
use super::key::Key;
use super::mouse::{MouseAction, Pointed};
use super::own_commands::RunId;
use super::program::{ForegroundRun, Program, ProgramEnd, Purpose};
use super::replay::{ReadPart, ReadRequest, SeekId};
use super::save_view::ViewToSave;
use super::session::SessionId;
use super::store::Mark;

/// Identifies one subscription to the event stream. Each attempt to subscribe gets a new id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StreamId(pub u64);

/// Something that happened outside the state.
pub enum Msg {
    /// A key was pressed. The duration is when it was read, on the clock of [`Now::mono`](crate::clock::Now::mono), so that a
    /// key that waited in a queue cannot answer a question that was not on the screen yet.
    Key(Key, Duration),
    /// The mouse was used, on what the last frame showed there. The duration is when it was read, as for a key.
    Mouse(MouseAction, Option<Pointed>, Duration),
    /// A text was pasted.
    Paste(String),
    /// A timer fired, about four times a second.
    Tick,
    /// The time has come that [`App::due`](super::App::due) returned.
    Due,
    /// Something happened in a session.
    Session(SessionId, SessionMsg),
    /// Show or mask this secret of the detail, by its number.
    ToggleSecret(usize),
    /// Fold or unfold the section of the detail with this title.
    ToggleSection(&'static str),
    /// The program in the foreground ended, and the dashboard has the terminal again.
    ProgramEnded {
        /// What it was run for.
        purpose: Purpose,
        /// How it ended.
        end: ProgramEnd,
    },
    /// The target that [`Effect::OpenTarget`] asked for has a client now, or why not.
    TargetOpened(SessionId, Result<(), String>),
    /// A program with its output in the pane wrote this.
    ProgramOutput {
        /// The run.
        run: RunId,
        /// The bytes, as written.
        bytes: Vec<u8>,
    },
    /// A program with its output in the pane ended, and its output with it.
    ProgramFinished {
        /// The run.
        run: RunId,
        /// How it ended.
        end: ProgramEnd,
    },
    /// The editor of [`Effect::Edit`] ended.
    Edited(EditorEnd),
    /// Show this text as a warning.
    Note(String),
    /// Something was copied, or could not be.
    Copied(CopyReport),
    /// A file was saved, or could not be.
    FileSaved(SaveReport),
    /// The writer of the recording has news.
    Recorder(RecorderNews),
    /// This was read of the recording that is played.
    Read(SeekId, ReadPart),
}

/// Something that happened in a session: a reply of its BBS, or the result of local work for it.
///
/// The session's id is in the enclosing [`Msg`], so the code that awaits a reply cannot assign it to another session.
pub enum SessionMsg {
    /// The head of a list's reply arrived.
    ListOpened {
        /// The list.
        mark: Mark,
        /// Size of the reply in bytes, if the server sent it.
        expected: Option<u64>,
        /// The server's time, from its `Date` header.
        server_time: Option<Timestamp>,
    },
    /// Some tasks of a list arrived.
    ListPart {
        /// The list.
        mark: Mark,
        /// The tasks.
        tasks: Vec<Task>,
        /// Bytes received so far.
        received: u64,
    },
    /// A list is complete.
    ListDone {
        /// The list.
        mark: Mark,
        /// Which tasks were requested.
        filter: TaskFilter,
        /// Size of the reply in bytes.
        received: u64,
    },
    /// A list failed.
    ListFailed {
        /// The list.
        mark: Mark,
        /// The cause.
        fault: Fault,
    },
    /// The event stream is open.
    StreamOpened(StreamId),
    /// The event stream delivered these items.
    StreamItems(StreamId, Vec<StreamItem>),
    /// The event stream ended, with a fault or cleanly. Both lose events.
    StreamEnded(StreamId, Option<Fault>),
    /// The request for fresh domains was answered, or failed.
    Domains(Result<Vec<Domain>, Fault>),
    /// The request for present cells was answered, or failed.
    Cells(Result<Vec<Cell>, Fault>),
    /// A ping was answered, or failed.
    Pinged(Result<(), Fault>),
    /// A write is about to be sent.
    Requested {
        /// The task.
        guid: TaskGuid,
        /// The call.
        call: WriteCall,
        /// The id that the request carries.
        request: RequestId,
    },
    /// A step of an action was answered, or failed.
    Acted {
        /// The task.
        guid: TaskGuid,
        /// The step that was sent.
        step: Step,
        /// The BBS's reply.
        result: Result<(), Fault>,
    },
    /// A new task was answered, or failed.
    Desired {
        /// The task.
        guid: TaskGuid,
        /// The BBS's reply.
        result: Result<(), Fault>,
    },
    /// The look-up of one task was answered, or failed.
    Got {
        /// The task.
        guid: TaskGuid,
        /// The mark of the request.
        mark: Mark,
        /// The task, or `None` if the BBS does not hold it.
        result: Result<Option<Task>, Fault>,
    },
    /// A definition was decoded.
    Decoded {
        /// The task that it belongs to.
        guid: TaskGuid,
        /// The definition, or why its bytes cannot be decoded.
        result: Result<Arc<TaskDefinition>, String>,
    },
}

impl SessionMsg {
    /// Returns whether this message proves that the server is up.
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
            Self::Pinged(result) | Self::Acted { result, .. } | Self::Desired { result, .. } => {
                result.as_ref().err()
            }
            Self::Got { result, .. } => result.as_ref().err(),
            Self::StreamEnded(..) | Self::Requested { .. } | Self::Decoded { .. } => return false,
        };
        fault.is_none_or(Fault::proves_server_up)
    }
}

/// Something to do outside the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a session's request to its BBS.
    Session(SessionId, SessionEffect),
    /// Make a client for a session of the target with this name, and answer with [`Msg::TargetOpened`].
    OpenTarget {
        /// The session.
        session: SessionId,
        /// The target's name in the configuration.
        name: String,
    },
    /// Cancel a session's reads, and forget its client once its writes are answered.
    CloseSession(SessionId),
    /// Decode a definition before the next frame, and answer with [`SessionMsg::Decoded`].
    Decode {
        /// The session of the task.
        session: SessionId,
        /// The task.
        guid: TaskGuid,
        /// The definition as the BBS sent it.
        definition: RawDefinition,
    },
    /// Answer with [`Msg::ToggleSecret`] or [`Msg::ToggleSection`], depending on what the last frame showed under the
    /// detail's cursor.
    ToggleUnderCursor,
    /// Copy this to the clipboard, and answer with [`Msg::Copied`].
    Copy(ToCopy),
    /// Give the text of a task to the operator's editor, and answer with [`Msg::Edited`].
    Edit(DocumentText),
    /// Write a file for the operator, and answer with [`Msg::FileSaved`].
    SaveFile(FileToSave),
    /// Write what the main view shows now to a file, and answer with [`Msg::FileSaved`].
    SaveView(ViewToSave),
    /// Begin to record a session, anew if it is being recorded. Every task that its BBS holds follows.
    BeginRecording {
        /// The session.
        session: SessionId,
        /// What operators call its target.
        target: String,
    },
    /// Record what happened in a session.
    Record(SessionId, Vec<Entry>),
    /// Read the recording that is played, and answer with [`Msg::Read`].
    Read(ReadRequest),
    /// Keep the state for the next run. A problem is answered with [`Msg::Note`].
    SaveState(SavedState),
    /// Suspend the process until the shell resumes it.
    Suspend,
    /// Give the terminal to a program. Its end is answered with [`Msg::ProgramEnded`].
    RunInForeground(ForegroundRun),
    /// Start a program without a terminal. What it writes comes back as [`Msg::ProgramOutput`], its end as
    /// [`Msg::ProgramFinished`].
    StartProgram {
        /// The run, which every message about it must carry.
        run: RunId,
        /// The program.
        program: Program,
    },
    /// End a program that was started: ask it to end, and kill it if it does not.
    StopProgram(RunId),
    /// Redraw the whole screen.
    Repaint,
    /// Take the mouse, or leave it to the terminal.
    UseMouse(bool),
    /// End the program.
    Quit,
}

/// A request of a session to its BBS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEffect {
    /// Open the event stream.
    Subscribe {
        /// Id that every reply must carry.
        stream: StreamId,
    },
    /// Close the event stream.
    Unsubscribe,
    /// Request a list of tasks.
    List {
        /// Mark that every reply must carry.
        mark: Mark,
        /// Which tasks to list.
        filter: TaskFilter,
        /// Whether this is the first list, so that most tasks in it are new.
        first: bool,
    },
    /// Ping the server.
    Ping {
        /// The timeout.
        within: Duration,
    },
    /// Request the fresh domains.
    ListDomains,
    /// Request the cells that are present.
    ListCells,
    /// Send one step of an action, exactly once.
    Act {
        /// The task.
        guid: TaskGuid,
        /// The step: cancel, resolving or delete.
        step: Step,
    },
    /// Open a locked target for writes for this time. The client ends it by its own clock.
    OpenWrites(Duration),
    /// Close a locked target for writes again.
    CloseWrites,
    /// Send a new task, exactly once.
    Desire(NewTask),
    /// Look up one task.
    Get {
        /// The task.
        guid: TaskGuid,
        /// Mark that the reply must carry.
        mark: Mark,
    },
}

/// Adds the session's id to its effects.
pub(super) fn effects_of(id: SessionId, effects: Vec<SessionEffect>) -> impl Iterator<Item = Effect> {
    effects.into_iter().map(move |effect| Effect::Session(id, effect))
}
