//! The question before a task is created: the task, how it differs from its source, and warnings.

use std::time::Duration;

use crate::clock::Now;
use crate::model::secret::host;
use crate::model::{NewTask, ReadSummary, controller_that_cancels};

use super::{Diff, Draft, DraftOrigin, TaskDocuments};
use crate::app::confirmation::{Answer, Confirmation, Form};
use crate::app::key::Key;
use crate::app::{App, Effect, Overlay, SessionId, Severity};

/// The question before a task is created. What it holds is sent if the answer is yes, whatever changes on the screen.
#[derive(Debug, Clone)]
pub struct DesireQuestion {
    /// The session that creates the task.
    pub session: SessionId,
    /// The task.
    pub task: NewTask,
    /// How it differs from its source; all lines if it has none.
    pub diff: Diff,
    /// What the operator should know before the answer.
    pub warnings: Vec<String>,
    /// How many lines of the difference are scrolled out of sight.
    pub scroll: usize,
    /// The answer so far.
    pub confirmation: Confirmation,
    pub(super) draft: Draft,
}

impl DesireQuestion {
    pub(super) fn new(
        session: SessionId,
        task: NewTask,
        draft: Draft,
        documents: &TaskDocuments,
        (read_summary, confirmation): (ReadSummary, Confirmation),
    ) -> Self {
        let lines = (documents.lines)(&task);
        let diff = match &draft.origin {
            DraftOrigin::Template => Diff::all(&lines),
            DraftOrigin::Clone(source) => Diff::between(&(documents.lines)(source), &lines),
        };
        let warnings = warnings(&task, &draft.origin, documents, read_summary);
        Self { session, task, diff, warnings, scroll: 0, confirmation, draft }
    }

    /// Returns what the task was made from.
    pub const fn origin(&self) -> &DraftOrigin {
        &self.draft.origin
    }
}

fn warnings(
    task: &NewTask,
    origin: &DraftOrigin,
    documents: &TaskDocuments,
    read_summary: ReadSummary,
) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(controller) = controller_that_cancels(&task.domain) {
        warnings.push(format!(
            "{controller} cancels tasks in {} that it did not create: this one will be cancelled soon.",
            task.domain
        ));
    }
    let summary = read_summary(&task.definition);
    if !summary.callback_url.is_empty() {
        let host = host(&summary.callback_url);
        warnings.push(format!("When the task ends, the BBS calls {host} and deletes the task."));
    }
    if let DraftOrigin::Clone(source) = origin {
        let lost = (documents.losses)(&source.definition);
        if !lost.is_empty() {
            warnings.push(format!("Not copied from the source: {}.", lost.join("; ")));
        }
    }
    warnings
}

impl App {
    /// Handles a key in the question: an answer, scrolling, or `e` to edit the text again.
    pub(in crate::app) fn press_in_desire(
        &mut self,
        mut question: Box<DesireQuestion>,
        key: Key,
        read_at: Duration,
        now: Now,
    ) -> Vec<Effect> {
        // A word that is typed may have this letter.
        if key == Key::char('e') && matches!(question.confirmation.form(), Form::YesNo(_)) {
            return self.open_editor(question.session, question.draft);
        }
        if let Some(lines) = self.scrolls_list(key) {
            let last = question.diff.lines.len().saturating_sub(self.page);
            question.scroll = question.scroll.saturating_add_signed(lines).min(last);
        } else {
            match question.confirmation.press(key, read_at) {
                Some(Answer::Yes) => return self.desire(*question, now),
                Some(Answer::No) => {
                    let advice = self.keep_draft(question.session, question.draft);
                    self.notices.say(Severity::Info, format!("Nothing was sent.{advice}"), now);
                    return Vec::new();
                }
                None => {}
            }
        }
        self.overlay = Overlay::Desire(question);
        Vec::new()
    }

    /// Keeps the text of an open question before another overlay takes its place.
    pub(in crate::app) fn keep_open_draft(&mut self) {
        if let Overlay::Desire(question) = std::mem::take(&mut self.overlay) {
            self.keep_draft(question.session, question.draft);
        }
    }
}
