//! The animated picture: an operator finds the sick cell and cancels a task on it, in 20 seconds.
//!
//! The app is the real one. Its time is the script's, and the events are those of [`foundation`].

use std::collections::VecDeque;
use std::time::Duration;

use super::film::{Caption, Screen, film};
use super::foundation::{self, Happening};
use super::*;
use crate::app::key::{Key, KeyCode};
use crate::app::{Effect, Mark, SessionEffect, StreamId};
use crate::clock::Now;
use crate::model::lifecycle::Step;
use crate::model::{Cell, TaskGuid};

const LENGTH: Duration = Duration::from_secs(20);
/// The dashboard draws a steady stream of events ten times a second.
const FRAME: Duration = Duration::from_millis(100);
const SIZE: (u16, u16) = (132, 30);
/// How long the simulated BBS takes to answer.
const ANSWER: Duration = Duration::from_millis(60);

/// The keys of the script: when each is pressed, and what the caption then says.
const KEYS: [(u64, &str, Caption); 8] = [
    (7_600, "2", caption("2", "what fails, and what it has in common")),
    (11_000, "\n", caption("Enter", "the tasks behind it")),
    (12_600, "x1", caption("x 1", "back to all tasks that the BBS holds")),
    (13_300, "/", caption("/", "filter: what has been on that cell for long?")),
    (15_700, "\n", caption("Enter", "apply the filter")),
    (16_200, "G", caption("G", "the oldest one still runs")),
    (16_700, "C", caption("C", "cancel it: capitals act, and ask first")),
    (18_200, "y", caption("y", "sent once, then looked up")),
];
/// What is typed into the filter, a letter at a time.
const FILTER: (u64, u64, &str) = (13_600, 90, "cell:cell-04 age:>20m");
const OPENING: Caption = caption("taskdeck", "live: tasks come and go");
const STORM: (u64, Caption) = (4_600, caption("", "something fails…"));

const fn caption(keys: &'static str, text: &'static str) -> Caption {
    Caption { keys, text }
}

/// What is still to come, in order.
enum Input {
    Key(KeyCode),
    Caption(Caption),
    Event(Box<StreamItem>),
    Acted { guid: TaskGuid, step: Step },
    Got { guid: TaskGuid, mark: Mark },
}

struct Session {
    app: App,
    stream: StreamId,
    now: Now,
    screens: Vec<Screen>,
    ui: UiState,
    caption: Caption,
    inputs: VecDeque<(Duration, Input)>,
}

/// Returns the keys of the script with their captions, and the events, in the order of time.
fn inputs(happenings: Vec<Happening>) -> VecDeque<(Duration, Input)> {
    let mut inputs: Vec<_> =
        happenings.into_iter().map(|(at, item)| (at, Input::Event(Box::new(item)))).collect();
    inputs.push((STORM.0, Input::Caption(STORM.1)));
    for (at, keys, caption) in KEYS {
        inputs.push((at, Input::Caption(caption)));
        inputs.extend(keys.chars().map(|c| (at, Input::Key(key(c)))));
    }
    let (first, step, text) = FILTER;
    inputs.extend((0..).zip(text.chars()).map(|(nth, c)| (first + nth * step, Input::Key(key(c)))));
    inputs.sort_by_key(|(at, _)| *at);
    inputs.into_iter().map(|(at, input)| (Duration::from_millis(at), input)).collect()
}

fn key(c: char) -> KeyCode {
    if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) }
}

impl Session {
    fn play() -> Vec<Screen> {
        let (tasks, happenings) = foundation::script(noon());
        let (mut app, stream) = live(tasks);
        let zoned = |nth| Cell { zone: format!("z{}", (nth + 2) % 3 + 1), ..cell(&format!("cell-{nth:02}")) };
        let cells = (1..=6).map(zoned).collect();
        app.update(Msg::Session(app.shown_session(), SessionMsg::Cells(Ok(cells))), noon());
        let domains = ["batch", "cf-app-staging", "cf-tasks"].map(Domain::from).to_vec();
        app.update(Msg::Session(app.shown_session(), SessionMsg::Domains(Ok(domains))), noon());
        let mut session = Self {
            app,
            stream,
            now: noon(),
            screens: Vec::new(),
            ui: UiState::new(Colours::Full),
            caption: OPENING,
            inputs: inputs(happenings),
        };
        let mut at = Duration::ZERO;
        while at < LENGTH {
            session.run_until(at);
            session.draw(at);
            at += FRAME;
        }
        session.screens
    }

