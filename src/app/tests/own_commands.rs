//! Own commands: when they are available, what is asked, and what is run.

use std::ffi::OsString;

use super::*;
use crate::app::own_commands::{OutputTo, OwnCommand, OwnCommands, Template};
use crate::model::{Access, Entity, Owner, Ownership};

fn own(name: &str, key: Option<Key>, words: &[&str]) -> OwnCommand {
    let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    OwnCommand {
        name: name.to_owned(),
        key,
        help: "Do it".to_owned(),
        template: Template::parse(&words).unwrap(),
        output: OutputTo::Terminal(Pause::OnFailure),
        confirms: true,
        acts: false,
    }
}

fn alt(c: char) -> Key {
    Key { alt: true, ..Key::char(c) }
}

/// A live state with these commands, and the tasks `a`, which is on a cell and has an app, and `b`, which does not.
fn with(commands: Vec<OwnCommand>) -> Harness {
    with_all(all(commands)).0
}

fn all(commands: Vec<OwnCommand>) -> OwnCommands {
    let mut all = OwnCommands::default();
    for command in commands {
        all.add(command, &Keymap::default()).unwrap();
    }
    all
}

fn with_all(own_commands: OwnCommands) -> (Harness, StreamId) {
    let settings = Settings { own_commands, ..Settings::default() };
    let target = Target { name: Some("prod".into()), url: "https://bbs:8889".into(), ..Target::default() };
    let mut harness = Harness { app: App::new(target, settings), now: Harness::new().now };
    let app = Entity { guid: "app-1".into(), name: "my app".into() };
    let owner = Owner::new(Ownership { app, ..Ownership::default() });
    let on_cell = Task { cell: Some(CellId::from("cell-7")), owner, ..task("a", State::Running) };
    let stream = harness.go_live(vec![on_cell, task("b", State::Pending)]);
    (harness, stream)
}

fn select(harness: &mut Harness, guid: &str) {
    harness.press_key(Key::char('g'));
    while harness.selected() != guid {
        harness.press_key(Key::char('j'));
    }
}

fn words(program: &Program) -> Vec<OsString> {
    std::iter::once(program.name.clone()).chain(program.arguments.clone()).collect()
}

const SSH: &[&str] = &["bosh", "ssh", "{cell}", "--app={app}", "{target}"];

