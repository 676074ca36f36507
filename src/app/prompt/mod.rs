//! A line of input with completions and a history; the filter prompt and the command prompt are made of it.
//!
//! Knows keys and texts only. Its owner computes the completions after every edit.

mod completion;
mod filter;
#[cfg(test)]
mod tests;

use tui_input::{Input, InputRequest};

use super::key::{Key, KeyCode};

pub use completion::{Candidate, Completion, Completions, Note};
pub(super) use filter::{Value, complete_filter};

/// A line of input.
#[derive(Debug, Clone, Default)]
pub struct LinePrompt {
    input: Input,
    completions: Completions,
    /// The text before a completion was highlighted.
    typed: Option<Input>,
    recalled: Option<Recalled>,
}

/// An entry of the history that stands in the line.
#[derive(Debug, Clone)]
struct Recalled {
    at: usize,
    /// What was typed before.
    draft: Input,
}

/// What a key did to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    /// Nothing.
    None,
    /// Another completion is in the text. The list stays, so that the next key steps on.
    Stepped,
    /// The text or the cursor changed; completions must be computed anew.
    Changed,
}

impl LinePrompt {
    /// Returns a line with this text and the cursor at its end.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { input: Input::new(text.into()), ..Self::default() }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Returns the byte of the text that the cursor is on.
    pub fn cursor(&self) -> usize {
        self.text().char_indices().nth(self.input.cursor()).map_or(self.text().len(), |(at, _)| at)
    }

    /// Returns the completions at the cursor.
    pub fn completions(&self) -> &Completions {
        &self.completions
    }

    /// Offers completions.
    pub(super) fn offer(&mut self, completions: Completions) {
        self.completions = completions;
        self.typed = None;
    }

    /// Closes the list of completions. Returns whether there was one.
    pub(super) fn close_completions(&mut self) -> bool {
        let had_some = !self.completions.items.is_empty();
        self.offer(Completions::default());
        had_some
    }

    /// Returns whether the highlighted completion needs something after it, as the name of a field does.
    pub(super) fn awaits_more(&self) -> bool {
        self.completions.highlighted().is_some_and(|candidate| candidate.insert.ends_with([':', ' ']))
    }

    /// Inserts a pasted text, without its control characters.
    pub(super) fn paste(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// Handles a key. `history` has the newest entry first.
    pub(super) fn press(&mut self, key: Key, history: &[String]) -> Edit {
        match (key.code, key.ctrl) {
            (KeyCode::Tab, _) => self.step(true),
            (KeyCode::BackTab, _) => self.step(false),
            (KeyCode::Down, _) | (KeyCode::Char('n'), true) => self.down(history),
            (KeyCode::Up, _) | (KeyCode::Char('p'), true) => self.up(history),
            _ => self.edit(key),
        }
    }

    fn edit(&mut self, key: Key) -> Edit {
        let Some(request) = input_request(key) else { return Edit::None };
        self.input.handle(request);
        self.recalled = None;
        Edit::Changed
    }

    /// Down goes on in the history while an entry of it is in the line, and otherwise into the completions.
    fn down(&mut self, history: &[String]) -> Edit {
        match self.recalled.take() {
            None => self.step(true),
            Some(Recalled { at: 0, draft }) => {
                self.input = draft;
                Edit::Changed
            }
            Some(Recalled { at, draft }) => self.recall(at - 1, draft, history),
        }
    }

    fn up(&mut self, history: &[String]) -> Edit {
        if self.completions.chosen.is_some() {
            return self.step(false);
        }
        match self.recalled.take() {
            None => {
                // The filter in the line is often the newest entry itself.
                let newest = usize::from(history.first().is_some_and(|newest| newest == self.text().trim()));
                self.recall(newest, self.input.clone(), history)
            }
            Some(Recalled { at, draft }) => {
                let older = (at + 1).min(history.len().saturating_sub(1));
                self.recall(older, draft, history)
            }
        }
    }

    fn recall(&mut self, at: usize, draft: Input, history: &[String]) -> Edit {
        let Some(entry) = history.get(at) else { return Edit::None };
        self.input = Input::new(entry.clone());
        self.recalled = Some(Recalled { at, draft });
        Edit::Changed
    }

    /// Puts the next or previous completion into the text. A single one is accepted at once.
    fn step(&mut self, forward: bool) -> Edit {
        if self.completions.items.is_empty() {
            return Edit::None;
        }
        let typed = self.typed.take().unwrap_or_else(|| self.input.clone());
        self.completions.step(forward);
        self.input = match self.completions.highlighted() {
            None => typed.clone(),
            Some(candidate) => completed(typed.value(), &self.completions, &candidate.insert),
        };
        self.typed = Some(typed);
        self.recalled = None;
        if self.completions.items.len() == 1 { Edit::Changed } else { Edit::Stepped }
    }
}

/// Returns the text with the completion in it, and the cursor behind that.
fn completed(typed: &str, completions: &Completions, insert: &str) -> Input {
    let before = typed.get(..completions.at.start).unwrap_or_default();
    let after = typed.get(completions.at.end..).unwrap_or_default();
    let cursor = before.chars().count() + insert.chars().count();
    Input::new([before, insert, after].concat()).with_cursor(cursor)
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
