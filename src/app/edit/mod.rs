//! New tasks, from the editor to the question: a template or a clone is written, edited, read back and confirmed.
//!
//! Pure: the editor is an [`Effect`], and how the text of a task is written and read is given as functions
//! ([`TaskDocuments`]), because only `bbs` knows the format. What follows a yes is the session's. A text that was edited and
//! not sent is kept as a draft, which the next new task starts from.

mod dialog;
mod diff;
mod documents;
mod guids;

use crate::clock::Now;
use crate::model::plan::Refusal;
use crate::model::{DROPPED_DEFINITION, NewTask, TaskGuid};

use super::{App, Effect, Overlay, SessionId, Severity};

pub use dialog::DesireDialog;
pub use diff::{Diff, DiffLine, LineChange};
pub use documents::{DocumentText, EditorEnd, TaskDocuments};
pub(super) use guids::FreshGuids;

/// What a new task is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The template.
    Template,
    /// Another task, which stays as it is.
    Clone(NewTask),
}

/// A text that was edited and not sent, or whose task could not be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    origin: Origin,
    text: DocumentText,
}

/// The text in the editor.
#[derive(Debug)]
struct OpenText {
    session: SessionId,
    draft: Draft,
    /// What it means if the text comes back as it was.
    unchanged: Unchanged,
}

/// What it means if a text comes back from the editor as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unchanged {
    /// The operator wants nothing after all.
    GivesUp,
    /// The operator gives up correcting its faults.
    KeepsFaults,
    /// It was edited before, and is complete.
    IsComplete,
}

/// Writes new tasks: the format of their text, their guids, and the text that is being edited.
pub(super) struct TaskEditor {
    documents: TaskDocuments,
    guids: FreshGuids,
    open: Option<OpenText>,
}

impl TaskEditor {
    /// Returns an editor that does not know the format yet.
    pub(super) fn new(guid_seed: u64) -> Self {
        Self { documents: TaskDocuments::default(), guids: FreshGuids::new(guid_seed), open: None }
    }
}

impl App {
    /// Writes and reads the text of tasks with these functions. `runtime` calls it at the start.
    pub const fn edit_tasks_with(&mut self, documents: TaskDocuments) {
        self.editor.documents = documents;
    }

    /// Opens the draft of the session, or else the template, in the editor.
    pub(super) fn begin_new_task(&mut self) -> Vec<Effect> {
        if let Some(draft) = self.session().draft.clone() {
            return self.open_editor(self.shown_session(), draft, Unchanged::IsComplete);
        }
        let guid = self.editor.guids.next();
        let text = DocumentText::new((self.editor.documents.template)(&guid));
        let draft = Draft { origin: Origin::Template, text };
        self.open_editor(self.shown_session(), draft, Unchanged::GivesUp)
    }

    /// Opens a clone of the selected task in the editor.
    pub(super) fn begin_clone(&mut self, now: Now) -> Vec<Effect> {
        let Some(entry) = self.session().subject() else { return Vec::new() };
        let source = entry.task.clone();
        if source.definition.is_dropped() {
            let text = format!("Cannot clone {}: {DROPPED_DEFINITION}", source.guid);
            self.notices.say(Severity::Warn, text, now);
            return Vec::new();
        }
        let guid = self.editor.guids.next();
        match (self.editor.documents.copy_of)(&source, &guid) {
            Ok(text) => {
                let (guid, domain, definition) = (source.guid, source.domain, source.definition);
                let origin = Origin::Clone(NewTask { guid, domain, definition });
                let draft = Draft { origin, text: DocumentText::new(text) };
                self.open_editor(self.shown_session(), draft, Unchanged::GivesUp)
            }
            Err(why) => {
                self.notices.say(Severity::Bad, format!("Cannot clone {}: {why}", source.guid), now);
                Vec::new()
            }
        }
    }

    fn open_editor(&mut self, session: SessionId, draft: Draft, unchanged: Unchanged) -> Vec<Effect> {
        let text = draft.text.clone();
        self.editor.open = Some(OpenText { session, draft, unchanged });
        vec![Effect::Edit(text)]
    }

