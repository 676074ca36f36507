//! The command prompt: runs any command of the tables by its name.

mod names;
mod table;

use crate::clock::Now;

use super::commands::{COMMANDS, CommandSpec};
use super::key::{Key, KeyCode};
use super::panes::Overlay;
use super::prompt::{Candidate, Completions, Edit, LinePrompt, Note};
use super::{App, Effect};
use names::{ALIASES, Line, Named, argument_command};
pub(super) use names::{begins_builtin, is_builtin};
use table::ARGUMENT_COMMANDS;

pub use names::markdown as aliases_markdown;
pub use table::{argument_commands, markdown};

/// A command that is being typed.
#[derive(Debug, Clone, Default)]
pub struct CommandPrompt {
    /// The text, its cursor and its completions.
    pub line: LinePrompt,
    /// Why the text could not be run.
    pub mistake: Option<String>,
    /// The arguments of the command that was completed last. They are counted once, not at every key.
    arguments: Option<(&'static str, Vec<Candidate>)>,
}

impl App {
    pub(super) fn begin_command(&mut self) {
        self.offer_commands(CommandPrompt::default());
    }

    pub(super) fn type_command(&mut self, mut prompt: CommandPrompt, key: Key, now: Now) -> Vec<Effect> {
        match key.code {
            KeyCode::Enter if prompt.line.awaits_more() => {
                self.offer_commands(prompt);
                return Vec::new();
            }
            KeyCode::Enter => return self.run_typed(prompt, now),
            // Like deleting the colon.
            KeyCode::Backspace if prompt.line.text().is_empty() => return Vec::new(),
            KeyCode::Esc => return Vec::new(),
            _ => {}
        }
        match prompt.line.press(key, self.saved.commands()) {
            Edit::None => self.overlay = Overlay::Command(prompt),
            Edit::Stepped => {
                prompt.mistake = None;
                self.overlay = Overlay::Command(prompt);
            }
            Edit::Changed => self.offer_commands(prompt),
        }
        Vec::new()
    }

    /// Shows the prompt with what fits at its cursor.
    pub(super) fn offer_commands(&mut self, mut prompt: CommandPrompt) {
        prompt.mistake = None;
        let completions = self.complete_command(&mut prompt);
        prompt.line.offer(completions);
        self.overlay = Overlay::Command(prompt);
    }

    /// Opens the prompt with the arguments of a command to choose from.
    pub(super) fn offer_arguments(&mut self, name: &str) -> Vec<Effect> {
        let line = LinePrompt::new(format!("{name} "));
        self.offer_commands(CommandPrompt { line, ..CommandPrompt::default() });
        Vec::new()
    }

    fn complete_command(&self, prompt: &mut CommandPrompt) -> Completions {
        let (text, cursor) = (prompt.line.text(), prompt.line.cursor());
        let before = text.get(..cursor).unwrap_or_default();
        let start = before.len() - before.trim_start().len();
        let Some((name, argument)) = before.trim_start().split_once(char::is_whitespace) else {
            let end = text.get(cursor..).and_then(|rest| rest.find(char::is_whitespace));
            let end = end.map_or(text.len(), |length| cursor + length);
            return Completions::of("Commands", before.trim_start(), start..end, self.command_candidates());
        };
        let Some(command) = argument_command(name) else { return Completions::default() };
        let candidates = match &mut prompt.arguments {
            Some((held, candidates)) if *held == command.name => candidates,
            arguments => &mut arguments.insert((command.name, (command.arguments)(self))).1,
        };
        let title = format!("{} {}: {}", command.name, command.argument, command.help);
        let typed = argument.trim_start();
        let whole = cursor - typed.len()..text.len();
        let completions = Completions::of(title.as_str(), typed, whole, candidates.iter().cloned());
        match typed.rsplit_once(char::is_whitespace) {
            // A list of arguments is completed word by word.
            Some((_, word)) if completions.items.is_empty() => {
                let at = cursor - word.len()..text.len();
                Completions::of(title, word, at, candidates.iter().cloned())
            }
            _ => completions,
        }
    }

    fn command_candidates(&self) -> impl Iterator<Item = Candidate> {
        let with_argument = ARGUMENT_COMMANDS.iter().map(|command| Candidate {
            label: command.name.to_owned(),
            insert: format!("{} ", command.name),
            note: Note::Help(command.help.to_owned()),
        });
        let is_replaced = |spec: &&CommandSpec| ARGUMENT_COMMANDS.iter().any(|other| other.name == spec.name);
        let plain = COMMANDS.iter().filter(move |spec| !is_replaced(spec));
        let plain = plain.map(|spec| Candidate::new(spec.name, self.note_of(spec)));
        let aliases = ALIASES
            .iter()
            .map(|alias| Candidate::with_help(alias.name, format!("the same as :{}", alias.line())));
        with_argument.chain(plain).chain(aliases).chain(self.own_candidates())
    }

    /// Returns what `Enter` would run, with its help or why it is not available; none unless the text names one command.
    pub fn explain_command(&self, text: &str) -> Option<Note> {
        if let Some(own) = self.own_commands.typed(text.trim()) {
            return Some(self.note_of_own(own).about(&own.name));
        }
        let line = Line::parse(text).ok()?;
        Some(match line.command {
            Named::Argument(command) => {
                Note::Help(format!("{} {}: {}", command.name, command.argument, command.help))
            }
            Named::Plain(spec) => self.note_of(spec).about(spec.name),
        })
    }

    /// Returns what a command does and its key, or why it is not available.
    pub(super) fn note_of(&self, spec: &CommandSpec) -> Note {
        match spec.availability(self) {
            Ok(()) => Note::Help(match self.keymap.keys(spec.command).next() {
                Some(key) => format!("{} ({key})", spec.help),
                None => spec.help.to_owned(),
            }),
            Err(why) => Note::Unavailable(why.to_string()),
        }
    }

    fn run_typed(&mut self, mut prompt: CommandPrompt, now: Now) -> Vec<Effect> {
        let text = prompt.line.text().trim().to_owned();
        match self.run_line(&text, now) {
            Ok(mut effects) => {
                // A command that lists its arguments has not run yet.
                let has_run = !matches!(self.overlay, Overlay::Command(_));
                if has_run && self.saved.add_command(&text) {
                    effects.push(Effect::SaveState(self.saved.clone()));
                }
                effects
            }
            Err(mistake) => {
                prompt.line.close_completions();
                prompt.mistake = Some(mistake);
                self.overlay = Overlay::Command(prompt);
                Vec::new()
            }
        }
    }

    fn run_line(&mut self, text: &str, now: Now) -> Result<Vec<Effect>, String> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(own) = self.own_commands.typed(text).cloned() {
            return Ok(self.ask_own(&own, now));
        }
        let line = Line::parse(text)?;
        match line.command {
            Named::Argument(command) => (command.run)(self, line.argument, now),
            Named::Plain(spec) => Ok(self.run(spec.command, now)),
        }
    }
}
