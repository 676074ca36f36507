//! The command prompt: runs any command of the tables by its name.

mod table;

use crate::clock::Now;
use crate::suggest::did_you_mean;

use super::commands::{COMMANDS, CommandSpec};
use super::key::{Key, KeyCode};
use super::panes::Overlay;
use super::prompt::{Candidate, Completions, Edit, LinePrompt, Note};
use super::{App, Effect};
use table::{ARGUMENT_COMMANDS, find};

/// Returns whether taskdeck itself has a command with this name.
pub(super) fn is_builtin(name: &str) -> bool {
    find(name).is_some() || COMMANDS.iter().any(|spec| spec.name == name)
}

/// A command that is being typed.
#[derive(Debug, Clone, Default)]
pub struct CommandPrompt {
    /// The text, its cursor and its completions.
    pub line: LinePrompt,
    /// Why the text could not be run.
    pub mistake: Option<String>,
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
        let completions = self.complete_command(prompt.line.text(), prompt.line.cursor());
        prompt.line.offer(completions);
        self.overlay = Overlay::Command(prompt);
    }

    fn complete_command(&self, text: &str, cursor: usize) -> Completions {
        let before = text.get(..cursor).unwrap_or_default();
        let start = before.len() - before.trim_start().len();
        match before.trim_start().split_once(char::is_whitespace) {
            None => {
                let end = text.get(cursor..).and_then(|rest| rest.find(char::is_whitespace));
                let end = end.map_or(text.len(), |length| cursor + length);
                Completions::of("Commands", before.trim_start(), start..end, self.command_candidates())
            }
            Some((name, argument)) => {
                let Some(command) = find(name) else { return Completions::default() };
                let typed = argument.trim_start();
                let at = cursor - typed.len()..text.len();
                let title = format!("{} {}: {}", command.name, command.argument, command.help);
                Completions::of(title, typed, at, (command.arguments)(self))
            }
        }
    }

    fn command_candidates(&self) -> impl Iterator<Item = Candidate> {
        let with_argument = ARGUMENT_COMMANDS.iter().map(|command| Candidate {
            label: command.name.to_owned(),
            insert: format!("{} ", command.name),
            note: Note::Help(format!("{}: {}", command.help, command.argument)),
        });
        let builtin = COMMANDS.iter().filter(|spec| find(spec.name).is_none()).map(|spec| Candidate {
            label: spec.name.to_owned(),
            insert: spec.name.to_owned(),
            note: self.note_of(spec),
        });
        with_argument.chain(builtin).chain(self.own_candidates())
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
        let (name, argument) = text.split_once(char::is_whitespace).unwrap_or((&text, ""));
        match self.run_named(name, argument.trim(), now) {
            Ok(mut effects) => {
                if self.saved.add_command(&text) {
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

    fn run_named(&mut self, name: &str, argument: &str, now: Now) -> Result<Vec<Effect>, String> {
        if name.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(command) = find(name) {
            return (command.run)(self, argument, now);
        }
        if let Some(command) = self.own_commands.named(name).cloned() {
            let run = |app: &mut Self| app.ask_own(&command, now);
            return if argument.is_empty() {
                Ok(run(self))
            } else {
                Err(format!("{name} takes no argument"))
            };
        }
        match COMMANDS.iter().find(|spec| spec.name == name) {
            Some(_) if !argument.is_empty() => Err(format!("{name} takes no argument")),
            Some(spec) => Ok(self.run(spec.command, now)),
            None => {
                let names = ARGUMENT_COMMANDS.iter().map(|command| command.name);
                let own = self.own_commands.iter().map(|command| command.name.as_str());
                let meant = did_you_mean(name, names.chain(COMMANDS.iter().map(|spec| spec.name)).chain(own));
                Err(format!("Unknown command \"{name}\".{meant}"))
            }
        }
    }
}
