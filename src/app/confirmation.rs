//! A yes-or-no question: when an answer to it counts, and which keys answer.
//!
//! Pure: it is told when it was first on the screen and when each key was read. Knows nothing of what is asked.

use std::time::Duration;

use super::key::{Key, KeyCode};

/// An answer counts only if it was read this long after the question was on the screen, or later. A paste without brackets, a
/// burst over a slow link and a late reply of the terminal all come sooner; nobody reads a question in less.
pub const ANSWER_AFTER: Duration = Duration::from_millis(250);

/// The answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answer {
    /// Do it.
    Yes,
    /// Leave it.
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
    /// The answer that Enter gives; No at first.
    pub const fn highlighted(self) -> Answer {
        self.highlighted
    }

    /// Whether the last key came too soon to be an answer, and was dropped.
    pub const fn too_soon(self) -> bool {
        self.too_soon
    }

    /// A frame with the question is on the screen.
    pub(super) fn shown(&mut self, at: Duration) {
        self.shown_at.get_or_insert(at);
    }

    /// Takes a key that was read at `read_at`; the answer, if it is one.
    pub(super) fn press(&mut self, key: Key, read_at: Duration) -> Option<Answer> {
        self.too_soon = self.shown_at.is_none_or(|shown_at| read_at < shown_at + ANSWER_AFTER);
        if self.too_soon {
            return None;
        }
        match key.code {
            // Bare: Esc and a `y` that reach a terminal together are Alt-y, and meant as a no.
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
    fn no_key_answers_before_the_question_is_on_the_screen() {
        let mut question = Confirmation::default();
        assert_eq!(question.press(Key::char('y'), SHOWN * 2), None);
        assert!(question.too_soon());
        question.shown(SHOWN);
        assert_eq!(question.press(Key::char('y'), SHOWN / 2), None, "read earlier, taken from a queue later");
        assert!(question.too_soon());
    }

    #[test]
    fn what_comes_too_soon_is_dropped_whatever_it_is() {
        let keys = [KeyCode::Char('y'), KeyCode::Char('n'), KeyCode::Esc, KeyCode::Enter, KeyCode::Tab];
        for code in keys {
            let mut question = shown();
            let read_at = SHOWN + ANSWER_AFTER * 99 / 100;
            assert_eq!(question.press(Key::plain(code), read_at), None, "{code:?}");
            assert!(question.too_soon() && question.highlighted() == Answer::No, "{code:?}");
        }
    }

    #[test]
    fn what_comes_later_answers() {
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
