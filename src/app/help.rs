//! The open help: its filter and how far it is scrolled. What it shows is drawn by `ui` from the tables.

use tui_input::Input;

use super::commands::{COMMANDS, Command};
use super::key::{Key, KeyCode};
use super::prompt::{Candidate, input_request};
use super::{App, Overlay};

/// The open help.
#[derive(Debug, Clone, Default)]
pub struct Help {
    /// The filter; all of its words must be in a line.
    pub input: Input,
    /// Whether `/` began the filter, so that every letter belongs to it.
    is_typing: bool,
    /// The first line shown. The pane keeps it within what there is.
    pub scroll: usize,
}

impl Help {
    /// Returns whether a line with these texts is to be shown: whether each word of the filter is in one of them, in any
    /// case.
    pub fn admits(&self, texts: &[&str]) -> bool {
        let texts: Vec<_> = texts.iter().map(|text| text.to_lowercase()).collect();
        let filter = self.input.value().to_lowercase();
        filter.split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
    }

    /// Returns whether there is a filter.
    pub fn is_filtered(&self) -> bool {
        !self.input.value().trim().is_empty()
    }
}

/// Returns the names of the commands, which the help can be asked about.
pub(super) fn help_candidates() -> Vec<Candidate> {
    let with_argument = super::argument_commands().map(|(_, name, help)| Candidate::with_help(name, help));
    with_argument.chain(COMMANDS.iter().map(|spec| Candidate::with_help(spec.name, spec.help))).collect()
}

impl App {
    /// Opens the help with the lines that have a word; with all lines if there is none.
    pub(super) fn help_on(&mut self, word: &str) {
        let input = Input::new(word.trim_start_matches(':').to_owned());
        self.overlay = Overlay::Help(Help { input, ..Help::default() });
    }

    /// Letters go to the filter; arrows and Ctrl keys scroll. Without a filter, the keys of help and quit close it.
    pub(super) fn press_in_help(&mut self, mut help: Help, key: Key) {
        let command = self.keymap.command(key);
        let is_empty = help.input.value().is_empty();
        match (key.code, command) {
            (KeyCode::Enter, _) => return,
            (KeyCode::Esc, _) if is_empty => return,
            (KeyCode::Esc, _) => help = Help::default(),
            (_, Some(Command::Help | Command::Quit)) if is_empty && !help.is_typing => return,
            (_, Some(Command::Filter)) if is_empty && !help.is_typing => help.is_typing = true,
            (code, command) => match command.and_then(|command| self.scrolled(command)) {
                Some(by) if key.ctrl || !matches!(code, KeyCode::Char(_)) => {
                    help.scroll = help.scroll.saturating_add_signed(by);
                }
                _ => type_into(&mut help, key),
            },
        }
        self.overlay = Overlay::Help(help);
    }

    /// Returns by how many lines a key scrolls a list over the panes.
    pub(super) fn scrolls(&self, key: Key) -> Option<isize> {
        self.scrolled(self.keymap.command(key.without_shift())?)
    }

    /// Returns by how many lines a key scrolls the list of a question. Letters may be meant for the answer.
    pub(super) fn scrolls_list(&self, key: Key) -> Option<isize> {
        let may_answer = matches!(key.code, KeyCode::Char(_) | KeyCode::Home | KeyCode::End) && !key.ctrl;
        if may_answer { None } else { self.scrolls(key) }
    }

    /// Returns by how many lines a command scrolls the help.
    fn scrolled(&self, command: Command) -> Option<isize> {
        Some(match command {
            Command::MoveDown => 1,
            Command::MoveUp => -1,
            Command::HalfPageDown => self.pages(1, 2),
            Command::HalfPageUp => -self.pages(1, 2),
            Command::PageDown => self.pages(1, 1),
            Command::PageUp => -self.pages(1, 1),
            Command::MoveToFirst => isize::MIN,
            Command::MoveToLast => isize::MAX,
            _ => return None,
        })
    }

    /// Keeps the overlay's scroll within what there is: the pane knows when it has been drawn.
    pub fn set_overlay_bounds(&mut self, last_scroll: usize) {
        let scroll = match &mut self.overlay {
            Overlay::Help(help) => &mut help.scroll,
            Overlay::BulkQuestion(question) => &mut question.scroll,
            Overlay::Outcomes(pane) => &mut pane.scroll,
            _ => return,
        };
        *scroll = (*scroll).min(last_scroll);
    }
}

fn type_into(help: &mut Help, key: Key) {
    if let Some(request) = input_request(key) {
        help.input.handle(request);
        help.scroll = 0;
    }
}
