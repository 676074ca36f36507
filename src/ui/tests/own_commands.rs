//! Own commands: the list, the question and the output.

use insta::assert_snapshot;

use super::scenes::{live_with, mixed, noon, press, target};
use super::*;
use crate::app::key::Key;
use crate::app::keymap::Keymap;
use crate::app::own_commands::{OutputTo, OwnCommand, OwnCommands, RunId, Template};
use crate::app::{Effect, Pause, ProgramEnd, Settings};

fn own(name: &str, key: char, help: &str, words: &[&str]) -> OwnCommand {
    OwnCommand {
        name: name.to_owned(),
        key: Some(Key { alt: true, ..Key::char(key) }),
        help: help.to_owned(),
        template: Template::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).unwrap(),
        output: OutputTo::Terminal(Pause::OnFailure),
        confirms: true,
        acts: false,
    }
}

/// A live state with three commands: one of them cannot run for the selected task.
fn app() -> App {
    let logs =
        own("logs", 'l', "Follow the logs of the task's app", &["cf", "tail", "--follow", "{app_guid}"]);
    let ssh = own("ssh-cell", 's', "Open a shell on the task's cell", &["bosh", "ssh", "diego-cell/{cell}"]);
    let note =
        ["annotate", "--message=seen by\u{202e} the on-call", "--", "{guid}", "{cell}", "{domain}", "{url}"];
    let note =
        OwnCommand { acts: true, key: Some(Key::char('L')), ..own("note", 'n', "Leave a note", &note) };
    let tail = own("tail", 't', "Follow something", &["tail", "{guid}"]);
    let tail = OwnCommand { output: OutputTo::Pane, confirms: false, ..tail };
    let mut own_commands = OwnCommands::default();
    for command in [logs, note, ssh, tail] {
        own_commands.add(command, &Keymap::default()).unwrap();
    }
    let settings = Settings { own_commands, ..Settings::default() };
    let (mut app, _) = live_with(target(), settings, mixed());
    // A running task, which has a cell.
    press(&mut app, "jjjj");
    app
}

fn press_alt(app: &mut App, c: char) -> Vec<Effect> {
    let effects = app.update(Msg::Key(Key { alt: true, ..Key::char(c) }, noon().mono), noon());
    app.before_frame();
    effects
}

#[test]
fn the_list_shows_keys_names_and_why_not() {
    let mut app = app();
    press(&mut app, "!");
    assert_snapshot!("own_commands_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("own_commands_large", drawn(&app, noon(), LARGE));
}

#[test]
fn the_question_shows_every_argument() {
    let mut app = app();
    press_alt(&mut app, 's');
    assert_snapshot!("own_question_usual", drawn(&app, noon(), USUAL));
    press(&mut app, "n");
    press(&mut app, "L");
    assert_snapshot!("own_question_long_usual", drawn(&app, noon(), USUAL));
    let small = drawn(&app, noon(), SMALL);
    assert!(small.contains("more lines: enlarge the"), "{small}");
}

/// Returns a state that shows the output of `tail`.
fn tailing() -> (App, RunId) {
    let mut app = app();
    let effects = press_alt(&mut app, 't');
    let [Effect::StartProgram { run, .. }] = &effects[..] else { panic!("{effects:?}") };
    (app, *run)
}

#[test]
fn the_output_follows_its_end_and_can_be_scrolled_to_its_beginning() {
    let (mut app, run) = tailing();
    let text = (1..=40).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n") + "\n";
    let long = format!("{}\n\u{1b}[31mevil\u{202e}line\u{1b}[0m\n", "words and words ".repeat(12));
    app.update(Msg::ProgramOutput { run, bytes: (text + &long).into_bytes() }, noon());
    assert_snapshot!("output_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("output_large", drawn(&app, noon(), LARGE));
    press(&mut app, "g");
    let mut ui = UiState::new(Colours::Full);
    let top = super::text(&frame(&app, &mut ui, noon(), USUAL));
    assert!(top.contains("\nline 1\nline 2\n"), "{top}");
    app.limit_output_scroll(ui.output_scroll());
    // One step down moves the view at once.
    press(&mut app, "j");
    let next = drawn(&app, noon(), USUAL);
    assert!(next.contains("\nline 2\nline 3\n") && !next.contains("\nline 1\n"), "{next}");
}

#[test]
fn the_output_says_how_the_program_ended() {
    let (mut app, run) = tailing();
    app.update(Msg::ProgramOutput { run, bytes: b"one\n".to_vec() }, noon());
    app.update(Msg::ProgramFinished { run, end: ProgramEnd::Exited(3) }, noon());
    let end = drawn(&app, noon(), USUAL);
    assert!(end.contains("\none\ntail exited with status 3, after 0s.\n"), "{end}");
}

#[test]
fn the_output_is_drawn_at_every_size() {
    let (mut app, run) = tailing();
    app.update(Msg::ProgramOutput { run, bytes: b"one\n".to_vec() }, noon());
    for size in [(1, 1), (2, 5), (10, 3), (40, 8), (80, 12), (300, 100)] {
        drawn(&app, noon(), size);
    }
}