    /// Takes the text back from the editor: asks for confirmation, opens it again with its faults, or says why nothing is
    /// sent.
    pub(super) fn edited(&mut self, end: EditorEnd, now: Now) -> Vec<Effect> {
        let Some(open) = self.editor.open.take() else { return Vec::new() };
        let text = match end {
            EditorEnd::Closed(text) => text,
            EditorEnd::Failed { why, text } => {
                let kept = text.filter(|text| *text != open.draft.text);
                let kept = kept.map(|text| Draft { text, ..open.draft });
                let advice = self.keep_draft(open.session, kept);
                let said = format!("The editor failed, so nothing was sent: {why}.{advice}");
                self.notices.say(Severity::Bad, said, now);
                return Vec::new();
            }
        };
        if text.is_blank() {
            self.drop_draft(open.session);
            self.notices.say(Severity::Info, "The text is empty, so nothing was sent.", now);
            return Vec::new();
        }
        match open.unchanged {
            Unchanged::GivesUp if text == open.draft.text => {
                let said = "The text was left as it was, so nothing was sent. If the editor did not wait, set \
                            one that does, such as EDITOR=\"code --wait\".";
                self.notices.say(Severity::Info, said, now);
                Vec::new()
            }
            Unchanged::KeepsFaults if text == open.draft.text => {
                let advice = self.keep_draft(open.session, Some(open.draft));
                let said = format!("The text still has faults, so nothing was sent.{advice}");
                self.notices.say(Severity::Warn, said, now);
                Vec::new()
            }
            _ => self.review(open.session, Draft { text, ..open.draft }),
        }
    }

    /// Reads an edited text: asks for confirmation, or opens the text again with its faults.
    fn review(&mut self, session: SessionId, draft: Draft) -> Vec<Effect> {
        let documents = self.editor.documents;
        let read = (documents.read)(draft.text.as_str()).and_then(|task| {
            let holds = self.task_in(session, &task.guid).is_some_and(|entry| entry.end.is_none());
            if holds { Err(vec![documents::guid_in_use(&task.guid)]) } else { Ok(task) }
        });
        match read {
            Ok(task) => {
                let asking = (self.sessions.read_summary(), self.confirmation_in(session));
                let dialog = DesireDialog::new(session, task, draft, &documents, asking);
                self.overlay = Overlay::Desire(Box::new(dialog));
                Vec::new()
            }
            Err(faults) => {
                let text = DocumentText::new((documents.annotate)(draft.text.as_str(), &faults));
                self.open_editor(session, Draft { text, ..draft }, Unchanged::KeepsFaults)
            }
        }
    }

    /// Sends the task that was confirmed, in the session that it was written for, whichever is shown now.
    fn desire(&mut self, dialog: DesireDialog, now: Now) -> Vec<Effect> {
        let DesireDialog { session: id, task, draft, .. } = dialog;
        let guid = task.guid.clone();
        let is_fresh = self.editor.guids.made(&guid);
        let Some(session) = self.sessions.get_mut(id) else { return Vec::new() };
        match session.desire(task, is_fresh) {
            Ok(effect) => {
                session.draft = Some(draft);
                vec![Effect::Session(id, effect)]
            }
            Err(why) => {
                let advice = self.keep_draft(id, Some(draft));
                self.say_not_created(&guid, why, &advice, now);
                Vec::new()
            }
        }
    }

    fn say_not_created(&mut self, guid: &TaskGuid, why: Refusal, advice: &str, now: Now) {
        self.notices.say(Severity::Warn, format!("Nothing was sent for {guid}: {why}.{advice}"), now);
    }

    /// Keeps a text for the next new task. Returns how to get at it, as a sentence.
    fn keep_draft(&mut self, session: SessionId, draft: Option<Draft>) -> String {
        let (Some(draft), Some(session)) = (draft, self.sessions.get_mut(session)) else {
            return String::new();
        };
        session.draft = Some(draft);
        let key = self.keymap.keys(super::commands::Command::NewTask).next();
        key.map_or(String::new(), |key| format!(" {key} opens your text again."))
    }

    fn drop_draft(&mut self, session: SessionId) {
        if let Some(session) = self.sessions.get_mut(session) {
            session.draft = None;
        }
    }
}
