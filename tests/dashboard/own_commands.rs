//! Stories of own commands: real programs, with their output in the pane or in the place of the terminal.

use std::fs;
use std::path::Path;
use std::time::Duration;

use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::keymap::Keymap;
use taskdeck::app::own_commands::{OutputTo, OwnCommand, OwnCommands, Template};
use taskdeck::app::{Pause, Settings};
use taskdeck::bbs::Access;

use crate::story::{MAX_WAIT, Operator, quiet_bbs, settings, story_with};

fn own(name: &str, key: char, output: OutputTo, words: &[&str]) -> OwnCommand {
    OwnCommand {
        name: name.to_owned(),
        key: Some(Key { alt: true, ..Key::char(key) }),
        help: format!("Run {name}"),
        template: Template::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).unwrap(),
        output,
        confirms: false,
        acts: false,
    }
}

fn with(commands: impl IntoIterator<Item = OwnCommand>) -> Settings {
    let mut own_commands = OwnCommands::default();
    for command in commands {
        own_commands.add(command, &Keymap::default()).unwrap();
    }
    Settings { own_commands, ..settings() }
}

async fn story(settings: Settings, script: impl AsyncFnOnce(&mut Operator<'_>)) {
    let sim = quiet_bbs().await;
    story_with(settings, &sim.url(), Access::ReadWrite, script).await;
}

async fn select(operator: &mut Operator<'_>, guid: &str) {
    operator.press(&format!("/{guid}"));
    operator.enter();
    operator.sees("1/2").await;
}

async fn closes_output(operator: &mut Operator<'_>) {
    operator.press_code(KeyCode::Esc);
    operator.until("no output", |screen| !screen.contains("Output of")).await;
}

#[tokio::test]
async fn the_output_of_a_program_comes_in_a_pane() {
    let script = "printf 'first %s\\n' \"$1\"; echo second >&2; echo third; exit 3";
    let tail = own("tail", 't', OutputTo::Pane, &["sh", "-c", script, "sh", "{guid}", "{cell}"]);
    story(with([tail]), async |operator| {
        operator.sees("task-b").await;
        select(operator, "task-b").await;
        operator.press_alt('t');
        operator.sees("first task-b").await;
        operator.sees("tail exited with status 3").await;
        operator
            .until("both streams in their order", |screen| {
                let at = |text: &str| screen.find(text).unwrap_or(usize::MAX);
                at("first task-b") < at("second") && at("second") < at("third") && at("third") < usize::MAX
            })
            .await;
        closes_output(operator).await;
    })
    .await;
}

#[tokio::test]
async fn a_command_is_asked_about_with_its_arguments_and_refused_without_a_cell() {
    let echo = own("echo", 'e', OutputTo::Pane, &["echo", "seen on", "{cell}"]);
    let echo = OwnCommand { confirms: true, ..echo };
    story(with([echo]), async |operator| {
        operator.sees("task-a").await;
        select(operator, "task-a").await;
        operator.press_alt('e');
        operator.sees("Cannot run echo: The task has not been seen on a cell").await;
        operator.press("x");
        operator.sees("2/2").await;
        select(operator, "task-b").await;
        operator.press(":echo");
        operator.enter();
        operator.reads("echo \"seen on\" cell-01").await;
        operator.press("n");
        operator.until("no question", |screen| !screen.contains("Run echo?")).await;
        assert!(!operator.screen().contains("Output of echo"));
        operator.press("!");
        operator.sees("Your own commands").await;
        operator.enter();
        operator.reads("Run echo?").await;
        operator.press("y");
        operator.sees("echo exited with status 0").await;
        assert!(operator.screen().contains("seen on cell-01"));
        closes_output(operator).await;
    })
    .await;
}

#[tokio::test]
async fn hostile_output_is_sanitised() {
    let script = "printf '\\033[2Jcleared\\033[31m red \\302\\205 \\342\\200\\256end\\n'";
    story(with([own("evil", 'e', OutputTo::Pane, &["sh", "-c", script])]), async |operator| {
        operator.press_alt('e');
        operator.sees("evil exited with status 0").await;
        let screen = operator.screen();
        assert!(screen.contains("cleared red"), "{screen}");
        assert!(!screen.contains(['\u{1b}', '\u{85}', '\u{202e}']), "{screen}");
        closes_output(operator).await;
    })
    .await;
}

#[tokio::test]
async fn a_program_that_never_stops_writing_leaves_the_dashboard_usable_and_is_stopped() {
    story(with([own("yes", 'y', OutputTo::Pane, &["yes", "and on"])]), async |operator| {
        operator.sees("task-b").await;
        operator.press_alt('y');
        operator.sees("older lines dropped").await;
        operator.press("?");
        operator.sees("Your own commands").await;
        operator.press("?");
        operator.press_code(KeyCode::Esc);
        operator.sees("Stopped yes.").await;
    })
    .await;
}

/// Waits until a process is gone, or is only waited for by its parent.
#[cfg(target_os = "linux")]
async fn until_gone(pid: &str) {
    let stat = Path::new("/proc").join(pid).join("stat");
    let is_gone = || fs::read_to_string(&stat).map_or(true, |stat| stat.contains(") Z "));
    let gone = async {
        while !is_gone() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(MAX_WAIT, gone).await.is_ok(), "{pid} still runs");
}

#[cfg(target_os = "linux")]
/// A program that ignores SIGTERM, and writes its pid and that of its own child into a file.
fn stubborn(pids: &Path) -> OwnCommand {
    let script =
        "trap '' TERM; sleep 1000 & echo $$ $! > \"$1.new\"; mv \"$1.new\" \"$1\"; echo ready; wait; wait";
    own("stubborn", 's', OutputTo::Pane, &["sh", "-c", script, "sh", pids.to_str().unwrap()])
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_stopped_program_ends_with_all_that_it_started() {
    let dir = tempfile::tempdir().unwrap();
    let pids = dir.path().join("pids");
    story(with([stubborn(&pids)]), async |operator| {
        operator.press_alt('s');
        operator.sees("ready").await;
        operator.press_code(KeyCode::Esc);
        operator.sees("Stopped stubborn.").await;
        for pid in fs::read_to_string(&pids).unwrap().split_whitespace() {
            until_gone(pid).await;
        }
    })
    .await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn no_program_outlives_the_dashboard() {
    let dir = tempfile::tempdir().unwrap();
    let pids = dir.path().join("pids");
    story(with([stubborn(&pids)]), async |operator| {
        operator.press_alt('s');
        operator.sees("ready").await;
        operator.tab();
    })
    .await;
    for pid in fs::read_to_string(&pids).unwrap().split_whitespace() {
        until_gone(pid).await;
    }
}

#[tokio::test]
async fn a_program_that_cannot_be_started_says_so() {
    let missing = own("missing", 'm', OutputTo::Pane, &["/nonexistent/tool"]);
    let in_terminal = own("gone", 'g', OutputTo::Terminal(Pause::Never), &["/nonexistent/tool"]);
    story(with([missing, in_terminal]), async |operator| {
        operator.press_alt('m');
        operator.sees("missing could not be run: there is no such program").await;
        closes_output(operator).await;
        operator.press_alt('g');
        operator.sees("`gone` could not be run").await;
    })
    .await;
}

#[tokio::test]
async fn a_program_in_the_terminal_gets_the_arguments_and_the_dashboard_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("arguments");
    let script = "printf '%s|' \"$@\" > \"$0\"; exit 4";
    let words = ["sh", "-c", script, file.to_str().unwrap(), "{guid}", "a b", "$(id)", "{domain}"];
    let note = own("note", 'n', OutputTo::Terminal(Pause::Never), &words);
    story(with([note]), async |operator| {
        operator.sees("task-b").await;
        select(operator, "task-b").await;
        operator.press_alt('n');
        operator.sees("`note` exited with status 4.").await;
    })
    .await;
    assert_eq!(fs::read_to_string(&file).unwrap(), "task-b|a b|$(id)|batch|");
}
