//! The file of the saved state: what is read can be written, and is then the same.

use taskdeck::state::SavedState;

use super::{assert_names_a_line, text};

/// Takes a file.
pub fn check(input: &[u8]) {
    let text = text(input);
    match SavedState::parse(&text) {
        Ok(state) => {
            let written = state.to_text().expect("it is written as it was read");
            assert_eq!(SavedState::parse(&written), Ok(state), "{written}");
        }
        Err(problem) => assert_names_a_line(&problem, &text),
    }
}
