//! Lets what is under way come further: time, requests and events, programs, the editor. Decides nothing: what comes next
//! is what the caller picks.

use std::time::Duration;

use taskdeck::app::{DocumentText, EditorEnd, Msg, ProgramEnd, SessionId};
use taskdeck::model::StreamItem;

use super::{Foreground, Stage};
use crate::line::Line;
use crate::player::Player;
use crate::targets;

const TICK: Duration = Duration::from_millis(250);
/// How often the dashboard may be woken up without time passing.
const MOST_WAKE_UPS: usize = 500;

impl Stage {
    /// Lets time pass: ticks, what the dashboard wants to be woken up for, and the client's timeouts.
    pub(crate) fn pass(&mut self, by: Duration) {
        let end = self.now.mono + by;
        while self.now.mono < end && !self.has_quit {
            let due = self.app.due().unwrap_or(Duration::MAX);
            let next = self.next_tick.min(due).clamp(self.now.mono, end);
            self.now = self.now.plus(next.saturating_sub(self.now.mono));
            if self.now.mono >= self.next_tick {
                self.next_tick = self.now.mono + TICK;
                self.handle(Msg::Tick);
            }
            self.wake_up();
            self.time_out();
        }
    }

    /// Lets the clocks jump, as after a sleep of the machine.
    pub(crate) fn sleep(&mut self, by: Duration) {
        self.now = self.now.plus(by);
        self.next_tick = self.now.mono;
        self.pass(TICK);
    }

    /// Does what is due now. It must come to an end.
    fn wake_up(&mut self) {
        let is_due =
            |stage: &Self| !stage.has_quit && stage.app.due().is_some_and(|due| due <= stage.now.mono);
        let wake_ups = (0..=MOST_WAKE_UPS).take_while(|_| {
            let is_due = is_due(self);
            if is_due {
                self.handle(Msg::Due);
            }
            is_due
        });
        assert!(wake_ups.count() <= MOST_WAKE_UPS, "the dashboard is always due");
    }

    fn time_out(&mut self) {
        let now = self.now;
        for id in self.lines.keys().copied().collect::<Vec<_>>() {
            let line = self.lines.get_mut(&id).unwrap();
            let to = line.to;
            for msg in line.time_out(&mut self.servers[to], now) {
                self.handle(Msg::Session(id, msg));
            }
            self.publish(to);
        }
    }

    /// Puts what has happened on a server on the streams to it.
    pub(crate) fn publish(&mut self, server: usize) {
        let events: Vec<_> = self.servers[server].take_events().into_iter().map(StreamItem::Event).collect();
        self.figures.events += events.len() as u64;
        let trouble = self.servers[server].trouble;
        for line in self.lines.values_mut().filter(|line| line.to == server) {
            line.publish(&events, trouble);
        }
    }

    /// Delivers some of the events of a session.
    pub(crate) fn deliver(&mut self, pick: usize, luck: u8) {
        let Some(id) = self.session(pick) else { return };
        let msg = self.lines.get_mut(&id).unwrap().deliver(luck);
        if let Some(msg) = msg {
            self.handle(Msg::Session(id, msg));
        }
    }

    /// Answers something of what a session has requested, or a part of it.
    pub(crate) fn answer(&mut self, pick: usize) {
        let Some(id) = self.session(pick) else { return };
        let line = self.lines.get_mut(&id).unwrap();
        let to = line.to;
        let msg = line.answer(pick, &mut self.servers[to], self.now);
        self.publish(to);
        if let Some(msg) = msg {
            self.handle(Msg::Session(id, msg));
        }
    }

    pub(crate) fn end_stream(&mut self, pick: usize, is_clean: bool) {
        let Some(id) = self.session(pick) else { return };
        let line = self.lines.get_mut(&id).unwrap();
        let to = line.to;
        if let Some(msg) = line.end_stream(&self.servers[to], is_clean) {
            self.handle(Msg::Session(id, msg));
        }
    }

    fn session(&self, pick: usize) -> Option<SessionId> {
        self.lines.keys().nth(pick % self.lines.len().max(1)).copied()
    }

    /// Lets everything else that is under way come one step further: targets, files, programs, readers, closed sessions.
    pub(crate) fn go_on(&mut self, pick: usize, hostile: &[String]) {
        if let Some((session, name)) = self.opening.pop() {
            let fails = pick.is_multiple_of(6);
            if !fails {
                self.lines.insert(session, Line::new(targets::server_named(&name)));
            }
            let result = if fails { Err("\u{1b}[31mno certificate".to_owned()) } else { Ok(()) };
            self.handle(Msg::TargetOpened(session, result));
        }
        if let Some(msg) = self.answers.pop() {
            self.handle(msg);
        }
        if let Some(run) = self.programs.get(pick % self.programs.len().max(1)).copied() {
            let text = &hostile[pick % hostile.len()];
            self.handle(Msg::ProgramOutput { run, bytes: format!("{text}\r\nline\n").into_bytes() });
            if pick.is_multiple_of(5) {
                self.programs.retain(|running| *running != run);
                self.handle(Msg::ProgramFinished {
                    run,
                    end: ProgramEnd::Exited(i32::from(pick.is_multiple_of(2))),
                });
            }
        }
        if let Some((seek, part)) = self.player.as_mut().and_then(Player::answer) {
            self.handle(Msg::Read(seek, part));
        }
        self.answer_closed(pick);
    }

    /// Answers writes of closed sessions. The dashboard drops the answers.
    fn answer_closed(&mut self, pick: usize) {
        let Some((id, mut line)) = self.closing.pop() else { return };
        let msg = line.answer(pick, &mut self.servers[line.to], self.now);
        self.publish(line.to);
        if line.in_flight().1 > 0 {
            self.closing.push((id, line));
        }
        if let Some(msg) = msg {
            self.handle(Msg::Session(id, msg));
        }
    }

    /// Ends the program that has the terminal.
    pub(crate) fn take_back(&mut self, luck: u8) {
        let msg = match self.foreground.take() {
            None => return,
            Some(Foreground::Editor(text)) => Msg::Edited(edited(&text, luck)),
            Some(Foreground::Program(purpose)) => {
                Msg::ProgramEnded { purpose, end: ProgramEnd::Exited(i32::from(luck % 2)) }
            }
        };
        self.handle(msg);
    }
}

/// Returns how an editor ends: with the text as it was, edited well or badly, emptied, or not at all.
fn edited(text: &DocumentText, luck: u8) -> EditorEnd {
    let text = text.as_str();
    let new = match luck % 8 {
        0 => text.to_owned(),
        1 => String::new(),
        2 => text.replacen('{', "{{", 1),
        3 => text.replacen("/bin", "", 1),
        4 => {
            return EditorEnd::Failed {
                why: "exited with status 1".into(),
                text: Some(DocumentText::new(text.to_owned() + "\n")),
            };
        }
        _ => text.replacen("hello", &format!("hello {luck}"), 1) + "\n",
    };
    EditorEnd::Closed(DocumentText::new(new))
}
