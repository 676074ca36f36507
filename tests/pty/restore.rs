//! The terminal is restored however the dashboard ends.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustix::process::Signal;
use taskdeck::app::{App, Settings, Target};
use taskdeck::bbs::{Access, Client, Connection};
use taskdeck::clock::{Clock, Now, SystemClock};
use taskdeck::runtime::{self, Connections, TerminalConsole, terminal};
use taskdeck::state::StateFile;
use taskdeck::ui::Colours;
use vt100::MouseProtocolMode;

use crate::pty_session::{Exit, PtySession, command, demo};

/// Set by the test that runs this test binary as a dashboard that panics; says where it panics.
const PANICS_IN: &str = "TASKDECK_TEST_PANICS_IN";
const PANICKING_DASHBOARD: &str = "restore::panicking_dashboard";

fn ended_by(act: impl FnOnce(&mut PtySession)) -> Exit {
    let mut session = PtySession::start(demo(), (80, 24));
    session.wait_for_dashboard();
    assert!(!session.is_cooked(), "the terminal is taken over");
    act(&mut session);
    session.wait_for_exit()
}

/// With the mouse in use, a visible cursor in a prompt, and half a command typed.
#[test]
fn what_is_in_use_is_given_back() {
    let endings: [fn(&mut PtySession); 2] =
        [|session| session.send_keys("\x03"), |session| session.signal(Signal::TERM)];
    for act in endings {
        let ended = ended_by(|session| {
            session.send_keys(":mouse\r");
            session.wait_until("the mouse", |screen| screen.mouse_protocol_mode() != MouseProtocolMode::None);
            session.send_keys(":ta");
            session.wait_until("the prompt's cursor", |screen| !screen.hide_cursor());
            act(session);
        });
        ended.assert_status(0);
        ended.assert_terminal_restored();
    }
}

#[test]
fn quit_ends_it() {
    let ended = ended_by(|session| session.send_keys("q"));
    ended.assert_status(0);
    ended.assert_terminal_restored();
    ended.assert_mouse_untouched();
}

#[test]
fn ctrl_c_ends_it() {
    let ended = ended_by(|session| session.send_keys("\x03"));
    ended.assert_status(0);
    ended.assert_terminal_restored();
}

#[test]
fn signals_that_ask_for_the_end_end_it() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let ended = ended_by(|session| session.signal(signal));
        ended.assert_status(0);
        ended.assert_terminal_restored();
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let session = PtySession::start(demo(), (80, 24));
    session.wait_for_dashboard();
    let status = session.hang_up();
    assert_eq!(status.signal(), None, "it ends by itself");
    // By SIGHUP, or by a write error if it was drawing at that moment.
    assert!([0, 5].contains(&status.exit_code()), "{status:?}");
}

/// The system clock, which panics after some calls.
struct BreakingClock {
    clock: SystemClock,
    asked: AtomicUsize,
    in_task: bool,
}

impl Clock for BreakingClock {
    fn now(&self) -> Now {
        // Late enough for the first frame to be drawn.
        if self.asked.fetch_add(1, Ordering::SeqCst) == 8 {
            if self.in_task {
                tokio::spawn(async { panic!("the clock broke") });
            } else {
                panic!("the clock broke");
            }
        }
        self.clock.now()
    }
}

#[test]
fn panicking_dashboard() {
    let Ok(place) = std::env::var(PANICS_IN) else { return };
    let connection = Connection {
        url: "http://127.0.0.1:9".to_owned(),
        tls: None,
        connect_timeout: Duration::from_secs(1),
        request_timeout: None,
        access: Access::ReadOnly,
        writes_per_second: None,
        reply_limit: taskdeck::model::ReplyLimit::default(),
    };
    let clock =
        BreakingClock { clock: SystemClock::start(), asked: AtomicUsize::new(0), in_task: place == "task" };
    let panicking = async {
        let client = Client::open(connection).await.unwrap();
        terminal::install_panic_hook();
        let mut console = TerminalConsole::enter(false).unwrap();
        let app = App::new(Target::default(), Settings::default());
        let connections = Connections::only(client);
        let state_file = StateFile::default();
        Box::pin(runtime::run(app, connections, &clock, &mut console, Colours::None, state_file, None))
            .await
            .unwrap();
    };
    tokio::runtime::Runtime::new().unwrap().block_on(panicking);
}

#[test]
fn a_panic_gives_the_terminal_back_and_says_where_it_was() {
    let this = std::env::current_exe().unwrap();
    for place in ["loop", "task"] {
        let mut panicking = command(
            this.to_str().unwrap(),
            &["--exact", PANICKING_DASHBOARD, "--nocapture", "--test-threads=1"],
        );
        panicking.env(PANICS_IN, place);
        let ended = PtySession::start(panicking, (120, 40)).wait_for_exit();
        ended.assert_terminal_restored();
        let said = ended.screen.contents();
        assert!(said.contains("taskdeck: panicked at ") && said.contains("the clock broke"), "{said}");
        assert!(said.contains("This is a bug in taskdeck; the BBS is not affected."), "{said}");
        assert!(!said.contains("test result"), "the panic ends the program, whatever it was in: {said}");
        ended.assert_status(101);
    }
}
