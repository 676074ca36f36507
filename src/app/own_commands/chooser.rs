//! The list of own commands to run one of.

use std::sync::Arc;

use super::OwnCommand;
use crate::app::key::{Key, KeyCode};
use crate::app::prompt::{Candidate, Note};
use crate::app::{App, Effect, Overlay};
use crate::clock::Now;

/// The open list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnCommandChooser {
    /// The index of the highlighted command.
    pub at: usize,
}

impl App {
    pub(in crate::app) fn choose_own_command(&mut self) {
        self.overlay = Overlay::OwnCommands(OwnCommandChooser::default());
    }

    /// Runs the highlighted command with Enter, and any of them with its own key.
    pub(in crate::app) fn press_in_own_commands(
        &mut self,
        mut chooser: OwnCommandChooser,
        key: Key,
        now: Now,
    ) -> Vec<Effect> {
        let pressed = match key.code {
            KeyCode::Enter => self.own_commands.get(chooser.at),
            _ => self.own_commands.with_key(key.without_shift()),
        };
        if let Some(command) = pressed.cloned() {
            return self.ask_own(&command, now);
        }
        chooser.at = match key.code {
            KeyCode::Esc | KeyCode::Char('q' | '!') => return Vec::new(),
            KeyCode::Char('g') => 0,
            _ => self.moved(key, chooser.at, self.own_commands.len()).unwrap_or(chooser.at),
        };
        self.overlay = Overlay::OwnCommands(chooser);
        Vec::new()
    }

    /// Returns the own commands as completions of the command prompt.
    pub(in crate::app) fn own_candidates(&self) -> impl Iterator<Item = Candidate> {
        self.own_commands.iter().map(|command| Candidate::new(&command.name, self.note_of_own(command)))
    }

    /// Returns what a command does and its key, or why it cannot run.
    pub(in crate::app) fn note_of_own(&self, command: &Arc<OwnCommand>) -> Note {
        match self.own_run(command) {
            Err(why) => Note::Unavailable(why.to_string()),
            Ok(_) => Note::Help(match command.key {
                Some(key) => format!("{} ({key})", command.help),
                None => command.help.clone(),
            }),
        }
    }
}
