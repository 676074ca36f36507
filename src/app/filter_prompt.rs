//! The filter prompt: every key changes the text, and every valid text filters at once.

use tui_input::{Input, InputRequest};

use crate::clock::Now;
use crate::filter::Filter;

use super::key::{Key, KeyCode};
use super::panes::{FilterPrompt, Overlay};
use super::{App, Effect};

impl App {
    /// Takes a pasted text. Only the filter prompt accepts one, so a paste never acts.
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        match std::mem::take(&mut self.overlay) {
            Overlay::Filter(mut prompt) => {
                for c in text.chars().filter(|c| !c.is_control()) {
                    prompt.input.handle(InputRequest::InsertChar(c));
                }
                self.take_typed(prompt);
            }
            other => self.overlay = other,
        }
        Vec::new()
    }

    pub(super) fn begin_filter(&mut self, now: Now) {
        let input = Input::new(self.filter().terms.text().to_owned());
        self.overlay = Overlay::Filter(FilterPrompt { input, mistake: None });
        let session = self.session_mut();
        if session.list_scope(false) != session.list_scope(true) {
            session.scope_changed(now);
        }
    }

    pub(super) fn type_filter(&mut self, mut prompt: FilterPrompt, key: Key) -> Vec<Effect> {
        match key.code {
            KeyCode::Enter if prompt.mistake.is_none() => return Vec::new(),
            KeyCode::Esc => {
                self.session_mut().query.set_filter(|filter| filter.terms = Filter::default());
                return Vec::new();
            }
            _ => {}
        }
        match input_request(key) {
            Some(request) => {
                prompt.input.handle(request);
                self.take_typed(prompt);
            }
            None => self.overlay = Overlay::Filter(prompt),
        }
        Vec::new()
    }

    /// Filters by what was typed, if it is valid; the prompt stays open.
    fn take_typed(&mut self, mut prompt: FilterPrompt) {
        match Filter::parse(prompt.input.value()) {
            Ok(terms) => {
                prompt.mistake = None;
                self.session_mut().query.set_filter(|filter| filter.terms = terms);
            }
            Err(mistake) => prompt.mistake = Some(mistake),
        }
        self.overlay = Overlay::Filter(prompt);
    }
}

/// Returns the edit that a key makes.
pub(super) fn input_request(key: Key) -> Option<InputRequest> {
    Some(match (key.code, key.ctrl, key.alt) {
        (KeyCode::Char(c), false, false) => InputRequest::InsertChar(c),
        (KeyCode::Backspace, ..) | (KeyCode::Char('h'), true, _) => InputRequest::DeletePrevChar,
        (KeyCode::Delete, ..) | (KeyCode::Char('d'), true, _) => InputRequest::DeleteNextChar,
        (KeyCode::Left, false, _) | (KeyCode::Char('b'), true, _) => InputRequest::GoToPrevChar,
        (KeyCode::Right, false, _) | (KeyCode::Char('f'), true, _) => InputRequest::GoToNextChar,
        (KeyCode::Left, true, _) => InputRequest::GoToPrevWord,
        (KeyCode::Right, true, _) => InputRequest::GoToNextWord,
        (KeyCode::Home, ..) | (KeyCode::Char('a'), true, _) => InputRequest::GoToStart,
        (KeyCode::End, ..) | (KeyCode::Char('e'), true, _) => InputRequest::GoToEnd,
        (KeyCode::Char('w'), true, _) => InputRequest::DeletePrevWord,
        (KeyCode::Char('u'), true, _) => InputRequest::DeleteLine,
        (KeyCode::Char('k'), true, _) => InputRequest::DeleteTillEnd,
        _ => return None,
    })
}
