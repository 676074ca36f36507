//! The filter while it is typed: each key makes a text, and each text that can be read filters at once.

use tui_input::{Input, InputRequest};

use crate::clock::Now;
use crate::filter::Filter;

use super::keymap::{Key, KeyCode};
use super::panes::{Overlay, Typing};
use super::{App, Effect};

impl App {
    /// Takes a pasted text: into the filter that is being typed, and nowhere else, so that no paste acts.
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        match std::mem::take(&mut self.overlay) {
            Overlay::Filter(mut typing) => {
                for c in text.chars().filter(|c| !c.is_control()) {
                    typing.input.handle(InputRequest::InsertChar(c));
                }
                self.take_typed(typing);
            }
            other => self.overlay = other,
        }
        Vec::new()
    }

    pub(super) fn begin_filter(&mut self, now: Now) {
        let input = Input::new(self.filter().terms.text().to_owned());
        let before = self.list_scope();
        self.overlay = Overlay::Filter(Typing { input, mistake: None });
        if before != self.list_scope() {
            self.scope_changed(now);
        }
    }

    pub(super) fn type_filter(&mut self, mut typing: Typing, key: Key) -> Vec<Effect> {
        match key.code {
            KeyCode::Enter if typing.mistake.is_none() => return Vec::new(),
            KeyCode::Esc => {
                self.query.set_filter(|filter| filter.terms = Filter::default());
                return Vec::new();
            }
            _ => {}
        }
        match input_request(key) {
            Some(request) => {
                typing.input.handle(request);
                self.take_typed(typing);
            }
            None => self.overlay = Overlay::Filter(typing),
        }
        Vec::new()
    }

    /// Lets what was typed filter, if it can be read; goes on with the typing.
    fn take_typed(&mut self, mut typing: Typing) {
        match Filter::parse(typing.input.value()) {
            Ok(terms) => {
                typing.mistake = None;
                self.query.set_filter(|filter| filter.terms = terms);
            }
            Err(mistake) => typing.mistake = Some(mistake),
        }
        self.overlay = Overlay::Filter(typing);
    }
}

/// What a key does to a line of text.
fn input_request(key: Key) -> Option<InputRequest> {
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
