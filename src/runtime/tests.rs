//! Tests of the event loop: what wakes it, and when it draws. Time is paused, so a delay of the loop is visible as time
//! that passed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

use super::connections::Connections;
use super::effects::Clients;
use super::test_console::TestConsole;
use super::{Dashboard, Input, QUEUE_CAPACITY, run};
use crate::app::key::Key;
use crate::app::{App, Msg, ProgramEnd, Purpose, SessionEffect, SessionMsg, Settings, StreamId, Target};
use crate::bbs::{Access, Client, Connection};
use crate::clock::SystemClock;
use crate::model::FaultKind;
use crate::state::StateFile;
use crate::ui::Colours;

async fn client(url: String) -> Client {
    let connection = Connection {
        url,
        tls: None,
        connect_timeout: Duration::from_secs(60),
        request_timeout: None,
        access: Access::ReadOnly,
        writes_per_second: None,
        reply_limit: crate::model::ReplyLimit::default(),
    };
    Client::open(connection).await.unwrap()
}

/// Returns a client of a BBS that is not there.
async fn unreachable_client() -> Client {
    client("http://127.0.0.1:9".to_owned()).await
}

/// Replies of the BBS do not matter: nobody reads them.
fn unread() -> mpsc::Sender<Msg> {
    mpsc::channel(64).0
}

fn app() -> App {
    App::new(Target::default(), Settings::default())
}

