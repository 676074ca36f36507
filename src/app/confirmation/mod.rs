//! A question: when an answer to it counts, and which keys answer. It is answered with yes or no, or by typing a word.
//!
//! Pure: the caller says when the question was first on the screen and when each key was read. Must not depend on what
//! is asked.

#[cfg(test)]
mod tests;
mod typed;

use std::time::Duration;

use super::key::{Key, KeyCode};

pub use typed::Typed;

/// Keys read less than this long after the question appeared are ignored. Nobody reads a question faster, but an
/// unbracketed paste, a burst over a slow link or a late reply of the terminal can arrive within this time.
pub const ANSWER_AFTER: Duration = Duration::from_millis(250);

/// An answer to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answer {
    /// Go ahead.
    Yes,
    /// Do nothing.
    #[default]
    No,
}

/// The state of a question. By default, it is answered with yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Confirmation {
    form: Form,
    shown_at: Option<Duration>,
    too_soon: bool,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// With yes or no. Enter gives the answer that is highlighted, initially no.
    YesNo(Answer),
    /// By typing a word.
    Typed(Typed),
}

impl Default for Form {
    fn default() -> Self {
        Self::YesNo(Answer::default())
    }
}

impl Confirmation {
    /// Returns a question that only `wanted`, typed in full, answers with yes. `what` names it in the question.
    pub fn by_typing(what: &'static str, wanted: impl Into<String>) -> Self {
        Self { form: Form::Typed(Typed::new(what, wanted.into())), ..Self::default() }
    }

    /// Returns how the question is answered, and how far the answer is.
    pub const fn form(&self) -> &Form {
        &self.form
    }

    /// Returns whether the last key was ignored because it came too soon.
    pub const fn too_soon(&self) -> bool {
        self.too_soon
    }

    /// Records that a frame with the question is on the screen.
    pub(super) fn shown(&mut self, at: Duration) {
        self.shown_at.get_or_insert(at);
    }

    /// Handles a key that was read at `read_at`. Returns the answer if the key gives one.
    pub(super) fn press(&mut self, key: Key, read_at: Duration) -> Option<Answer> {
        self.too_soon = self.shown_at.is_none_or(|shown_at| read_at < shown_at + ANSWER_AFTER);
        if self.too_soon {
            return None;
        }
        match &mut self.form {
            Form::YesNo(highlighted) => press_yes_no(highlighted, key),
            Form::Typed(typed) => typed.press(key),
        }
    }
}

fn press_yes_no(highlighted: &mut Answer, key: Key) -> Option<Answer> {
    match key.code {
        // Only without modifiers: Esc followed at once by `y` is read as Alt-y, and Esc means no.
        KeyCode::Char('y') if key == Key::char('y') => return Some(Answer::Yes),
        KeyCode::Char('n' | 'q') | KeyCode::Esc => return Some(Answer::No),
        KeyCode::Enter => return Some(*highlighted),
        KeyCode::Tab | KeyCode::BackTab | KeyCode::Left | KeyCode::Right => {
            *highlighted = match highlighted {
                Answer::Yes => Answer::No,
                Answer::No => Answer::Yes,
            };
        }
        _ => {}
    }
    None
}
