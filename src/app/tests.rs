//! Tests of the update function: messages and times in, effects and state out; nothing else is there.

mod acting;
mod bounds;
mod bulk;
mod cells;
mod columns;
mod commands;
mod copying;
mod detail;
mod editing;
mod ended;
mod ends;
mod failures;
mod feeding;
mod figures;
mod groups;
mod looking;
mod marks;
mod mouse;
mod own_commands;
mod palette;
mod presence;
mod prompts;
mod pulse;
mod recording;
mod replay;
mod saving;
mod sessions;
mod statistics;
mod stuck;
mod targets;
mod themes;
mod views;
mod welcome;

use std::time::Duration;

use super::key::{Key, KeyCode};
use super::*;
use crate::model::{
    Call, CellId, Domain, Fault, FaultKind, RequestId, State, StreamItem, Task, TaskEvent, TaskFilter,
    TaskGuid, Timestamp,
};

/// The session that an app starts with.
const FIRST: SessionId = SessionId::FIRST;

/// A message of the app, or one of its first session.
trait ToApp {
    fn to_app(self) -> Msg;
}

impl ToApp for Msg {
    fn to_app(self) -> Msg {
        self
    }
}

impl ToApp for SessionMsg {
    fn to_app(self) -> Msg {
        Msg::Session(FIRST, self)
    }
}

/// A state, and the time that its messages come at.
struct Harness {
    app: App,
    now: Now,
}

impl Harness {
    fn new() -> Self {
        Self::with(Target::default())
    }

    fn with(target: Target) -> Self {
        let wall = Timestamp::from_nanos(1_780_315_200_000_000_000);
        Self { app: App::new(target, Settings::default()), now: Now { mono: Duration::from_secs(1), wall } }
    }

    /// With an open stream and these tasks.
    fn live(tasks: Vec<Task>) -> Self {
        let mut harness = Self::new();
        harness.go_live(tasks);
        harness
    }

    /// Without an event stream, which the server does not know.
    fn polling(tasks: Vec<Task>) -> Self {
        let mut harness = Self::new();
        let stream = stream_of(&harness.send(Msg::Tick)).unwrap();
        let effects = harness.send(SessionMsg::StreamEnded(stream, Some(not_found())));
        harness.list(mark_of(&effects).unwrap(), tasks);
        harness
    }

    fn go_live(&mut self, tasks: Vec<Task>) -> StreamId {
        let stream = stream_of(&self.send(Msg::Tick)).unwrap();
        let effects = self.send(SessionMsg::StreamOpened(stream));
        self.list(mark_of(&effects).unwrap(), tasks);
        stream
    }

    /// Opens a session that is not shown.
    fn open_session(&mut self, target: Target) -> SessionId {
        let id = self.app.sessions.reserve();
        self.app.sessions.open(id, target, self.now);
        self.app.restore_view(id, self.now);
        id
    }

    /// A message, and the frame that follows.
    fn send(&mut self, msg: impl ToApp) -> Vec<Effect> {
        let mut effects = self.app.update(msg.to_app(), self.now);
        effects.extend(self.app.before_frame());
        self.app.frame_shown(self.now);
        effects
    }

    fn list(&mut self, mark: Mark, tasks: Vec<Task>) -> Vec<Effect> {
        let received = 900 * u64::try_from(tasks.len()).unwrap();
        self.send(SessionMsg::ListPart { mark, tasks, received });
        self.send(SessionMsg::ListDone { mark, filter: TaskFilter::default(), received })
    }

    fn wait(&mut self, by: Duration) -> Vec<Effect> {
        self.now = self.now.plus(by);
        self.send(Msg::Tick)
    }

    /// How long it takes, in steps of a tick, until an effect is asked for; none if it takes over an hour.
    fn until(&mut self, wanted: impl Fn(&Effect) -> bool) -> Option<(Duration, Effect)> {
        const TICK: Duration = Duration::from_millis(250);
        (1..4 * 3_600_u32).find_map(|nth| {
            let effects = self.wait(TICK);
            effects.into_iter().find(&wanted).map(|effect| (TICK * nth, effect))
        })
    }

    /// Presses a key as somebody does who has read the question, if there is one.
    fn press_key(&mut self, key: Key) -> Vec<Effect> {
        if matches!(
            self.app.overlay(),
            Overlay::Confirm(_)
                | Overlay::Quit(_)
                | Overlay::Target(_)
                | Overlay::Desire(_)
                | Overlay::BulkQuestion(_)
                | Overlay::OwnCommand(_)
        ) {
            self.now = self.now.plus(ANSWER_AFTER);
        }
        self.send(Msg::Key(key, self.now.mono))
    }

    fn press(&mut self, keys: &str) -> Vec<Effect> {
        let code = |c| match c {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\u{1b}' => KeyCode::Esc,
            c => KeyCode::Char(c),
        };
        keys.chars().flat_map(|c| self.press_key(Key::plain(code(c)))).collect()
    }

    /// What the operator was told last.
    fn notice(&self) -> &str {
        self.app.notices().current(self.now).map_or("", |notice| notice.text.as_str())
    }

    /// The rows of a pane of groups, without the one of all tasks.
    fn groups(&self, place: GroupPlace) -> Vec<GroupRow<'_>> {
        self.app.group_rows_from(place, 1).collect()
    }

    fn group_ids(&self, place: GroupPlace) -> Vec<&str> {
        self.groups(place).into_iter().filter_map(|row| Some(row.name?.id())).collect()
    }

    fn guids(&self) -> Vec<&str> {
        (0..).map_while(|at| self.app.row(at)).map(|entry| entry.task.guid.as_str()).collect()
    }

    fn selected(&self) -> &str {
        self.app.selected().map_or("", |entry| entry.task.guid.as_str())
    }
}

fn task(guid: &str, state: State) -> Task {
    let at = Timestamp::from_nanos(1_780_315_000_000_000_000);
    Task {
        cell: (state == State::Running).then(|| CellId::from("cell-1")),
        created_at: at,
        updated_at: at,
        ..Task::blank(TaskGuid::from(guid), Domain::from("cf-tasks"), state)
    }
}

fn fault(call: Call, kind: FaultKind) -> Fault {
    Fault { call, target: "https://bbs:8889".into(), request: Some(RequestId(7)), kind }
}

fn refused() -> FaultKind {
    FaultKind::Unreachable { cause: "connection refused".into(), sent: false }
}

fn not_found() -> Fault {
    let kind = FaultKind::NotBbs {
        status: 404,
        content_type: String::new(),
        router_error: String::new(),
        problem: "no such route".into(),
    };
    fault(Call::TaskEvents, kind)
}

/// The copy of a guid.
fn copied(guid: &str) -> Effect {
    let content = CopyContent::Text(guid.to_owned());
    Effect::Copy(ToCopy { what: guid.to_owned(), content })
}

fn stream_of(effects: &[Effect]) -> Option<StreamId> {
    effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::Subscribe { stream }) => Some(*stream),
        _ => None,
    })
}

fn mark_of(effects: &[Effect]) -> Option<Mark> {
    effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::List { mark, .. }) => Some(*mark),
        _ => None,
    })
}

fn is_list(effect: &Effect) -> bool {
    matches!(effect, Effect::Session(_, SessionEffect::List { .. }))
}

fn is_subscribe(effect: &Effect) -> bool {
    matches!(effect, Effect::Session(_, SessionEffect::Subscribe { .. }))
}

fn changed(before: Task, after: Task) -> StreamItem {
    StreamItem::Event(TaskEvent::Changed { before: Box::new(before), after: Box::new(after) })
}