    /// Takes in what happens up to this time.
    fn run_until(&mut self, at: Duration) {
        while self.inputs.front().is_some_and(|(when, _)| *when <= at) {
            let (when, input) = self.inputs.pop_front().expect("there is a first one");
            self.now = noon().plus(when);
            self.take_in(input);
        }
        self.now = noon().plus(at);
        self.update(Msg::Tick);
    }

    fn take_in(&mut self, input: Input) {
        match input {
            Input::Caption(caption) => self.caption = caption,
            Input::Key(code) => self.update(Msg::Key(Key::plain(code), self.now.mono)),
            Input::Event(item) => self.tell(SessionMsg::StreamItems(self.stream, vec![*item])),
            Input::Acted { guid, step } => self.tell(SessionMsg::Acted { guid, step, result: Ok(()) }),
            Input::Got { guid, mark } => {
                let found = self.cancelled(&guid);
                self.tell(SessionMsg::Got { guid, mark, result: Ok(Some(found)) });
            }
        }
    }

    fn tell(&mut self, msg: SessionMsg) {
        let shown = self.app.shown_session();
        self.update(Msg::Session(shown, msg));
    }

    /// Updates the app, and answers its requests as a BBS would.
    fn update(&mut self, msg: Msg) {
        let at = self.now.wall.since(noon().wall) + ANSWER;
        for effect in self.app.update(msg, self.now) {
            let answer = match effect {
                Effect::Session(_, SessionEffect::Act { guid, step }) => Input::Acted { guid, step },
                Effect::Session(_, SessionEffect::Get { guid, mark }) => Input::Got { guid, mark },
                _ => continue,
            };
            let place = self.inputs.partition_point(|(when, _)| *when <= at);
            self.inputs.insert(place, (at, answer));
        }
        self.app.before_frame();
    }

    /// Returns the task as the BBS has it after the cancel.
    fn cancelled(&self, guid: &TaskGuid) -> Task {
        let before = self.app.selected().filter(|entry| entry.task.guid == *guid).unwrap();
        Task {
            state: State::Completed,
            cell: None,
            failed: true,
            failure_reason: "task was cancelled".into(),
            updated_at: self.now.wall,
            first_completed_at: self.now.wall,
            ..before.task.clone()
        }
    }

    /// Keeps what is drawn at this time, if it differs from the last screen.
    fn draw(&mut self, at: Duration) {
        let cells = frame(&self.app, &mut self.ui, self.now, SIZE);
        self.app.frame_shown(self.now);
        let is_new = |last: &Screen| last.cells != cells || last.caption != self.caption;
        if self.screens.last().is_none_or(is_new) {
            self.screens.push(Screen { at, cells, caption: self.caption });
        }
    }
}

/// Returns the text of the last screen before this time, in milliseconds.
fn seen(screens: &[Screen], at: u64) -> String {
    let before = screens.iter().rev().find(|screen| screen.at < Duration::from_millis(at));
    text(&before.expect("a screen").cells)
}

#[test]
fn the_picture_of_the_session_is_what_is_drawn() {
    let screens = Session::play();
    for (at, shown) in [
        (4_000, "live"),
        (7_600, "failed to create contain"),
        (11_000, "cell cell-04"),
        (12_600, "failed to create contain"),
        (16_200, "/cell:cell-04 age:>20m"),
        (18_200, "Cancel task "),
        (20_000, " is cancelled."),
        (20_000, "task was cancelled"),
    ] {
        let drawn = seen(&screens, at);
        assert!(drawn.contains(shown), "{at}: {shown}\n{drawn}");
    }
    let still = screens.iter().position(|screen| screen.at >= Duration::from_secs(10)).unwrap();
    let drawn = film("An operator finds a sick cell, and cancels a task on it", &screens, LENGTH, still);
    assert!(drawn.len() < 1_500_000, "{} bytes", drawn.len());
    assert_current("session.svg", &drawn);
}
