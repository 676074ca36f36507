//! An answer that is typed: yes is one word, in full, and nothing else.

use tui_input::Input;

use super::Answer;
use crate::app::key::{Key, KeyCode};
use crate::app::prompt::input_request;

/// A word that is being typed as an answer.
#[derive(Debug, Clone)]
pub struct Typed {
    what: &'static str,
    wanted: String,
    input: Input,
    is_wrong: bool,
}

impl PartialEq for Typed {
    fn eq(&self, other: &Self) -> bool {
        (self.what, &self.wanted, self.text()) == (other.what, &other.wanted, other.text())
    }
}

impl Eq for Typed {}

impl Typed {
    pub(super) fn new(what: &'static str, wanted: String) -> Self {
        Self { what, wanted, input: Input::default(), is_wrong: false }
    }

    /// Returns what is to be typed, in words: "the target's name".
    pub const fn what(&self) -> &'static str {
        self.what
    }

    /// Returns the word that means yes.
    pub fn wanted(&self) -> &str {
        &self.wanted
    }

    /// Returns what has been typed.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Returns what has been typed before the cursor.
    pub fn before_cursor(&self) -> &str {
        let at = self.text().char_indices().nth(self.input.cursor()).map_or(self.text().len(), |(at, _)| at);
        self.text().get(..at).unwrap_or_default()
    }

    /// Returns whether Enter was pressed on another word, and nothing was typed since.
    pub const fn is_wrong(&self) -> bool {
        self.is_wrong
    }

    /// Handles a key. Enter on another word is no answer: it is more likely a slip than a change of mind.
    pub(super) fn press(&mut self, key: Key) -> Option<Answer> {
        self.is_wrong = false;
        match key.code {
            KeyCode::Esc => return Some(Answer::No),
            KeyCode::Enter if self.text().is_empty() => return Some(Answer::No),
            KeyCode::Enter if self.text() == self.wanted => return Some(Answer::Yes),
            KeyCode::Enter => self.is_wrong = true,
            _ => {
                if let Some(request) = input_request(key) {
                    self.input.handle(request);
                }
            }
        }
        None
    }
}
