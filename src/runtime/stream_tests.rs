//! The loop under a steady stream of news, with paused time: when it draws.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::effects::Remotes;
use super::{Console, Dashboard, Input};
use crate::app::{App, Msg, SessionMsg, Settings, StreamId, Target};
use crate::bbs::{Access, Client, Connection};
use crate::clock::SystemClock;
use crate::state::StateFile;
use crate::ui::{Colours, ScrollHint, UiState};

/// A console that notes the milliseconds at which it draws, and gives input at given ones.
struct Notebook {
    begun: Instant,
    terminal: Terminal<TestBackend>,
    drawn: Vec<u128>,
    inputs: VecDeque<(u64, Input)>,
}

impl Console for Notebook {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()> {
        self.drawn.push(self.begun.elapsed().as_millis());
        self.terminal.draw(|frame| drop(paint(frame))).map(drop).map_err(io::Error::other)
    }

    async fn next(&mut self) -> Input {
        let Some((at, _)) = self.inputs.front() else { return std::future::pending().await };
        sleep_until(self.begun + Duration::from_millis(*at)).await;
        self.inputs.pop_front().map_or(Input::Ended, |(_, input)| input)
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn repaint(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_drawn_ten_times_a_second_and_input_at_once() {
    let connection = Connection {
        url: "http://127.0.0.1:9".to_owned(),
        tls: None,
        connect_timeout: Duration::from_secs(1),
        request_timeout: None,
        access: Access::ReadOnly,
    };
    let client = Client::open(connection).await.unwrap();
    // What the server would answer is not what this is about: nobody reads it.
    let (unread, _kept) = mpsc::channel(64);
    let begun = Instant::now();
    let app = App::new(Target::default(), Settings::default());
    let session = app.shown_session();
    let mut remotes = Remotes::new(unread);
    remotes.connect(session, client);
    let mut console = Notebook {
        begun,
        terminal: Terminal::new(TestBackend::new(80, 24)).unwrap(),
        drawn: Vec::new(),
        inputs: [(333, Input::Resized), (700, Input::Ended)].into(),
    };
    let (sender, inbox) = mpsc::channel(6);
    tokio::spawn(async move {
        // A stream begins after a quiet moment, with an event every 5 ms.
        for ms in (200..).step_by(5) {
            sleep_until(begun + Duration::from_millis(ms)).await;
            if sender
                .send(Msg::Session(session, SessionMsg::StreamItems(StreamId(99), Vec::new())))
                .await
                .is_err()
            {
                break;
            }
        }
    });
    let clock = SystemClock::start();
    let mut dashboard = Dashboard {
        app,
        ui: UiState::new(Colours::None),
        remotes,
        state_file: StateFile::default(),
        clock: &clock,
        console: &mut console,
        ended: false,
    };
    dashboard.watch(inbox).await.unwrap();
    let drawn: Vec<_> = console.drawn.into_iter().filter(|ms| *ms >= 100).collect();
    // Timers of tokio are a millisecond late.
    let expected = [200, 300, 333, 400, 500, 600, 700];
    let is_like = |(drawn, expected): (&u128, &u128)| drawn.abs_diff(*expected) <= 8;
    assert!(drawn.len().abs_diff(expected.len()) <= 1, "{drawn:?}");
    assert!(drawn.iter().zip(&expected).all(is_like), "{drawn:?}");
}
