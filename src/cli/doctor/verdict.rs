//! The last line of the report: whether the BBS is usable, and for what; or which step fails, and what to do.

use super::names::{CALLS, SETTINGS};
use crate::cli::steps::{Steps, Verdict};

/// The conclusion from all steps.
pub(super) struct Conclusion {
    /// The sentences, which have no foreign text.
    pub(super) text: String,
    /// What to do, if anything.
    pub(super) advice: String,
}

/// Concludes from the steps whether the BBS is usable. `can_write` is whether the target allows changes.
pub(super) fn conclude(steps: &Steps, can_write: bool) -> Conclusion {
    let [ping, _, list, events, _] = CALLS;
    match steps.first_failure() {
        Some(failed) if !steps.has_passed(ping) || !steps.has_passed(list) => {
            let text = format!("This BBS is not usable: {} failed.", failed.name);
            let advice = match (&*failed.name, failed.advice.is_empty()) {
                (SETTINGS, true) => {
                    "correct what it says; `taskdeck config check` lists every error of the file".to_owned()
                }
                _ => failed.advice.clone(),
            };
            Conclusion { text, advice }
        }
        failed => {
            let advice =
                failed.map(|step| format!("{} failed: {}", step.name, step.advice)).unwrap_or_default();
            Conclusion { text: usable(steps.has_passed(events), can_write, steps), advice }
        }
    }
}

fn usable(can_follow: bool, can_write: bool, steps: &Steps) -> String {
    let possible = match (can_follow, can_write) {
        (true, true) => "listed, followed and changed",
        (true, false) => "listed and followed, not changed: the target is read-only",
        (false, true) => "listed and changed, not followed",
        (false, false) => "listed, not followed, and not changed: the target is read-only",
    };
    let warnings = match steps.count(Verdict::Doubtful) {
        0 => String::new(),
        1 => " Heed the warning.".to_owned(),
        number => format!(" Heed the {number} warnings."),
    };
    format!("This BBS is usable: tasks can be {possible}.{warnings}")
}

impl Conclusion {
    /// Returns the text and the advice.
    pub(super) fn sentences(&self) -> String {
        if self.advice.is_empty() { self.text.clone() } else { format!("{}\n-> {}", self.text, self.advice) }
    }
}
