//! A yes-or-no question: when an answer to it counts, and which keys answer.
//!
//! Pure: the caller says when the question was first on the screen and when each key was read. Must not depend on what
//! is asked.

use std::time::Duration;

use super::key::{Key, KeyCode};

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

/// The state of a yes-or-no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Confirmation {
    highlighted: Answer,
    shown_at: Option<Duration>,
    too_soon: bool,
}

impl Confirmation {
    /// Returns the answer that Enter gives. Initially `No`.
    pub const fn highlighted(self) -> Answer {
        self.highlighted
    }

    /// Returns whether the last key was ignored because it came too soon.
    pub const fn too_soon(self) -> bool {
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
        match key.code {
            // Only without modifiers: Esc followed at once by `y` is read as Alt-y, and Esc means no.
            KeyCode::Char('y') if key == Key::char('y') => return Some(Answer::Yes),
            KeyCode::Char('n' | 'q') | KeyCode::Esc => return Some(Answer::No),
            KeyCode::Enter => return Some(self.highlighted),
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Left | KeyCode::Right => {
                self.highlighted = match self.highlighted {
                    Answer::Yes => Answer::No,
                    Answer::No => Answer::Yes,
                };
            }
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: Duration = Duration::from_secs(7);

    fn shown() -> Confirmation {
        let mut question = Confirmation::default();
        question.shown(SHOWN);
        question
    }

    #[test]
    fn ignores_keys_before_the_question_is_on_the_screen() {
        let mut question = Confirmation::default();
        assert_eq!(question.press(Key::char('y'), SHOWN * 2), None);
        assert!(question.too_soon());
        question.shown(SHOWN);
        assert_eq!(question.press(Key::char('y'), SHOWN / 2), None, "read earlier, taken from a queue later");
        assert!(question.too_soon());
    }

    #[test]
    fn ignores_every_key_that_comes_too_soon() {
        let keys = [KeyCode::Char('y'), KeyCode::Char('n'), KeyCode::Esc, KeyCode::Enter, KeyCode::Tab];
        for code in keys {
            let mut question = shown();
            let read_at = SHOWN + ANSWER_AFTER * 99 / 100;
            assert_eq!(question.press(Key::plain(code), read_at), None, "{code:?}");
            assert!(question.too_soon() && question.highlighted() == Answer::No, "{code:?}");
        }
    }

    #[test]
    fn later_keys_answer() {
        let at = SHOWN + ANSWER_AFTER;
        let mut question = shown();
        question.shown(at);
        assert_eq!(question.press(Key::char('x'), at), None);
        assert!(!question.too_soon(), "a key that is no answer, but not too soon");
        assert_eq!(question.press(Key::char('y'), at), Some(Answer::Yes), "later frames change nothing");
        assert_eq!(question.press(Key::plain(KeyCode::Esc), at), Some(Answer::No));
        assert_eq!(question.press(Key::plain(KeyCode::Enter), at), Some(Answer::No));
        question.press(Key::plain(KeyCode::Tab), at);
        assert_eq!(question.press(Key::plain(KeyCode::Enter), at), Some(Answer::Yes));
    }
}
