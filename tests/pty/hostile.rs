//! The corpus of hostile texts in everything that a tenant can name, on a real terminal: views, dialogs, notices, copies, files
//! and the log. No byte of it is a control, and the screen is what a redraw of every cell shows.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use taskdeck::bbs::wire::{Action, EnvironmentVariable, RunAction, TaskDefinition, action::Kind};
use taskdeck::present::sanitise::is_invisible;
use taskdeck::sim::{Options, Sim};
use tokio::runtime::Runtime;
use vt100::Screen;

use crate::pty_session::{PtySession, TASKDECK, command};

const SIZE: (u16, u16) = (160, 48);
/// The control characters that the dashboard itself sends, outside of escape sequences: movements of the cursor, and the one
/// that cancels a cut sequence.
const OWN_CONTROLS: [char; 4] = ['\n', '\r', '\u{8}', '\u{18}'];
/// The keys to the views, and what each shows.
const VIEWS: [(&str, &str); 6] = [
    ("v", "v tasks"),
    ("2", "MOSTLY"),
    ("2", " failed no filter"),
    ("3", " ended no filter"),
    ("4", "done/min"),
    ("1", " held no filter"),
];
/// The keys that are pressed on the detail of each task, and what each shows: timeline, copies.
const KEYS: [(&str, &str); 4] = [
    ("l", "Phases"),
    ("yr", "Copied the reason of"),
    ("yt", "Copied the task as JSON of"),
    ("yw", "Copied the row of"),
];

/// Returns the texts of the corpus with their names, as bytes.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile");
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|end| end == "bin"));
    let name = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    texts.map(|path| (name(&path), fs::read(&path).unwrap())).collect()
}

/// A BBS with a failed task for each text, which has that text wherever a BBS takes one.
fn bbs(runtime: &Runtime) -> Sim {
    let sim = runtime.block_on(Sim::start(Options { cells: 1, ..Options::default() })).unwrap();
    let corpus = corpus();
    assert!(corpus.len() >= 10, "{corpus:?}");
    for (name, text) in corpus {
        let said = String::from_utf8_lossy(&text).into_owned();
        let variable = EnvironmentVariable { name: text.clone().into(), value: text.clone().into() };
        let run = RunAction {
            path: "/bin/true".into(),
            user: "vcap".into(),
            args: vec![text.clone().into()],
            env: vec![variable],
            ..RunAction::default()
        };
        let definition = TaskDefinition {
            root_fs: "preloaded:x".into(),
            annotation: text.clone().into(),
            log_guid: text.clone().into(),
            action: Some(Action { kind: Some(Kind::RunAction(run)) }),
            ..TaskDefinition::default()
        };
        sim.with(|machine, now| machine.desire(&name, &said, definition, now)).unwrap();
        sim.with(|machine, now| machine.start(&name, "cell-01", now)).unwrap();
        sim.with(|machine, now| machine.complete(&name, "cell-01", Err(said.as_bytes()), now)).unwrap();
    }
    sim
}

/// Returns the output without escape sequences, and what was copied.
fn without_sequences(output: &str) -> (String, Vec<String>) {
    let (mut text, mut copied) = (String::new(), Vec::new());
    let mut parts = output.split('\x1b');
    text.push_str(parts.next().unwrap());
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if let Some(base64) = part.strip_prefix("]52;c;") {
            copied.push(String::from_utf8(BASE64_STANDARD.decode(base64).unwrap()).unwrap());
            let end = parts.next().and_then(|end| end.strip_prefix('\\'));
            text.push_str(end.unwrap());
        } else if let Some(sequence) = part.strip_prefix('[') {
            let end = sequence.find(|c: char| ('\x40'..='\x7e').contains(&c)).unwrap();
            text.push_str(sequence.get(end + 1..).unwrap());
        } else {
            // Reverse index.
            text.push_str(part.strip_prefix('M').unwrap_or_else(|| panic!("an unknown sequence: {part:?}")));
        }
    }
    (text, copied)
}

fn assert_visible(text: &str, own: &[char], of: &str) {
    let hidden = text.char_indices().find(|(_, c)| is_invisible(*c) && !own.contains(c));
    let around =
        hidden.map(|(at, c)| (c, text.get(..at).unwrap().chars().rev().take(60).collect::<String>()));
    assert_eq!(around, None, "{of}");
}

/// Returns the words of each line that have no digit: ages go on.
fn words(contents: &str) -> Vec<String> {
    let is_settled = |word: &&str| !word.contains(|c: char| c.is_ascii_digit());
    contents.lines().map(|line| line.split_whitespace().filter(is_settled).collect()).collect()
}

/// Fails if the screen is not what a redraw of every cell shows.
fn assert_whole(session: &mut PtySession, of: &str) {
    session.wait_for_end_of_frame();
    let shown = words(&session.contents());
    session.clear_screen(SIZE);
    session.send_keys("\x0c");
    let is_redrawn = |screen: &Screen| words(&screen.contents()) == shown;
    session.wait_briefly_until(is_redrawn);
    session.wait_for_end_of_frame();
    assert_eq!(words(&session.contents()), shown, "{of}, and what a redraw shows");
}

fn go(session: &mut PtySession, keys: &str, shows: &str) {
    session.send_keys(keys);
    session.wait_for_text(shows);
}

#[test]
fn no_text_of_the_corpus_is_a_control_on_the_terminal_in_a_copy_a_file_or_the_log() {
    let runtime = Runtime::new().unwrap();
    let sim = bbs(&runtime);
    let home = tempfile::tempdir().unwrap();
    let mut dashboard = command(TASKDECK, &[]);
    dashboard.env("BBS_URL", sim.url());
    dashboard.env("XDG_STATE_HOME", home.path().join("state"));
    dashboard.env("TASKDECK_LOG", "taskdeck=trace");
    let mut session = PtySession::start(dashboard, SIZE);
    session.wait_for_dashboard();
    session.wait_for_text(&format!("{0}/{0} held", corpus().len()));
    session.wait_for_text("(~ not fresh)");
    session.wait_for_text("cell-01 z1");
    for (keys, shows) in VIEWS {
        go(&mut session, keys, shows);
        // The pulse goes on.
        if keys != "4" {
            assert_whole(&mut session, shows);
        }
    }
    for end in ["csv", "jsonl", "text"] {
        let file = home.path().join(format!("tasks.{end}"));
        go(&mut session, &format!(":save {}\r", file.display()), &format!("to {}", file.display()));
    }
    for (name, _) in corpus() {
        go(&mut session, &format!("/guid:{name}\r"), &format!("1/{} held", corpus().len()));
        go(&mut session, "\r", "created_at");
        assert_whole(&mut session, &name);
        for (keys, shows) in KEYS {
            go(&mut session, keys, shows);
        }
        session.send_keys("q");
        go(&mut session, "x", "no filter");
    }
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
    let output = String::from_utf8(ended.bytes).unwrap();
    let (text, copied) = without_sequences(&output);
    assert_visible(&text, &OWN_CONTROLS, "the terminal");
    assert_eq!(copied.len(), 3 * corpus().len());
    for copied in copied {
        assert_visible(&copied, &[], "a copy");
    }
    let files = [home.path(), &home.path().join("state/taskdeck")].map(files_in).concat();
    assert!(files.len() > 3, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        assert_visible(&text, &['\n'], file.to_str().unwrap());
    }
}

fn files_in(directory: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).collect()
}
