//! What a session does with a message, and what it requests as time passes.

use std::time::Duration;

use crate::clock::Now;
use crate::model::{Fault, RawDefinition, StreamItem, Task, TaskGuid};

use super::{Session, Standing};
use crate::app::feed::HIDDEN_FACTOR;
use crate::app::{Applied, Mark, Notices, SessionEffect, SessionMsg, Severity};

/// Time between two requests for the domains and the cells.
const PRESENCE_INTERVAL: Duration = Duration::from_secs(15);

impl Session {
    /// Takes a message, and returns what to do next.
    pub(in crate::app) fn update(
        &mut self,
        msg: SessionMsg,
        notices: &mut Notices,
        now: Now,
    ) -> Vec<SessionEffect> {
        if msg.proves_server_up() {
            self.feed.heard(now);
        }
        match msg {
            SessionMsg::Requested { guid, call, request } => self.requested(&guid, call, request, now),
            SessionMsg::Acted { guid, step, result } => return self.acted(guid, step, result, notices, now),
            SessionMsg::Desired { guid, result } => return self.desired(guid, &result, notices, now),
            SessionMsg::Got { guid, mark, result } => self.got(&guid, mark, result, notices, now),
            SessionMsg::Decoded { guid, result } => self.decoded(&guid, result),
            SessionMsg::Pinged(result) => self.feed.pinged(result),
            SessionMsg::Domains(result) => {
                self.presence_answered();
                self.fresh_domains.take(result.map(|all| all.into_iter().map(|domain| (domain, ()))), now);
            }
            SessionMsg::Cells(result) => {
                self.presence_answered();
                self.cells.take(result.map(|all| all.into_iter().map(|cell| (cell.id.clone(), cell))), now);
                self.look_for_absent_cells();
                if self.store.learn_zones(self.cells.iter().map(|(id, cell)| (id, cell.zone.as_str()))) {
                    self.query.zones_changed();
                }
            }
            msg => self.hear(msg, notices, now),
        }
        Vec::new()
    }

    fn presence_answered(&mut self) {
        self.presence_revision += 1;
        self.presence_awaited = self.presence_awaited.saturating_sub(1);
    }

    fn look_for_absent_cells(&mut self) {
        self.store.learn_absent(|cell| self.cells.of(cell) == Standing::Absent);
    }

    /// Takes messages of the feed: of lists and of the stream.
    fn hear(&mut self, msg: SessionMsg, notices: &mut Notices, now: Now) {
        match msg {
            SessionMsg::ListOpened { mark, expected, server_time } => {
                self.feed.list_opened(mark, expected, server_time, now);
                self.recorder.statistics.learn_server_time(self.feed.server_now(now), now.wall);
            }
            SessionMsg::ListPart { mark, tasks, received } if self.feed.expects_list(mark) => {
                self.feed.list_grew(mark, received, tasks.len());
                self.take_listed(mark, tasks, now);
            }
            SessionMsg::ListDone { mark, filter, received } if self.feed.expects_list(mark) => {
                let is_first = !self.feed.has_listed();
                self.healed += self.store.finish_list(mark, &filter, now.wall, &mut self.recorder);
                self.feed.list_done(mark, received, std::mem::take(&mut self.healed), now);
                if is_first {
                    // The cells may have come before the tasks that run on them.
                    self.look_for_absent_cells();
                }
            }
            SessionMsg::ListFailed { mark, fault } if self.feed.expects_list(mark) => {
                self.healed = 0;
                if self.feed.has_listed() && self.feed.list_fault().is_none() {
                    let text =
                        format!("Could not refresh the list; showing the last known tasks. Cause: {fault}.");
                    self.report_problem(Severity::Bad, text, notices, now);
                }
                self.feed.list_failed(mark, fault, now);
            }
            SessionMsg::StreamOpened(stream) if self.feed.expects_stream(stream) => {
                self.feed.stream_opened(stream, now);
                self.store.resume_stream(now.wall);
            }
            SessionMsg::StreamItems(stream, items) if self.feed.expects_stream(stream) => {
                self.take_items(items, now);
            }
            SessionMsg::StreamEnded(stream, fault) if self.feed.expects_stream(stream) => {
                self.lose_stream(fault.as_ref(), notices, now);
            }
            // What is left is late: the list or the stream was given up.
            _ => {}
        }
    }