#[tokio::test(start_paused = true)]
async fn a_ping_has_its_own_timeout() {
    // Never accepts: the system completes the connection, as for a stopped process.
    let frozen = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", frozen.local_addr().unwrap());
    let (sender, mut messages) = mpsc::channel(1);
    let session = app().shown_session();
    let mut clients = Clients::new(sender);
    clients.insert(session, client(url).await);
    let (sent, within) = (Instant::now(), Duration::from_secs(3));
    clients.start(session, SessionEffect::Ping { within });
    let Some(Msg::Session(of, SessionMsg::Pinged(Err(fault)))) = messages.recv().await else {
        panic!("the ping was answered")
    };
    assert_eq!(of, session);
    assert_eq!(fault.kind, FaultKind::TimedOut { after: within });
    assert!((within..within * 2).contains(&sent.elapsed()), "{:?}", sent.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_key_is_handled_at_once_and_not_at_the_next_tick() {
    let mut console = TestConsole::new();
    let (input, mut screen) = (console.input.clone(), console.screen());
    let clock = SystemClock::start();
    let running = run(
        app(),
        Connections::only(unreachable_client().await),
        &clock,
        &mut console,
        Colours::None,
        StateFile::default(),
        None,
    );
    // In a task of its own: otherwise whatever wakes this code would wake the loop too.
    let typing = tokio::spawn(async move {
        // The first key may arrive while the loop starts; at the others it waits.
        for (key, shows_help) in [('?', true), ('?', false), ('?', true), ('?', false)] {
            sleep(Duration::from_millis(40)).await;
            let pressed = Instant::now();
            input.send(Input::key(Key::char(key)));
            screen.wait_for(|screen| screen.contains("Esc close") == shows_help).await.unwrap();
            assert_eq!(pressed.elapsed(), Duration::ZERO);
        }
        input.send(Input::key(Key::char('q')));
    });
    tokio::pin!(running);
    tokio::select! {
        typing = typing => typing.unwrap(),
        ended = &mut running => return ended.unwrap(),
    }
    running.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_drawn_ten_times_a_second_and_input_at_once() {
    let app = app();
    let session = app.shown_session();
    let mut console = TestConsole::new();
    let input = console.input.clone();
    let begun = Instant::now();
    let at = move |ms| sleep_until(begun + Duration::from_millis(ms));
    tokio::spawn(async move {
        for (ms, sent) in [(333, Input::Resized), (700, Input::Ended)] {
            at(ms).await;
            input.send(sent);
        }
    });
    let (sender, messages) = mpsc::channel(QUEUE_CAPACITY);
    tokio::spawn(async move {
        // After a quiet moment, a stream with an event every 5 ms.
        for ms in (200..).step_by(5) {
            at(ms).await;
            let items = SessionMsg::StreamItems(StreamId(99), Vec::new());
            if sender.send(Msg::Session(session, items)).await.is_err() {
                break;
            }
        }
    });
    let clock = SystemClock::start();
    let connections = Connections::only(unreachable_client().await);
    let mut dashboard = Dashboard::new(app, Some(connections), unread(), &clock, &mut console);
    dashboard.run(messages).await.unwrap();
    let frames = console.frames.iter().map(|frame| (*frame - begun).as_millis());
    let drawn: Vec<_> = frames.filter(|ms| *ms >= 100).collect();
    let expected = [200, 300, 333, 400, 500, 600, 700];
    // tokio's timers may be a millisecond late.
    let is_close = |(drawn, expected): (&u128, &u128)| drawn.abs_diff(*expected) <= 8;
    assert!(drawn.len().abs_diff(expected.len()) <= 1, "{drawn:?}");
    assert!(drawn.iter().zip(&expected).all(is_close), "{drawn:?}");
}

#[tokio::test(start_paused = true)]
async fn while_a_program_has_the_terminal_nothing_is_drawn_and_the_loop_goes_on() {
    let app = app();
    let mut console = TestConsole::new();
    let (input, mut screen) = (console.input.clone(), console.screen());
    let begun = Instant::now();
    let (sender, messages) = mpsc::channel(QUEUE_CAPACITY);
    tokio::spawn(async move {
        // More messages than the queue holds: the loop takes them in, or this would wait for ever.
        for _ in 0..4 * QUEUE_CAPACITY {
            sender.send(Msg::Note("a note".to_owned())).await.unwrap();
        }
        sleep(Duration::from_secs(5)).await;
        input.send(Input::ProgramEnded(ProgramEnd::Exited(3)));
        screen.wait_for(|screen| screen.contains("`tails` exited with status 3.")).await.unwrap();
        input.send(Input::Ended);
    });
    let clock = SystemClock::start();
    let connections = Connections::only(unreachable_client().await);
    let mut dashboard = Dashboard::new(app, Some(connections), unread(), &clock, &mut console);
    dashboard.foreground = Some(Purpose::OwnCommand("tails".to_owned()));
    dashboard.run(messages).await.unwrap();
    let first = console.frames.first().expect("a frame after the program");
    assert_eq!(first.duration_since(begun).as_secs(), 5, "{:?}", console.frames);
}

#[tokio::test(start_paused = true)]
async fn while_the_terminal_takes_no_output_nothing_is_drawn_and_the_loop_goes_on() {
    let mut console = TestConsole::new();
    let (input, has_backlog, mut screen) =
        (console.input.clone(), Arc::clone(&console.has_backlog), console.screen());
    let begun = Instant::now();
    let (sender, messages) = mpsc::channel(QUEUE_CAPACITY);
    let driven = tokio::spawn(async move {
        screen.wait_for(|screen| screen.contains("GUID")).await.unwrap();
        has_backlog.store(true, Ordering::SeqCst);
        sleep(Duration::from_secs(1)).await;
        input.send(Input::key(Key::char('?')));
        // More messages than the queue holds: the loop takes them in, or this would wait for ever.
        for _ in 0..4 * QUEUE_CAPACITY {
            sender.send(Msg::Note("a note".to_owned())).await.unwrap();
        }
        sleep(Duration::from_secs(4)).await;
        has_backlog.store(false, Ordering::SeqCst);
        input.send(Input::Drained);
        screen.wait_for(|screen| screen.contains("Esc close")).await.unwrap();
        input.send(Input::Ended);
    });
    let clock = SystemClock::start();
    let connections = Connections::only(unreachable_client().await);
    let mut dashboard = Dashboard::new(app(), Some(connections), unread(), &clock, &mut console);
    dashboard.run(messages).await.unwrap();
    driven.await.unwrap();
    let drawn: Vec<_> = console.frames.iter().map(|frame| (*frame - begun).as_secs()).collect();
    assert!(drawn.contains(&5), "{drawn:?}");
    assert!(!drawn.iter().any(|second| (1..5).contains(second)), "{drawn:?}");
}
