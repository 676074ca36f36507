//! The sessions: which one is shown, and which were shown before it.

use crate::clock::Now;
use crate::model::{DefinitionSummary, ReadSummary};

use super::{Session, SessionId, SessionSettings};
use crate::app::{Settings, Target};

/// The sessions, one of which is shown.
pub(in crate::app) struct Sessions {
    shown: Session,
    /// The other ones; the one that was shown last comes first.
    others: Vec<Session>,
    next_id: u32,
    settings: SessionSettings,
    read_summary: ReadSummary,
}

impl Sessions {
    /// Returns the first session, shown.
    pub(in crate::app) fn new(target: Target, settings: &Settings) -> Self {
        let settings = SessionSettings::of(settings);
        let mut shown = Session::new(SessionId::FIRST, target, &settings);
        shown.set_shown(true, Now::default());
        Self {
            shown,
            others: Vec::new(),
            next_id: SessionId::FIRST.0 + 1,
            settings,
            read_summary: |_| DefinitionSummary::default(),
        }
    }

    /// Returns an id that no session has had.
    pub(in crate::app) const fn reserve(&mut self) -> SessionId {
        let id = SessionId(self.next_id);
        self.next_id += 1;
        id
    }

    /// Opens another session, which is not shown, under a reserved id.
    pub(in crate::app) fn open(&mut self, id: SessionId, target: Target, now: Now) {
        let mut session = Session::new(id, target, &self.settings);
        session.read_summaries_with(self.read_summary);
        session.set_shown(false, now);
        self.others.push(session);
    }

    /// Begins the shown session again: it knows nothing yet, and its view stays.
    pub(in crate::app) fn begin_again(&mut self, now: Now) {
        let mut fresh = Session::new(self.shown.id, self.shown.target.clone(), &self.settings);
        fresh.read_summaries_with(self.read_summary);
        fresh.set_shown(true, now);
        self.shown = self.shown.begun_again(fresh);
    }

    /// Reads summaries of definitions with `read`, also in sessions that are opened later.
    pub(in crate::app) fn read_summaries_with(&mut self, read: ReadSummary) {
        self.read_summary = read;
        self.iter_mut().for_each(|session| session.read_summaries_with(read));
    }

    /// Returns the function that reads summaries of definitions.
    pub(in crate::app) const fn read_summary(&self) -> ReadSummary {
        self.read_summary
    }

    /// Shows another session. Returns whether there is one with this id.
    pub(in crate::app) fn show(&mut self, id: SessionId, now: Now) -> bool {
        let Some(at) = self.others.iter().position(|session| session.id == id) else {
            return self.shown.id == id;
        };
        let before = std::mem::replace(&mut self.shown, self.others.remove(at));
        self.others.insert(0, before);
        self.shown.set_shown(true, now);
        if let Some(before) = self.others.first_mut() {
            before.set_shown(false, now);
        }
        true
    }

    /// Closes a session; for the shown one, the one that was shown before it is shown again. Returns whether it is closed:
    /// the last session stays.
    pub(in crate::app) fn close(&mut self, id: SessionId, now: Now) -> bool {
        if self.shown.id == id {
            let Some(previous) = self.previous() else { return false };
            self.show(previous, now);
        }
        let before = self.others.len();
        self.others.retain(|session| session.id != id);
        self.others.len() < before
    }

    /// Returns the session that was shown before the one that is shown now.
    pub(in crate::app) fn previous(&self) -> Option<SessionId> {
        self.others.first().map(Session::id)
    }

    /// Returns the session that is shown.
    pub(in crate::app) const fn shown(&self) -> &Session {
        &self.shown
    }

    /// Returns the session that is shown.
    pub(in crate::app) const fn shown_mut(&mut self) -> &mut Session {
        &mut self.shown
    }

    /// Returns the session with this id.
    pub(in crate::app) fn get(&self, id: SessionId) -> Option<&Session> {
        self.iter().find(|session| session.id == id)
    }

    /// Returns the session with this id.
    pub(in crate::app) fn get_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        self.iter_mut().find(|session| session.id == id)
    }

    /// Returns the session of the target that operators call by this name.
    pub(in crate::app) fn named(&self, name: &str) -> Option<&Session> {
        self.iter().find(|session| session.target.label() == name)
    }

    /// Returns all sessions.
    pub(in crate::app) fn iter(&self) -> impl Iterator<Item = &Session> {
        std::iter::once(&self.shown).chain(&self.others)
    }

    /// Returns all sessions.
    pub(in crate::app) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Session> {
        std::iter::once(&mut self.shown).chain(&mut self.others)
    }
}