    fn take_listed(&mut self, mark: Mark, tasks: Vec<Task>, now: Now) {
        for task in tasks {
            let applied = self.store.apply_listed(mark, task, now.wall, &mut self.recorder);
            self.healed += usize::from(applied == Applied::Changed);
        }
    }

    fn take_items(&mut self, items: Vec<StreamItem>, now: Now) {
        self.feed.stream_heard();
        for item in items {
            match item {
                StreamItem::Event(event) => {
                    let by_us = self.pending.is_deleting(event.task());
                    self.store.apply_event(event, by_us, now.wall, &mut self.recorder);
                }
                StreamItem::Skipped(_) => self.skipped_events += 1,
            }
        }
    }

    fn lose_stream(&mut self, fault: Option<&Fault>, notices: &mut Notices, now: Now) {
        if self.feed.is_live() {
            let why = match fault {
                // It had been open, so the call that opened it did not fail.
                Some(fault) => format!("The event stream broke: {}", fault.kind),
                None => "The server ended the event stream".to_owned(),
            };
            let request = fault.and_then(|fault| fault.request);
            let request = request.map(|id| format!(" (request {id})")).unwrap_or_default();
            let text = format!("{why}{request}. The next list will show what happened since then.");
            self.store.open_gap(&why, now.wall, &mut self.recorder);
            self.report_problem(Severity::Warn, text, notices, now);
        }
        self.feed.stream_ended(fault, now);
    }

    /// Forgets actions that ended long enough ago, and requests the domains and the cells when they are due.
    pub(in crate::app) fn tick(&mut self, now: Now) -> Vec<SessionEffect> {
        self.pending.tidy(now);
        self.store.pass_time(now.wall);
        if self.feed.has_listed() {
            self.recorder.statistics.pass_time(now.wall);
        }
        let interval = if self.is_shown { PRESENCE_INTERVAL } else { PRESENCE_INTERVAL * HIDDEN_FACTOR };
        let is_due = self.presence_asked_at.is_none_or(|asked_at| now.mono >= asked_at + interval);
        // A server that hangs must not collect requests, however long the client waits for an answer.
        let is_awaited = self.presence_awaited > 0;
        if !is_due || is_awaited || !self.feed.has_listed() || self.feed.is_played() {
            return Vec::new();
        }
        self.presence_asked_at = Some(now.mono);
        self.presence_awaited = 2;
        vec![SessionEffect::ListDomains, SessionEffect::ListCells]
    }

    /// Returns what follows from the state as it is now, whatever the message was.
    pub(in crate::app) fn advance(
        &mut self,
        is_typing: bool,
        notices: &mut Notices,
        now: Now,
    ) -> Vec<SessionEffect> {
        self.query.pass_time(self.feed.server_now(now));
        self.recorder.failures.pass_time(self.feed.server_now(now));
        let scope = self.list_scope(is_typing);
        let store = &mut self.store;
        let mut due = self.feed.due(now, &scope, || store.mark());
        if let Some(problem) = due.problem {
            self.store.open_gap(problem.trim_end_matches('.'), now.wall, &mut self.recorder);
            self.report_problem(Severity::Warn, problem, notices, now);
        }
        self.claim_deletions(now);
        self.update_feed_notice(notices, now);
        due.effects.extend(self.advance_run(notices, now));
        due.effects
    }

    /// Requests a list for the changed filter, unless the stream is live: then every task is known.
    pub(in crate::app) fn scope_changed(&mut self, now: Now) {
        if !self.feed.is_live() {
            self.feed.list_now(now);
        }
    }

    /// Brings the rows up to date.
    pub(in crate::app) fn refresh_rows(&mut self) {
        self.query.refresh(&mut self.store, self.feed.has_listed());
    }

    /// Brings rows and detail up to date before a frame, once for all that was taken in since the last one.
    /// Returns a definition that is to be decoded for it.
    pub(in crate::app) fn before_frame(&mut self) -> Option<(TaskGuid, RawDefinition)> {
        self.refresh_rows();
        self.follow_anchor();
        self.refresh_detail()
    }
}