#[test]
fn a_key_asks_and_yes_runs_what_the_question_showed() {
    let (mut harness, stream) = with_all(all(vec![own("ssh", Some(alt('s')), SSH)]));
    select(&mut harness, "a");
    assert_eq!(harness.press_key(alt('s')), []);
    let Overlay::OwnCommand(question) = harness.app.overlay() else { panic!("it asks") };
    assert_eq!(question.run.program.to_string(), "bosh ssh cell-7 \"--app=my app\" prod");
    // The task may end: what runs does not change.
    let gone = StreamItem::Event(TaskEvent::Removed(task("a", State::Running)));
    harness.send(SessionMsg::StreamItems(stream, vec![gone]));
    assert!(harness.app.store().get(&TaskGuid::from("a")).is_none_or(|entry| entry.end.is_some()));
    let effects = harness.press_key(Key::char('y'));
    let [Effect::RunInForeground(run)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(words(&run.program), ["bosh", "ssh", "cell-7", "--app=my app", "prod"]);
    assert_eq!(run.purpose, Purpose::OwnCommand("ssh".to_owned()));
    assert_eq!(run.heading.as_deref(), Some("taskdeck is running bosh ssh cell-7 \"--app=my app\" prod"));
}

#[test]
fn no_runs_nothing_and_a_key_too_soon_does_not_answer() {
    let mut harness = with(vec![own("ssh", Some(alt('s')), SSH)]);
    select(&mut harness, "a");
    harness.press_key(alt('s'));
    let now = harness.now.mono;
    assert_eq!(harness.send(Msg::Key(Key::char('y'), now)), []);
    assert!(matches!(harness.app.overlay(), Overlay::OwnCommand(_)));
    assert_eq!(harness.press_key(Key::plain(KeyCode::Enter)), []);
    assert!(matches!(harness.app.overlay(), Overlay::None));
}

#[test]
fn a_value_that_is_missing_refuses_the_command_with_the_reason() {
    let mut harness = with(vec![own("ssh", Some(alt('s')), SSH)]);
    select(&mut harness, "b");
    assert_eq!(harness.press_key(alt('s')), []);
    assert_eq!(harness.notice(), "Cannot run ssh: The task has not been seen on a cell");
    assert!(matches!(harness.app.overlay(), Overlay::None));
    harness.press_key(Key::char('v'));
    harness.press_key(alt('s'));
    assert_eq!(harness.notice(), "Cannot run ssh: The task table is hidden. Go back to it first (Esc)");
}

#[test]
fn a_command_without_a_tasks_value_needs_no_task() {
    let command =
        OwnCommand { confirms: false, ..own("vms", Some(alt('v')), &["bosh", "vms", "--json={{}}"]) };
    let mut harness = with(vec![command]);
    harness.press_key(Key::char('v'));
    let effects = harness.press_key(alt('v'));
    let [Effect::RunInForeground(run)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(words(&run.program), ["bosh", "vms", "--json={}"]);
}

#[test]
fn a_read_only_target_refuses_what_acts() {
    let mut commands = OwnCommands::default();
    commands
        .add(OwnCommand { acts: true, ..own("kill", None, &["kill", "{guid}"]) }, &Keymap::default())
        .unwrap();
    commands.add(own("look", None, &["look", "{guid}"]), &Keymap::default()).unwrap();
    let settings = Settings { own_commands: commands, ..Settings::default() };
    for (access, why) in [
        (Access::ReadOnly, "The target is opened read-only, and the command changes something"),
        (
            Access::Locked,
            "The target is read-only, and the command changes something. :write 10m opens it for ten minutes",
        ),
    ] {
        let target = Target { access, ..Target::default() };
        let mut harness = Harness { app: App::new(target, settings.clone()), now: Harness::new().now };
        harness.go_live(vec![task("a", State::Running)]);
        type_command(&mut harness, "kill");
        assert_eq!(harness.notice(), format!("Cannot run kill: {why}"));
        type_command(&mut harness, "look");
        assert!(matches!(harness.app.overlay(), Overlay::OwnCommand(_)));
    }
}

fn type_command(harness: &mut Harness, name: &str) -> Vec<Effect> {
    harness.press_key(Key::char(':'));
    for c in name.chars() {
        harness.press_key(Key::char(c));
    }
    harness.press_key(Key::plain(KeyCode::Enter))
}

#[test]
fn locked_commands_say_why_wherever_they_are_run_from() {
    let commands = all(vec![own("ssh", Some(alt('s')), SSH)]);
    let (mut harness, _) = with_all(commands.locked("own commands are off".to_owned()));
    select(&mut harness, "a");
    harness.press_key(alt('s'));
    assert_eq!(harness.notice(), "Cannot run ssh: own commands are off");
    assert!(matches!(harness.app.overlay(), Overlay::None));
    harness.press_key(Key::char('!'));
    harness.press_key(Key::plain(KeyCode::Enter));
    assert!(matches!(harness.app.overlay(), Overlay::None));
}

#[test]
fn the_list_runs_the_highlighted_command_or_the_one_of_the_key() {
    let commands = vec![own("one", Some(alt('o')), &["one"]), own("two", Some(alt('t')), &["two"])];
    for keys in [&[Key::char('j'), Key::plain(KeyCode::Enter)][..], &[alt('t')]] {
        let mut harness = with(commands.clone());
        harness.press_key(Key::char('!'));
        assert!(matches!(harness.app.overlay(), Overlay::OwnCommands(_)));
        for key in keys {
            harness.press_key(*key);
        }
        let Overlay::OwnCommand(question) = harness.app.overlay() else { panic!("{keys:?}") };
        assert_eq!(question.run.command.name, "two");
    }
    let mut harness = with(Vec::new());
    harness.press_key(Key::char('!'));
    assert_eq!(harness.notice(), "No commands of your own: add [commands.NAME] to config.toml");
}

#[test]
fn names_and_keys_do_not_clash() {
    let keymap = Keymap::default();
    let mut commands = OwnCommands::default();
    let taken = commands.add(own("quit", None, &["x"]), &keymap).unwrap_err();
    assert_eq!(taken.to_string(), "taskdeck has a command `quit` already; choose another name");
    let taken = commands.add(own("x", Some(Key::char('q')), &["x"]), &keymap).unwrap_err();
    assert_eq!(taken.to_string(), "key q is bound to both quit and x; choose another key for one of them");
    commands.add(own("one", Some(alt('o')), &["x"]), &keymap).unwrap();
    let taken = commands.add(own("two", Some(alt('o')), &["x"]), &keymap).unwrap_err();
    assert_eq!(
        taken.to_string(),
        "key Alt-o is bound to both one and two; choose another key for one of them"
    );
    for key in [Key::ctrl('h'), Key::char('h'), alt('h')] {
        let acts = OwnCommand { acts: true, ..own("kill", Some(key), &["x"]) };
        let refused = commands.add(acts, &keymap).unwrap_err();
        let why = format!("key {key} cannot run kill: commands with `acts` take capital letters only");
        assert_eq!(refused.to_string(), why);
    }
    let acts = OwnCommand { acts: true, ..own("kill", Some(Key::char('H')), &["x"]) };
    assert_eq!(commands.add(acts, &keymap), Ok(()));
    assert_eq!(commands.iter().count(), 2);
}

/// A state that shows the output of `tail`, and its run.
fn tailing() -> (Harness, RunId) {
    let command = OwnCommand {
        output: OutputTo::Pane,
        confirms: false,
        ..own("tail", Some(alt('l')), &["tail", "--", "{guid}"])
    };
    let mut harness = with(vec![command]);
    select(&mut harness, "a");
    let effects = harness.press_key(alt('l'));
    let [Effect::StartProgram { run, program }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(words(program), ["tail", "--", "a"]);
    assert_eq!(harness.app.focus(), Pane::Output);
    (harness, *run)
}

fn shown(harness: &Harness) -> Vec<String> {
    harness.app.output().unwrap().lines().map(std::borrow::Cow::into_owned).collect()
}

#[test]
fn the_pane_shows_the_output_and_how_the_program_ended() {
    let (mut harness, run) = tailing();
    harness.send(Msg::ProgramOutput { run, bytes: b"one\ntwo\n".to_vec() });
    assert_eq!(shown(&harness), ["one", "two"]);
    harness.send(Msg::ProgramFinished { run, end: ProgramEnd::Exited(1) });
    assert_eq!(harness.app.output().unwrap().end(), Some(&ProgramEnd::Exited(1)));
    assert_eq!(harness.press_key(Key::plain(KeyCode::Esc)), [], "there is nothing to stop");
    assert!(harness.app.output().is_none());
    assert_eq!(harness.app.focus(), Pane::Tasks);
}

#[test]
fn closing_the_pane_stops_the_program_and_what_comes_late_is_dropped() {
    for key in [Key::plain(KeyCode::Esc), Key::char('q')] {
        let (mut harness, run) = tailing();
        assert_eq!(harness.press_key(key), [Effect::StopProgram(run)]);
        assert_eq!(harness.notice(), "Stopped tail.");
        select(&mut harness, "a");
        let effects = harness.press_key(alt('l'));
        let [Effect::StartProgram { run: second, .. }] = &effects[..] else { panic!("{effects:?}") };
        assert_ne!(*second, run);
        harness.send(Msg::ProgramOutput { run, bytes: b"late\n".to_vec() });
        harness.send(Msg::ProgramFinished { run, end: ProgramEnd::Signalled(15) });
        assert_eq!(shown(&harness), [""; 0]);
        assert!(harness.app.output().unwrap().is_running());
    }
}

#[test]
fn one_program_at_a_time_has_the_pane() {
    let (mut harness, run) = tailing();
    assert_eq!(harness.press_key(alt('l')), []);
    assert_eq!(
        harness.notice(),
        "Cannot run tail: tail is still running. To stop it, focus its output (Tab) and press Esc"
    );
    harness.send(Msg::ProgramFinished { run, end: ProgramEnd::Exited(0) });
    assert_eq!(harness.press_key(alt('l')).len(), 1, "one that has ended makes way");
}

#[test]
fn keys_of_the_other_panes_work_beside_the_output() {
    let (mut harness, run) = tailing();
    (0..50)
        .for_each(|n| drop(harness.send(Msg::ProgramOutput { run, bytes: format!("{n}\n").into_bytes() })));
    harness.press_key(Key::char('k'));
    assert_eq!(harness.app.output().unwrap().below(), 1);
    harness.press_key(Key::char('G'));
    assert_eq!(harness.app.output().unwrap().below(), 0);
    harness.press_key(Key::plain(KeyCode::Tab));
    assert_eq!(harness.app.focus(), Pane::Tasks);
    assert_eq!(harness.press_key(Key::plain(KeyCode::Esc)), [], "in the table it stops nothing");
    assert!(harness.app.output().is_some());
}

#[test]
fn the_end_of_a_program_in_the_terminal_is_said_if_it_failed() {
    let mut harness = with(Vec::new());
    let purpose = || Purpose::OwnCommand("ssh".to_owned());
    harness.send(Msg::ProgramEnded { purpose: purpose(), end: ProgramEnd::Exited(0) });
    assert_eq!(harness.notice(), "");
    harness.send(Msg::ProgramEnded { purpose: purpose(), end: ProgramEnd::Signalled(9) });
    assert_eq!(harness.notice(), "`ssh` was ended by signal 9.");
}
