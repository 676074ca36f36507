//! Runs own commands: checks whether one can run, asks, and starts it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::output::{Output, RunId};
use super::placeholder::{Placeholder, Source};
use super::template::BadValue;
use super::{OutputTo, OwnCommand};
use crate::app::commands::{OPEN_WRITES, Unavailable};
use crate::app::confirmation::{Answer, Confirmation};
use crate::app::key::Key;
use crate::app::program::{ForegroundRun, Program, ProgramEnd, Purpose};
use crate::app::{App, Effect, Entry, Overlay, Pane, SessionId, Severity};
use crate::clock::Now;
use crate::model::TaskGuid;
use crate::model::plan::Refusal;

/// A command with the program that it runs. Nothing of it changes with the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRun {
    /// The command.
    pub command: Arc<OwnCommand>,
    /// The program, with all values in its arguments.
    pub program: Program,
    /// The session that the values are from.
    pub session: SessionId,
    /// The task that they are from, if any of them is a task's.
    pub task: Option<TaskGuid>,
}

/// The question before a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnQuestion {
    /// What will be run.
    pub run: OwnRun,
    /// The answer so far.
    pub confirmation: Confirmation,
}

/// Why a command cannot run now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotRun {
    /// None may run.
    Locked(String),
    /// It changes something, and the target may not be written to.
    Writes(Refusal),
    /// It needs a task.
    NoTask(Unavailable),
    /// A value cannot be an argument.
    Value(BadValue),
    /// The output pane shows a program that runs.
    OutputTaken(String),
}

impl CannotRun {
    /// Returns how much the reason matters.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::NoTask(_) | Self::Value(BadValue::Missing(_)) => Severity::Info,
            Self::Locked(_) | Self::Writes(_) | Self::Value(_) | Self::OutputTaken(_) => Severity::Warn,
        }
    }
}

impl fmt::Display for CannotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked(why) => f.write_str(why),
            Self::Writes(Refusal::Locked) => {
                write!(f, "{}, and the command changes something. {OPEN_WRITES}", Refusal::Locked)
            }
            Self::Writes(why) => write!(f, "{why}, and the command changes something"),
            Self::NoTask(why) => why.fmt(f),
            Self::Value(why) => why.fmt(f),
            Self::OutputTaken(by) => {
                write!(f, "{by} is still running. To stop it, focus its output (Tab) and press Esc")
            }
        }
    }
}

impl App {
    /// Returns what a command would run now, for the selected task.
    ///
    /// # Errors
    /// Why it cannot run.
    pub fn own_run(&self, command: &Arc<OwnCommand>) -> Result<OwnRun, CannotRun> {
        if let Some(why) = self.own_commands.lock() {
            return Err(CannotRun::Locked(why.to_owned()));
        }
        if let Some(why) = self.refuses_own(command, self.shown_session()) {
            return Err(CannotRun::Writes(why));
        }
        let needs_task = command.template.placeholders().any(Placeholder::is_of_task);
        let entry = if needs_task { Some(self.subject().map_err(CannotRun::NoTask)?) } else { None };
        let value = |placeholder| self.value_of(placeholder, entry);
        let program = command.template.fill(value).map_err(CannotRun::Value)?;
        if command.output == OutputTo::Pane
            && let Some(output) = self.output.as_ref().filter(|output| output.is_running())
        {
            return Err(CannotRun::OutputTaken(output.run.command.name.clone()));
        }
        let task = entry.map(|entry| entry.task.guid.clone());
        Ok(OwnRun { command: Arc::clone(command), program, session: self.shown_session(), task })
    }

    /// Returns why a session's target may not be written to, if the command changes something.
    fn refuses_own(&self, command: &OwnCommand, session: SessionId) -> Option<Refusal> {
        let session = self.sessions.get(session).filter(|_| command.acts)?;
        session.refuses_writes()
    }

    fn value_of(&self, placeholder: &Placeholder, entry: Option<&Entry>) -> String {
        match placeholder.source {
            Source::Task(value) => {
                entry.map_or_else(String::new, |entry| value(self.store(), entry).into_owned())
            }
            Source::Target(value) => value(self.target()).to_owned(),
        }
    }

