//! The loop itself: what wakes it. Time stands still here unless everybody waits, so that a wait can be seen.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

use super::effects::Remotes;
use super::{Console, Input, run};
use crate::app::key::Key;
use crate::app::{App, Msg, SessionEffect, SessionMsg, Settings, Target};
use crate::bbs::{Access, Client, Connection};
use crate::clock::SystemClock;
use crate::model::FaultKind;
use crate::state::StateFile;
use crate::ui::{Colours, ScrollHint};

/// A keyboard that wakes whoever looked first since the last key, as the terminal's does.
#[derive(Clone, Default)]
struct Keyboard(Arc<Mutex<(VecDeque<Input>, Option<Waker>)>>);

impl Keyboard {
    fn press(&self, key: char) {
        let mut held = self.0.lock().unwrap();
        held.0.push_back(Input::key(Key::char(key)));
        if let Some(waker) = held.1.take() {
            waker.wake();
        }
    }

    async fn next(&self) -> Input {
        poll_fn(|cx| {
            let mut held = self.0.lock().unwrap();
            if let Some(input) = held.0.pop_front() {
                return Poll::Ready(input);
            }
            held.1.get_or_insert_with(|| cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}

struct Desk {
    keyboard: Keyboard,
    terminal: Terminal<TestBackend>,
    screen: watch::Sender<String>,
}

impl Console for Desk {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()> {
        self.terminal.draw(|frame| drop(paint(frame))).map_err(io::Error::other)?;
        self.screen.send_replace(self.terminal.backend().to_string());
        Ok(())
    }

    async fn next(&mut self) -> Input {
        self.keyboard.next().await
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

fn connection(url: String) -> Connection {
    Connection {
        url,
        tls: None,
        connect_timeout: Duration::from_secs(60),
        request_timeout: None,
        access: Access::ReadOnly,
    }
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_waited_for_as_long_as_it_says_whatever_other_calls_may_take() {
    // Never accepted: the system takes the connection and the request, as it does for a process that is stopped.
    let frozen = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", frozen.local_addr().unwrap());
    let (sender, mut inbox) = mpsc::channel(1);
    let session = App::new(Target::default(), Settings::default()).shown_session();
    let mut remotes = Remotes::new(sender);
    remotes.connect(session, Client::open(connection(url)).await.unwrap());
    let (asked, within) = (Instant::now(), Duration::from_secs(3));
    remotes.start(session, SessionEffect::Ping { within });
    let Some(Msg::Session(of, SessionMsg::Pinged(Err(fault)))) = inbox.recv().await else {
        panic!("it was answered")
    };
    assert_eq!(of, session);
    assert_eq!(fault.kind, FaultKind::TimedOut { after: within });
    assert!((within..within * 2).contains(&asked.elapsed()), "{:?}", asked.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_key_is_answered_at_once_and_not_at_the_next_tick() {
    let (screen, mut seen) = watch::channel(String::new());
    let keyboard = Keyboard::default();
    let terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut desk = Desk { keyboard: keyboard.clone(), terminal, screen };
    let client = Client::open(connection("http://127.0.0.1:9".to_owned())).await.unwrap();
    let clock = SystemClock::start();
    let running = run(
        App::new(Target::default(), Settings::default()),
        client,
        &clock,
        &mut desk,
        Colours::None,
        StateFile::default(),
    );
    // A task of its own: within the loop's, whatever wakes it would wake the loop.
    let typing = tokio::spawn(async move {
        // The first key may find the loop at its beginning; those that follow find it waiting.
        for (key, shows) in [('?', true), ('?', false), ('?', true), ('?', false)] {
            sleep(Duration::from_millis(40)).await;
            let pressed = Instant::now();
            keyboard.press(key);
            seen.wait_for(|screen| screen.contains("half a page down") == shows).await.unwrap();
            assert_eq!(pressed.elapsed(), Duration::ZERO);
        }
        keyboard.press('q');
    });
    tokio::pin!(running);
    tokio::select! {
        typed = typing => typed.unwrap(),
        ended = &mut running => return ended.unwrap(),
    }
    running.await.unwrap();
}
