//! However it ends, the terminal is given back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustix::process::Signal;
use taskdeck::app::{App, Settings, Target};
use taskdeck::bbs::{Access, Client, Connection};
use taskdeck::clock::{Clock, Now, SystemClock};
use taskdeck::runtime::{self, TerminalConsole, terminal};
use taskdeck::state::StateFile;
use taskdeck::ui::Colours;

use crate::session::{Ended, Session, command, demo};

/// Tells this very program, run in a pseudo terminal, to play a dashboard that panics, and where it does.
const PANICS_IN: &str = "TASKDECK_TEST_PANICS_IN";
const PLAYED: &str = "leaving::a_dashboard_that_panics_is_played_when_told";

fn ended_by(act: impl FnOnce(&mut Session)) -> Ended {
    let mut session = Session::start(demo(), (80, 24));
    session.sees_dashboard();
    assert!(!session.is_cooked(), "the terminal is taken over");
    act(&mut session);
    session.ends()
}

#[test]
fn quit_ends_it() {
    let ended = ended_by(|session| session.types("q"));
    ended.with_status(0);
    ended.gave_the_terminal_back();
}

#[test]
fn ctrl_c_ends_it() {
    let ended = ended_by(|session| session.types("\x03"));
    ended.with_status(0);
    ended.gave_the_terminal_back();
}

#[test]
fn signals_that_ask_for_the_end_end_it() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let ended = ended_by(|session| session.signal(signal));
        ended.with_status(0);
        ended.gave_the_terminal_back();
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let session = Session::start(demo(), (80, 24));
    session.sees_dashboard();
    let status = session.goes_away();
    assert_eq!(status.signal(), None, "it ends by itself");
    // It is told by a signal; when it was drawing just then, by an error.
    assert!([0, 5].contains(&status.exit_code()), "{status:?}");
}

/// The machine's clock, until it breaks.
struct BreakingClock {
    clock: SystemClock,
    asked: AtomicUsize,
    in_task: bool,
}

impl Clock for BreakingClock {
    fn now(&self) -> Now {
        // The first frame has been drawn by then.
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
fn a_dashboard_that_panics_is_played_when_told() {
    let Ok(place) = std::env::var(PANICS_IN) else { return };
    let connection = Connection {
        url: "http://127.0.0.1:9".to_owned(),
        tls: None,
        connect_timeout: Duration::from_secs(1),
        request_timeout: None,
        access: Access::ReadOnly,
    };
    let clock =
        BreakingClock { clock: SystemClock::start(), asked: AtomicUsize::new(0), in_task: place == "task" };
    let played = async {
        let client = Client::open(connection).await.unwrap();
        terminal::install_panic_hook();
        let mut console = TerminalConsole::enter().unwrap();
        let app = App::new(Target::default(), Settings::default());
        runtime::run(app, client, &clock, &mut console, Colours::None, StateFile::default()).await.unwrap();
    };
    tokio::runtime::Runtime::new().unwrap().block_on(played);
}

#[test]
fn a_panic_gives_the_terminal_back_and_says_where_it_was() {
    let this = std::env::current_exe().unwrap();
    for place in ["loop", "task"] {
        let mut played =
            command(this.to_str().unwrap(), &["--exact", PLAYED, "--nocapture", "--test-threads=1"]);
        played.env(PANICS_IN, place);
        let ended = Session::start(played, (120, 40)).ends();
        ended.gave_the_terminal_back();
        let said = ended.screen.contents();
        assert!(said.contains("taskdeck: panicked at ") && said.contains("the clock broke"), "{said}");
        assert!(said.contains("This is a fault of taskdeck; the BBS is not affected."), "{said}");
        assert!(!said.contains("test result"), "the panic ends the program, whatever it was in: {said}");
        ended.with_status(101);
    }
}