    /// Runs the command that has this key.
    pub(in crate::app) fn press_own(&mut self, key: Key, now: Now) -> Vec<Effect> {
        let command = self.own_commands.with_key(key).cloned();
        command.map(|command| self.ask_own(&command, now)).unwrap_or_default()
    }

    /// Asks before a command, starts it if it does not ask, or says why it cannot run.
    pub(in crate::app) fn ask_own(&mut self, command: &Arc<OwnCommand>, now: Now) -> Vec<Effect> {
        match self.own_run(command) {
            Err(why) => {
                self.say_cannot_run(command, &why, now);
                Vec::new()
            }
            Ok(run) if command.confirms => {
                let confirmation =
                    if command.acts { self.confirmation_in(run.session, 1) } else { Confirmation::default() };
                self.overlay = Overlay::OwnCommand(Box::new(OwnQuestion { run, confirmation }));
                Vec::new()
            }
            Ok(run) => vec![self.start_own(run, now)],
        }
    }

    pub(in crate::app) fn press_in_own_question(
        &mut self,
        mut question: Box<OwnQuestion>,
        key: Key,
        read_at: Duration,
        now: Now,
    ) -> Vec<Effect> {
        match question.confirmation.press(key, read_at) {
            Some(Answer::Yes) => return self.start_confirmed_own(question.run, now),
            Some(Answer::No) => {}
            None => self.overlay = Overlay::OwnCommand(question),
        }
        Vec::new()
    }

    /// Starts a confirmed command, unless the time for which its target was open for writes is over.
    fn start_confirmed_own(&mut self, run: OwnRun, now: Now) -> Vec<Effect> {
        match self.refuses_own(&run.command, run.session) {
            None => vec![self.start_own(run, now)],
            Some(why) => {
                self.say_cannot_run(&run.command, &CannotRun::Writes(why), now);
                Vec::new()
            }
        }
    }

    fn say_cannot_run(&mut self, command: &OwnCommand, why: &CannotRun, now: Now) {
        self.notices.say(why.severity(), format!("Cannot run {}: {why}", command.name), now);
    }

    fn start_own(&mut self, run: OwnRun, now: Now) -> Effect {
        match run.command.output {
            OutputTo::Terminal(pause) => Effect::RunInForeground(ForegroundRun {
                heading: Some(format!("taskdeck is running {}", run.program)),
                pause,
                purpose: Purpose::OwnCommand(run.command.name.clone()),
                program: run.program,
            }),
            OutputTo::Pane => {
                let (id, program) = (self.next_run, run.program.clone());
                self.next_run = id.next();
                self.output = Some(Box::new(Output::new(id, run, now)));
                self.focus = Pane::Output;
                Effect::StartProgram { run: id, program }
            }
        }
    }

    /// Takes output of the program whose output is shown. That of an earlier one is late, and dropped.
    pub(in crate::app) fn take_output(&mut self, run: RunId, bytes: &[u8]) {
        if let Some(output) = self.output.as_mut().filter(|output| output.id() == run) {
            output.feed(bytes);
        }
    }

    /// Records the end of that program.
    pub(in crate::app) fn end_output(&mut self, run: RunId, end: ProgramEnd, now: Now) {
        if let Some(output) = self.output.as_mut().filter(|output| output.id() == run) {
            output.ended(end, now);
        }
    }

    /// Closes the output pane. A program that runs is ended.
    pub(in crate::app) fn close_output(&mut self, now: Now) -> Vec<Effect> {
        if self.focus == Pane::Output {
            self.focus_main();
        }
        let Some(output) = self.output.take().filter(|output| output.is_running()) else { return Vec::new() };
        self.notices.say(Severity::Info, format!("Stopped {}.", output.run.command.name), now);
        vec![Effect::StopProgram(output.id())]
    }
}

impl Placeholder {
    const fn is_of_task(&self) -> bool {
        matches!(self.source, Source::Task(_))
    }
}
