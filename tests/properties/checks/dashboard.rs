//! A dashboard without a terminal: the state, the panes that are drawn, and twelve tasks of every state.

use std::sync::Arc;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::{App, Effect, Msg, Overlay, SessionEffect, SessionMsg, Settings, Target};
use taskdeck::bbs::{decode_definition, read_summary};
use taskdeck::clock::Now;
use taskdeck::model::{CellId, State, Task, TaskFilter, Timestamp};
use taskdeck::present::sanitise::is_invisible;
use taskdeck::runtime::TASK_DOCUMENTS;
use taskdeck::runtime::input::Decoded;
use taskdeck::ui::{self, Colours, UiState};

/// Time between two inputs: longer than what a question ignores.
const STEP: Duration = Duration::from_millis(300);

pub struct Dashboard {
    pub app: App,
    ui: UiState,
    now: Now,
    /// A question has been on the screen, so that a key may have confirmed a write.
    was_asked: bool,
    pub has_quit: bool,
}

impl Dashboard {
    /// Returns a dashboard that lists its tasks.
    pub fn live() -> Self {
        let wall = Timestamp::from_nanos(1_780_315_200_000_000_000);
        let now = Now { mono: Duration::from_secs(100), wall };
        let mut app = App::new(Target::default(), Settings { mouse: true, ..Settings::default() });
        app.read_summaries_with(read_summary);
        app.edit_tasks_with(TASK_DOCUMENTS);
        let ui = UiState::new(Colours::None);
        let mut dashboard = Self { app, ui, now, was_asked: false, has_quit: false };
        dashboard.list();
        dashboard
    }

    fn list(&mut self) {
        let stream = self.app.update(Msg::Tick, self.now).into_iter().find_map(|effect| match effect {
            Effect::Session(_, SessionEffect::Subscribe { stream }) => Some(stream),
            _ => None,
        });
        let opened = self.update_session(SessionMsg::StreamOpened(stream.expect("a subscription")));
        let mark = opened.into_iter().find_map(|effect| match effect {
            Effect::Session(_, SessionEffect::List { mark, .. }) => Some(mark),
            _ => None,
        });
        let mark = mark.expect("a list");
        self.update_session(SessionMsg::ListPart { mark, tasks: tasks(self.now.wall), received: 1 });
        self.update_session(SessionMsg::ListDone { mark, filter: TaskFilter::default(), received: 1 });
    }

    fn update_session(&mut self, msg: SessionMsg) -> Vec<Effect> {
        self.app.update(Msg::Session(self.app.shown_session(), msg), self.now)
    }

    /// Takes an input, as the event loop does.
    pub fn take(&mut self, input: Decoded) {
        self.now = self.now.plus(STEP);
        let read_at = self.now.mono;
        let msg = match input {
            Decoded::Key(key) => Msg::Key(key, read_at),
            Decoded::Paste(text) => Msg::Paste(text),
            Decoded::Mouse(report) => {
                let pointed = self.ui.pointed_at(report.column, report.line);
                Msg::Mouse(report.action, pointed, read_at)
            }
        };
        self.update(msg);
    }

    pub fn press(&mut self, code: KeyCode) {
        self.take(Decoded::Key(Key::plain(code)));
    }

    /// Updates the state and performs what needs nothing outside. No write may come before a question.
    fn update(&mut self, msg: Msg) {
        let mut todo = vec![msg];
        while let Some(msg) = todo.pop() {
            self.was_asked |= asks(self.app.overlay());
            for effect in self.app.update(msg, self.now) {
                assert!(self.was_asked || !writes(&effect), "{effect:?}");
                todo.extend(self.perform(effect));
            }
        }
    }

    fn perform(&mut self, effect: Effect) -> Option<Msg> {
        match effect {
            Effect::Decode { session, guid, definition } => {
                let result = decode_definition(&definition).map(Arc::new);
                Some(Msg::Session(session, SessionMsg::Decoded { guid, result }))
            }
            Effect::ToggleUnderCursor => self.ui.toggle_under_cursor(),
            Effect::Quit => {
                self.has_quit = true;
                None
            }
            _ => None,
        }
    }

    /// Draws a frame. No cell of it may hold a character that a terminal acts on or hides.
    pub fn draw(&mut self, (columns, lines): (u16, u16)) {
        if let Some(msg) = self.app.before_frame().and_then(|effect| self.perform(effect)) {
            self.update(msg);
        }
        let (app, ui, now) = (&self.app, &mut self.ui, self.app.now(self.now));
        let mut terminal = Terminal::new(TestBackend::new(columns, lines)).unwrap();
        let frame = terminal.draw(|frame| drop(ui::draw(app, ui, now, frame))).unwrap();
        for cell in &frame.buffer.content {
            let symbol = cell.symbol();
            assert!(!symbol.chars().any(|c| c.is_control() || is_invisible(c)), "{symbol:?}");
        }
        self.app.frame_shown(self.now);
        self.app.set_page(self.ui.page());
        self.app.set_overlay_bounds(self.ui.overlay_scroll());
        self.app.limit_column_scroll(self.ui.column_scroll());
        self.app.limit_output_scroll(self.ui.output_scroll());
        self.app.set_detail_bounds(self.ui.detail_lines().saturating_sub(1));
    }
}

/// Returns whether the operator is asked before something is written.
fn asks(overlay: &Overlay) -> bool {
    matches!(
        overlay,
        Overlay::Confirm(_) | Overlay::BulkQuestion(_) | Overlay::Desire(_) | Overlay::Target(_)
    )
}

fn writes(effect: &Effect) -> bool {
    let Effect::Session(_, effect) = effect else { return false };
    matches!(effect, SessionEffect::Act { .. } | SessionEffect::Desire(_) | SessionEffect::OpenWrites(_))
}

fn tasks(now: Timestamp) -> Vec<Task> {
    (0..12_i64)
        .map(|nth| {
            let state = State::ALL[usize::try_from(nth).unwrap() % State::ALL.len()];
            let age = (nth + 1) * -61_000_000_000;
            Task {
                created_at: now.shifted(age),
                updated_at: now.shifted(age / 2),
                cell: Some(CellId::from(format!("cell-{}", nth % 3))),
                failed: nth % 4 == 0,
                failure_reason: "Exited with status 137\u{1b}[2J\u{202e}".into(),
                result: "{\"answer\": \"日本語\"}".into(),
                ..Task::blank(
                    format!("task-{nth:02}").into(),
                    if nth % 2 == 0 { "cf-tasks".into() } else { "batch".into() },
                    state,
                )
            }
        })
        .collect()
}
