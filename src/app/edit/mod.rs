//! New tasks, from the editor to the question: a template or a clone is written, edited, read back and confirmed.
//!
//! Pure: the editor is an [`Effect`], and how the text of a task is written and read is given as functions
//! ([`TaskDocuments`]), because only `bbs` knows the format. What follows a yes is the session's. A text that was edited and
//! not sent is kept as a draft, which the next new task starts from.

mod diff;
mod documents;
mod guids;
mod question;

use crate::clock::Now;
use crate::model::{DROPPED_DEFINITION, NewTask};

use super::commands::{Command, with_remedy};
use super::{App, Effect, Overlay, SessionId, Severity};

pub use diff::{Diff, DiffLine, LineChange};
pub use documents::{DocumentText, EditorEnd, TaskDocuments};
use guids::FreshGuids;
pub use question::DesireQuestion;

/// What a new task is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftOrigin {
    /// The template.
    Template,
    /// Another task, which stays as it is.
    Clone(NewTask),
}

/// The text of a new task, before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    origin: DraftOrigin,
    text: DocumentText,
    state: DraftState,
}

/// How far a text is. It decides what it means if the text comes back from the editor as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DraftState {
    /// Nobody has edited it: the operator wants nothing after all.
    Untouched,
    /// It has faults, which are in it as comments: the operator gives up.
    Faulty,
    /// It was edited: the operator wants it as it is.
    Edited,
}

/// Writes new tasks: the format of their text, their guids, and the text that is being edited.
pub(super) struct TaskEditor {
    documents: TaskDocuments,
    guids: FreshGuids,
    /// The text in the editor, and the session that it is for.
    open: Option<(SessionId, Draft)>,
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
        let draft = self.session().draft.clone().unwrap_or_else(|| {
            let text = (self.editor.documents.template)(&self.editor.guids.next());
            Draft::untouched(DraftOrigin::Template, text)
        });
        self.open_editor(self.shown_session(), draft)
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
        match (self.editor.documents.copy_of)(&source, &self.editor.guids.next()) {
            Ok(text) => {
                let (guid, domain, definition) = (source.guid, source.domain, source.definition);
                let origin = DraftOrigin::Clone(NewTask { guid, domain, definition });
                self.open_editor(self.shown_session(), Draft::untouched(origin, text))
            }
            Err(why) => {
                self.notices.say(Severity::Bad, format!("Cannot clone {}: {why}", source.guid), now);
                Vec::new()
            }
        }
    }

    fn open_editor(&mut self, session: SessionId, draft: Draft) -> Vec<Effect> {
        let text = draft.text.clone();
        self.editor.open = Some((session, draft));
        vec![Effect::Edit(text)]
    }

    /// Takes the text back from the editor: asks for confirmation, opens it again with its faults, or says why nothing is
    /// sent.
    pub(super) fn edited(&mut self, end: EditorEnd, now: Now) -> Vec<Effect> {
        let Some((session, opened)) = self.editor.open.take() else { return Vec::new() };
        match end {
            EditorEnd::Failed { why, text } => {
                let advice = self.keep_draft(session, opened.with(text));
                let said = format!("The editor failed, so nothing was sent: {why}.{advice}");
                self.notices.say(Severity::Bad, said, now);
                Vec::new()
            }
            EditorEnd::Closed(text) if text.is_blank() => {
                self.drop_draft(session);
                self.notices.say(Severity::Info, "The text is empty, so nothing was sent.", now);
                Vec::new()
            }
            EditorEnd::Closed(text) => self.closed(session, opened.with(Some(text)), now),
        }
    }

    /// Goes on with the text of an editor that has closed.
    fn closed(&mut self, session: SessionId, draft: Draft, now: Now) -> Vec<Effect> {
        match draft.state {
            DraftState::Edited => return self.review(session, draft),
            DraftState::Untouched => {
                let said = "The text is unchanged, so nothing was sent. If your editor returns at once, set one \
                            that waits, such as EDITOR=\"code --wait\".";
                self.notices.say(Severity::Info, said, now);
            }
            DraftState::Faulty => {
                let advice = self.keep_draft(session, draft);
                let said = format!("The text still has errors, so nothing was sent.{advice}");
                self.notices.say(Severity::Warn, said, now);
            }
        }
        Vec::new()
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
                let asking = (self.sessions.read_summary(), self.confirmation_in(session, 1));
                let question = DesireQuestion::new(session, task, draft, &documents, asking);
                self.overlay = Overlay::Desire(Box::new(question));
                Vec::new()
            }
            Err(faults) => {
                let text = DocumentText::new((documents.annotate)(draft.text.as_str(), &faults));
                self.open_editor(session, Draft { text, state: DraftState::Faulty, ..draft })
            }
        }
    }

    /// Sends the task that was confirmed, in the session that it was written for, whichever is shown now.
    fn desire(&mut self, question: DesireQuestion, now: Now) -> Vec<Effect> {
        let DesireQuestion { session: id, task, draft, .. } = question;
        let guid = task.guid.clone();
        let is_fresh = self.editor.guids.made(&guid);
        let Some(session) = self.sessions.get_mut(id) else {
            let said = format!("Nothing was sent for {guid}: its target was closed.");
            self.notices.say(Severity::Warn, said, now);
            return Vec::new();
        };
        match session.desire(task, is_fresh, draft, now) {
            Ok(effect) => vec![Effect::Session(id, effect)],
            Err((why, draft)) => {
                let advice = self.keep_draft(id, draft);
                let why = with_remedy(why, &self.keymap);
                let said = format!("Nothing was sent for {guid}: {why}.{advice}");
                self.notices.say(Severity::Warn, said, now);
                Vec::new()
            }
        }
    }

    /// Keeps a text for the next new task, unless nobody has edited it. Returns how to get at it, as a sentence.
    fn keep_draft(&mut self, session: SessionId, draft: Draft) -> String {
        let Some(session) = self.sessions.get_mut(session).filter(|_| draft.state != DraftState::Untouched)
        else {
            return String::new();
        };
        session.draft = Some(draft);
        let key = self.keymap.keys(Command::NewTask).next();
        key.map_or(String::new(), |key| format!(" {key} opens your text again."))
    }

    fn drop_draft(&mut self, session: SessionId) {
        if let Some(session) = self.sessions.get_mut(session) {
            session.draft = None;
        }
    }
}

impl Draft {
    fn untouched(origin: DraftOrigin, text: String) -> Self {
        Self { origin, text: DocumentText::new(text), state: DraftState::Untouched }
    }

    /// Returns the draft with the text that an editor left, if it left one.
    fn with(self, text: Option<DocumentText>) -> Self {
        match text {
            Some(text) if text != self.text => Self { text, state: DraftState::Edited, ..self },
            Some(_) | None => self,
        }
    }
}
