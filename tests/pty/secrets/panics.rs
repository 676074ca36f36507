//! A dashboard that panics while it holds secrets: what it draws, says and logs has none, and no file of an editor is left.
//!
//! This test binary is the dashboard, since the shipped program has no way to panic on purpose. Its hook is the shipped one.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use portable_pty::CommandBuilder;
use taskdeck::app::{App, Settings, Target};
use taskdeck::bbs::{Access, Client, Connection, TlsFiles, Verify};
use taskdeck::clock::{Clock, Now, SystemClock};
use taskdeck::model::ReplyLimit;
use taskdeck::runtime::{self, Connections, TerminalConsole, terminal};
use taskdeck::state::StateFile;
use taskdeck::ui::Colours;

use super::Story;
use super::written::Written;
use crate::pty_session::{PtySession, command, until};

/// Set by the test to the directory of its files, which makes this test binary a dashboard.
const DIRECTORY: &str = "TASKDECK_TEST_PANICS_IN_DIRECTORY";
const PANICKING_DASHBOARD: &str = "secrets::panics::panicking_dashboard";
/// The file whose text the dashboard panics about, once it is there.
const TRIGGER: &str = "panic-now";
const LOG: &str = "state/log";

/// The system clock, which panics when a file says so: at a slice within a character of the file's text, or with this text as
/// its message.
struct BreakingClock {
    clock: SystemClock,
    trigger: PathBuf,
}

impl Clock for BreakingClock {
    fn now(&self) -> Now {
        if let Ok(text) = fs::read_to_string(&self.trigger) {
            match text.strip_prefix("slice ") {
                Some(sliced) => drop(sliced.split_at(1)),
                None => panic!("{text}"),
            }
        }
        self.clock.now()
    }
}

#[test]
fn panicking_dashboard() {
    let Ok(directory) = std::env::var(DIRECTORY).map(PathBuf::from) else { return };
    let file = |name: &str| directory.join(name);
    let log = File::create(file(LOG)).unwrap();
    let logging = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
    logging.with_writer(Arc::new(log)).init();
    let connection = Connection {
        url: fs::read_to_string(file("url")).unwrap(),
        tls: Some(TlsFiles { verify: Verify::Ca(file("ca")), cert: file("cert"), key: file("key") }),
        connect_timeout: Duration::from_secs(10),
        request_timeout: None,
        access: Access::ReadWrite,
        writes_per_second: None,
        reply_limit: ReplyLimit::default(),
    };
    let clock = BreakingClock { clock: SystemClock::start(), trigger: file(TRIGGER) };
    let panicking = async {
        let client = Client::open(connection).await.unwrap();
        terminal::install_panic_hook();
        let mut console = TerminalConsole::enter(false).unwrap();
        let app = App::new(Target::default(), Settings::default());
        let connections = Connections::only(client);
        let state_file = StateFile::in_directory(Some(&file("state")));
        Box::pin(runtime::run(app, connections, &clock, &mut console, Colours::None, state_file, None)).await
    };
    tokio::runtime::Runtime::new().unwrap().block_on(panicking).unwrap();
}

/// Returns the command for a dashboard of the story's BBS that can be made to panic.
fn dashboard(story: &Story) -> CommandBuilder {
    let (ca, cert, key) = story.sim.tls_files().unwrap();
    for (name, from) in [("ca", ca), ("cert", cert), ("key", key)] {
        symlink(from, story.path(name)).unwrap();
    }
    fs::write(story.path("url"), story.sim.url()).unwrap();
    let this = std::env::current_exe().unwrap();
    let arguments = ["--exact", PANICKING_DASHBOARD, "--nocapture", "--test-threads=1"];
    let mut dashboard = command(this.to_str().unwrap(), &arguments);
    dashboard.env(DIRECTORY, story.home.path());
    for (name, value) in story.environment() {
        dashboard.env(name, value);
    }
    dashboard
}

/// Makes the dashboard panic about a text, after `before` has led it to where it is to be. Returns what it said.
fn panics(text: &str, before: impl FnOnce(&Story, &mut PtySession)) -> String {
    let story = Story::start();
    let mut session = PtySession::start(dashboard(&story), (160, 48));
    session.wait_for_dashboard();
    session.wait_for_text("env-task");
    session.send_keys("/env-task\r");
    session.wait_for_text("1/4 held");
    session.send_keys("\r");
    session.wait_for_text("PASSWORD");
    before(&story, &mut session);
    // As a whole: the dashboard reads it at any time.
    let text = text.replace("SECRET", story.secrets.first().unwrap());
    fs::write(story.path("text"), text).unwrap();
    fs::rename(story.path("text"), story.path(TRIGGER)).unwrap();
    let ended = session.wait_for_exit();
    ended.assert_status(101);
    ended.assert_terminal_restored();
    let said = ended.screen.contents();
    assert!(said.contains("taskdeck: panicked at "), "{said}");
    fs::remove_file(story.path(TRIGGER)).unwrap();
    assert_eq!(Written::below(&story.path("run")).all().count(), 0, "no file of an editor is left");
    let mut written = Written::below(story.home.path());
    written.add("drawn", ended.bytes);
    assert!(written.has("log", "panicked") && written.has("log", "backtrace"), "it is logged");
    // The story's own key is among them.
    story.assert_no_secret(&written.without(&["ca", "cert", "key"]));
    said
}

#[test]
fn a_panic_with_a_secret_in_its_message_tells_none() {
    let said = panics("could not fetch https://user:SECRET@blobs.example/x?signature=SECRET", |_, _| {});
    assert!(said.contains("could not fetch https://"), "{said}");
    let said = panics("slice é https://user:SECRET@blobs.example/x", |_, _| {});
    assert!(said.contains("byte index 1 is not a char boundary"), "{said}");
}

#[test]
fn a_panic_while_an_editor_has_the_task_removes_its_file() {
    let edits = |story: &Story, session: &mut PtySession| {
        session.send_keys("E");
        session.wait_for_text("the editor runs");
        let file = || Written::below(&story.path("run"));
        until("the file of the editor", || file().all().count() == 1);
        file().assert_private();
    };
    panics("it broke", edits);
}
