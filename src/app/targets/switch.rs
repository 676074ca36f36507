//! `:target`: shows a session of a target, and opens one first if there is none.
//!
//! A client reads certificate files, so opening takes a moment and can fail. Until there is a client, the shown session stays
//! as it is.

use std::collections::BTreeSet;

use crate::clock::Now;
use crate::suggest::did_you_mean;

use super::KnownTarget;
use crate::app::panes::{Overlay, Pane};
use crate::app::prompt::{Candidate, Note};
use crate::app::session::{Session, SessionId};
use crate::app::{App, Effect, Severity, Target};

impl App {
    /// Shows another session. An open dialog stays, and acts in the session that it was opened in.
    ///
    /// Returns whether there is a session with this id.
    pub(in crate::app) fn show_session(&mut self, id: SessionId, now: Now) -> bool {
        if id != self.shown_session() {
            // What was said last is about the other target.
            self.notices.dismiss(now);
        }
        let is_shown = self.sessions.show(id, now);
        self.shown_session_changed();
        is_shown
    }

    /// Brings the screen in line with the session that is shown now.
    pub(super) fn shown_session_changed(&mut self) {
        if self.focus == Pane::Detail && self.session().detail.is_none() {
            self.focus = Pane::Tasks;
        }
        self.place_changed();
        self.show_recorded_main();
    }

    /// Drops what the screen knows of the shown session's tasks: they are others now.
    pub(in crate::app) fn place_changed(&mut self) {
        self.events_scroll = 0;
        self.group_panes.outdate();
        self.failures.outdate();
        self.pulse.outdate();
    }

    /// Returns the targets that can be shown: those of the configuration, and those that are open.
    pub(in crate::app) fn target_candidates(&self) -> Vec<Candidate> {
        let known = self.targets.known.iter().map(|known| self.known_candidate(known));
        let is_known =
            |session: &&Session| self.targets.known.iter().any(|known| known.name == session.target.label());
        let others = self.sessions.iter().filter(|session| !is_known(session));
        known.chain(others.map(|session| self.session_candidate(session))).collect()
    }

    /// Returns the targets that are open.
    pub(in crate::app) fn open_target_candidates(&self) -> Vec<Candidate> {
        self.sessions.iter().map(|session| self.session_candidate(session)).collect()
    }

    fn known_candidate(&self, known: &KnownTarget) -> Candidate {
        if let Some(session) = self.sessions.named(&known.name) {
            return self.session_candidate(session);
        }
        let note = match &known.target {
            Ok(target) => Note::Help(format!("not open  {}", target.url)),
            Err(problem) => Note::Unavailable(problem.clone()),
        };
        Candidate::new(&known.name, note)
    }

    fn session_candidate(&self, session: &Session) -> Candidate {
        let shown = if session.id() == self.shown_session() { ", shown" } else { "" };
        let writes = if session.has_open_writes() { ", open for actions" } else { "" };
        let url = session.target.name.as_ref().map(|_| format!("  {}", session.target.url));
        let state = format!("{}{shown}{writes}{}", session.state_word(), url.unwrap_or_default());
        Candidate::with_help(session.target.label(), state)
    }

    /// Shows the target that is named, the previous one for `-`, or offers the names.
    pub(in crate::app) fn show_target_by_argument(
        &mut self,
        argument: &str,
        now: Now,
    ) -> Result<Vec<Effect>, String> {
        match argument {
            "" if self.target_candidates().len() < 2 => {
                Err("There is no other target: add a table [targets.NAME] to the configuration".to_owned())
            }
            "" => Ok(self.offer_arguments("target")),
            "-" => {
                let previous = self.sessions.previous().ok_or("No other target is open")?;
                self.show_session(previous, now);
                Ok(Vec::new())
            }
            name => {
                let name = self.whole_name(name).to_owned();
                self.show_target(&name, now)
            }
        }
    }

    fn show_target(&mut self, name: &str, now: Now) -> Result<Vec<Effect>, String> {
        if let Some(id) = self.sessions.named(name).map(Session::id) {
            self.show_session(id, now);
            return Ok(Vec::new());
        }
        let Some(known) = self.targets.known.iter().find(|known| known.name == name) else {
            let meant = did_you_mean(name, self.target_names());
            let all: BTreeSet<_> = self.target_names().collect();
            let all = all.into_iter().collect::<Vec<_>>().join(", ");
            return Err(format!("Unknown target \"{name}\".{meant} The targets are {all}"));
        };
        let target = known.target.clone()?;
        Ok(self.open_target(name, target).into_iter().collect())
    }

    /// Returns the only target's name that begins like this, or the text as it is. Nothing is guessed between `prod` and
    /// `prod-eu`, unlike in [`abbreviation`](crate::app::abbreviation): the next key may act on that target.
    fn whole_name<'a>(&'a self, typed: &'a str) -> &'a str {
        if self.target_names().any(|name| name == typed) {
            return typed;
        }
        let names: BTreeSet<_> = self.target_names().filter(|name| name.starts_with(typed)).collect();
        if names.len() == 1 { names.first().copied().unwrap_or(typed) } else { typed }
    }

    fn target_names(&self) -> impl Iterator<Item = &str> {
        let known = self.targets.known.iter().map(|known| known.name.as_str());
        known.chain(self.sessions.iter().map(|session| session.target.label()))
    }

    /// Requests a client for a target, unless that is under way.
    fn open_target(&mut self, name: &str, target: Target) -> Option<Effect> {
        if self.targets.opening.iter().any(|(_, opening)| opening.name.as_deref() == Some(name)) {
            return None;
        }
        let session = self.sessions.reserve();
        self.targets.opening.push((session, target));
        Some(Effect::OpenTarget { session, name: name.to_owned() })
    }

    /// Takes the client of a target, or why there is none. Shows the target, unless the operator has gone on to something
    /// else.
    pub(in crate::app) fn target_opened(&mut self, session: SessionId, result: Result<(), String>, now: Now) {
        let Some(at) = self.targets.opening.iter().position(|(id, _)| *id == session) else { return };
        let (_, target) = self.targets.opening.remove(at);
        let name = target.label().to_owned();
        if let Err(problem) = result {
            let text = format!("Could not open {name}: {problem}. Still on {}.", self.target().label());
            self.notices.say(Severity::Bad, text, now);
            return;
        }
        self.sessions.open(session, target, now);
        if matches!(self.overlay, Overlay::None) {
            self.show_session(session, now);
            self.restore_view(session, now);
        } else {
            self.restore_view(session, now);
            self.notices.say(Severity::Info, format!("{name} is open; :target {name} shows it."), now);
        }
    }
}
