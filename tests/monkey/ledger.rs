//! What was confirmed, and what was sent: no write without a question that named its task, was on the screen for long enough to be
//! read, and was answered with yes; none twice; none to a target that may not be written to.
//!
//! Judges by what the dashboard shows and by the keys alone, with rules of its own for which key is a yes.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::{
    ANSWER_AFTER, Answer, App, Asks, ConfirmPolicy, Confirmation, Form, Msg, Overlay, SessionEffect,
    SessionId,
};
use taskdeck::clock::Now;
use taskdeck::model::lifecycle::Step;
use taskdeck::model::plan::PlannedTask;
use taskdeck::model::{Access, TaskGuid};

/// From this size on, a question about one task shows its guid.
const READABLE: (u16, u16) = (80, 24);

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    Act { session: SessionId, tasks: Vec<(TaskGuid, &'static [Step])>, is_run: bool },
    Create { session: SessionId, guid: TaskGuid },
    OpenWrites { session: SessionId, time: Duration },
    Close,
    Run { name: String },
    Quit,
}

/// The books.
#[derive(Default)]
pub(crate) struct Ledger {
    /// The question on the screen, and since when.
    shown: Option<(Asked, Duration)>,
    /// The screen that shows it.
    screen: String,
    /// The steps that were confirmed and not sent, by task, and whether for a run: a task may be in a run and be asked about alone.
    steps: HashMap<(SessionId, TaskGuid, bool), VecDeque<Step>>,
    creations: HashSet<(SessionId, TaskGuid)>,
    /// For how long a target is to be opened for writes, and until when it is.
    openings: HashMap<SessionId, Duration>,
    open_until: HashMap<SessionId, Duration>,
    programs: HashSet<String>,
    /// When a run sent its last write.
    last_of_run: HashMap<SessionId, Duration>,
    pub(crate) confirmed: u64,
    pub(crate) sent: u64,
}

fn steps_of(task: &PlannedTask) -> Option<(TaskGuid, &'static [Step])> {
    Some((task.guid.clone(), task.frozen?.plan.ok()?.steps()))
}

/// Returns the question that is open, and how far its answer is.
pub(crate) fn asked(app: &App) -> Option<(Asked, &Confirmation)> {
    Some(match app.overlay() {
        Overlay::Confirm(question) => {
            let tasks = steps_of(&question.task).into_iter().collect();
            (Asked::Act { session: question.session, tasks, is_run: false }, &question.confirmation)
        }
        Overlay::BulkQuestion(question) => {
            let tasks = question.set.tasks().iter().filter_map(steps_of).collect();
            (Asked::Act { session: question.session, tasks, is_run: true }, &question.confirmation)
        }
        Overlay::Desire(question) => {
            let (session, guid) = (question.session, question.task.guid.clone());
            (Asked::Create { session, guid }, &question.confirmation)
        }
        Overlay::Target(question) => match question.asks {
            Asks::OpenWrites(time) => {
                (Asked::OpenWrites { session: question.session, time }, &question.confirmation)
            }
            Asks::Close => (Asked::Close, &question.confirmation),
        },
        Overlay::OwnCommand(question) => {
            (Asked::Run { name: question.run.command.name.clone() }, &question.confirmation)
        }
        Overlay::Quit(confirmation) => (Asked::Quit, confirmation),
        _ => return None,
    })
}

/// Returns the word that a target wants typed before so many of its tasks are acted on, if it wants one.
fn wanted_word(app: &App, session: SessionId, tasks: usize, typed_above: usize) -> Option<String> {
    let target = app.target_of(session)?;
    let name = (target.confirm == ConfirmPolicy::TypeName).then(|| target.label().to_owned());
    match (name, tasks > typed_above) {
        (None, false) => None,
        (None, true) => Some(tasks.to_string()),
        (Some(name), false) => Some(name),
        (Some(name), true) => Some(format!("{name} {tasks}")),
    }
}

/// Returns whether a key means yes.
fn is_yes(confirmation: &Confirmation, key: Key) -> bool {
    match confirmation.form() {
        Form::YesNo(highlighted) => {
            key == Key::char('y') || (key.code == KeyCode::Enter && *highlighted == Answer::Yes)
        }
        Form::Typed(typed) => key.code == KeyCode::Enter && typed.text() == typed.wanted(),
    }
}

impl Ledger {
    /// Takes a frame.
    pub(crate) fn saw(&mut self, app: &App, now: Now, size: (u16, u16), text: impl FnOnce() -> String) {
        let Some((asked, _)) = asked(app) else { return };
        if self.shown.as_ref().is_none_or(|(shown, _)| *shown != asked) {
            self.shown = Some((asked, now.mono));
        }
        let is_readable = size.0 >= READABLE.0 && size.1 >= READABLE.1;
        self.screen = if is_readable { text() } else { String::new() };
    }

    /// Takes a message before the dashboard does: a key may be a yes.
    pub(crate) fn before(&mut self, app: &App, msg: &Msg, typed_above: usize) {
        let Msg::Key(key, read_at) = msg else { return };
        let Some((asked, confirmation)) = asked(app) else { return };
        let is_read = self
            .shown
            .as_ref()
            .is_some_and(|(shown, since)| *shown == asked && *read_at >= *since + ANSWER_AFTER);
        if is_read && is_yes(confirmation, *key) {
            self.check_form(app, &asked, confirmation, typed_above);
            self.confirm(asked);
        }
    }

    /// Checks that a question is asked as its target wants it, and names its task.
    fn check_form(&self, app: &App, asked: &Asked, confirmation: &Confirmation, typed_above: usize) {
        let (session, tasks, named) = match asked {
            Asked::Act { session, tasks, is_run } => {
                let only = tasks.first().filter(|_| !is_run).map(|(guid, _)| guid.to_string());
                (session, tasks.len(), only.unwrap_or_else(|| tasks.len().to_string()))
            }
            Asked::Create { session, guid } => (session, 1, guid.to_string()),
            Asked::OpenWrites { session, .. } => {
                (session, 1, app.target_of(*session).unwrap().label().to_owned())
            }
            Asked::Close | Asked::Run { .. } | Asked::Quit => return,
        };
        let typed = match confirmation.form() {
            Form::YesNo(_) => None,
            Form::Typed(typed) => Some(typed.wanted().to_owned()),
        };
        assert_eq!(typed, wanted_word(app, *session, tasks, typed_above), "how {asked:?} is confirmed");
        assert!(
            self.screen.is_empty() || self.screen.contains(&named),
            "{asked:?} does not show {named}:\n{}",
            self.screen
        );
    }

    fn confirm(&mut self, asked: Asked) {
        self.confirmed += 1;
        match asked {
            Asked::Act { session, tasks, is_run } => {
                let key = |guid| (session, guid, is_run);
                self.steps.extend(
                    tasks.into_iter().map(|(guid, steps)| (key(guid), steps.iter().copied().collect())),
                );
            }
            Asked::Create { session, guid } => {
                self.creations.insert((session, guid));
            }
            Asked::OpenWrites { session, time } => {
                self.openings.insert(session, time);
            }
            Asked::Run { name } => {
                self.programs.insert(name);
            }
            Asked::Close | Asked::Quit => {}
        }
    }

    /// Takes a request before it is sent, and checks that it was confirmed.
    pub(crate) fn request(&mut self, app: &App, session: SessionId, effect: &SessionEffect, now: Now) {
        match effect {
            SessionEffect::Act { guid, step } => {
                let is_run = !self.take(session, guid, *step, false);
                let was_confirmed = !is_run || self.take(session, guid, *step, true);
                assert!(was_confirmed, "{step:?} of {guid} is not what was confirmed");
                // A yes to one task of a run does not wait for the run.
                if is_run {
                    self.check_pace(app, session, guid, now);
                }
            }
            SessionEffect::Desire(task) => {
                let was_confirmed = self.creations.remove(&(session, task.guid.clone()));
                assert!(was_confirmed, "{} is created without a yes", task.guid);
            }
            SessionEffect::OpenWrites(time) => {
                assert_eq!(self.openings.remove(&session), Some(*time), "a target is opened without a yes");
                self.open_until.insert(session, now.mono + *time);
                return;
            }
            SessionEffect::CloseWrites => {
                self.open_until.remove(&session);
                return;
            }
            _ => return,
        }
        self.sent += 1;
        assert!(self.may_write(app, session, now), "a write is sent to a read-only target");
    }

    /// Uses up a confirmed step, of a run or of a question about one task. Returns whether it is the one that is next.
    fn take(&mut self, session: SessionId, guid: &TaskGuid, step: Step, is_run: bool) -> bool {
        let Some(left) = self.steps.get_mut(&(session, guid.clone(), is_run)) else { return false };
        left.front() == Some(&step) && left.pop_front().is_some()
    }

    fn may_write(&self, app: &App, session: SessionId, now: Now) -> bool {
        match app.target_of(session).unwrap().access {
            Access::ReadWrite => true,
            Access::ReadOnly => false,
            Access::Locked => self.open_until.get(&session).is_some_and(|until| now.mono < *until),
        }
    }

    /// Checks that the writes of a run are as far apart as its target wants.
    fn check_pace(&mut self, app: &App, session: SessionId, guid: &TaskGuid, now: Now) {
        let Some(run) = app.run_in(session).filter(|run| !run.is_over()) else { return };
        if run.set().tasks().iter().any(|task| task.guid == *guid) {
            let last = self.last_of_run.insert(session, now.mono);
            let is_paced = last.is_none_or(|last| now.mono >= last + run.interval() || now.mono < last);
            assert!(is_paced, "writes of a run are closer than {:?}", run.interval());
        }
    }

    /// Takes a program before it is started.
    pub(crate) fn program(&mut self, app: &App, name: &str, now: Now) {
        let command = app.own_commands().iter().find(|command| command.name == name).unwrap();
        let was_confirmed = self.programs.remove(name);
        assert!(was_confirmed || !command.confirms, "{name} is run without a yes");
        let session = app.shown_session();
        assert!(!command.acts || self.may_write(app, session, now), "{name} is run on a read-only target");
    }

    /// Drops what the update before has made void: a yes counts for what follows at once, or for an action under way.
    pub(crate) fn after(&mut self, app: &App) {
        if asked(app).map(|(asked, _)| asked) != self.shown.as_ref().map(|(shown, _)| shown.clone()) {
            self.shown = None;
        }
        self.creations.clear();
        self.openings.clear();
        self.programs.clear();
        if self.steps.is_empty() {
            return;
        }
        let in_flight = app.tasks_in_flight();
        self.steps.retain(|(session, guid, is_run), left| {
            let goes_on = if *is_run {
                app.run_in(*session).is_some_and(|run| !run.is_over() && run.stop_reason().is_none())
            } else {
                in_flight.contains_key(&(*session, guid))
            };
            goes_on && !left.is_empty()
        });
    }

    /// Forgets what was confirmed: the program has ended.
    pub(crate) fn close(&mut self) {
        let (confirmed, sent) = (self.confirmed, self.sent);
        *self = Self { confirmed, sent, ..Self::default() };
    }
}
