//! Each text of the corpus of hostile texts, copied and saved in every way.

use std::time::Duration;

use serde_json::Value;
use vt100::Parser;

use super::test_console::TestConsole;
use super::view_file::View;
use super::{Dashboard, Msg};
use crate::app::key::{Key, KeyCode};
use crate::app::{ANSWER_AFTER, App, Effect, FileFormat, SessionEffect, SessionMsg, Settings, Target};
use crate::clock::{Now, SystemClock};
use crate::model::{Entity, Owner, Ownership, State, Task, TaskFilter, Timestamp};
use crate::present::sanitise::{corpus, is_invisible};

/// The keys to the views that `:save` writes: tasks, groups by app and by domain, failures, ended tasks, the pulse.
const VIEWS: [&str; 6] = ["", "v", "vbd\n", "2", "3", "4"];
/// The letters of what can be copied. The guid and the cell are copied as they are: they are identities.
const COPIED: [(char, bool); 7] =
    [('y', true), ('c', true), ('r', false), ('t', false), ('d', false), ('f', false), ('w', false)];
/// A megabyte takes its time without optimization.
const MOST: usize = 3_000;
/// Wide enough for every line with short texts.
const SCREEN: (u16, u16) = (3, 2_000);

fn noon() -> Now {
    Now { mono: Duration::from_secs(100), wall: Timestamp::from_nanos(1_780_315_200_000_000_000) }
}

fn corpus() -> Vec<(String, String)> {
    let shortened = |(name, text): (String, String)| (name, text.chars().take(MOST).collect());
    corpus::hostile().into_iter().map(shortened).collect()
}

fn task(text: &str, state: State) -> Task {
    let entity = || Entity { guid: text.to_owned(), name: text.to_owned() };
    let at = noon().wall;
    Task {
        cell: Some(text.into()),
        created_at: at,
        updated_at: at,
        first_completed_at: at,
        failed: state == State::Completed,
        failure_reason: text.into(),
        rejection_reason: text.into(),
        result: text.into(),
        owner: Owner::new(Ownership { app: entity(), space: entity(), org: entity() }),
        ..Task::blank(format!("{text}{state:?}").as_str().into(), text.into(), state)
    }
}

/// Returns an app that has listed three tasks of this text.
fn app_of(text: &str) -> App {
    let mut app = App::new(Target::default(), Settings::default());
    let id = app.shown_session();
    let effects = app.update(Msg::Tick, noon());
    let stream = effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::Subscribe { stream }) => Some(*stream),
        _ => None,
    });
    let effects = app.update(Msg::Session(id, SessionMsg::StreamOpened(stream.unwrap())), noon());
    let mark = effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::List { mark, .. }) => Some(*mark),
        _ => None,
    });
    let (mark, received) = (mark.unwrap(), 1_000);
    let tasks = [State::Pending, State::Running, State::Completed].map(|state| task(text, state)).to_vec();
    for msg in [
        SessionMsg::ListOpened { mark, expected: Some(received), server_time: Some(noon().wall) },
        SessionMsg::ListPart { mark, tasks, received },
        SessionMsg::ListDone { mark, filter: TaskFilter::default(), received },
    ] {
        app.update(Msg::Session(id, msg), noon());
    }
    app.before_frame();
    app
}

fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys.chars() {
        let key = if key == '\n' { Key::plain(KeyCode::Enter) } else { Key::char(key) };
        app.frame_shown(noon());
        effects = app.update(Msg::Key(key, noon().mono + ANSWER_AFTER), noon());
        app.before_frame();
    }
    effects
}

fn saved(app: &App, format: FileFormat) -> String {
    let mut view = View::of(app, noon().wall);
    assert!(view.take(app, 100).unwrap(), "three rows are taken at once");
    let mut file = Vec::new();
    view.write(format, &mut file).unwrap();
    String::from_utf8(file).unwrap()
}

/// Asserts that a text has no control character and no invisible one but the ends of its lines.
fn assert_visible(text: &str, of: &str) {
    let hidden = text.chars().find(|c| *c != '\n' && is_invisible(*c));
    assert_eq!(hidden, None, "{of}: {text:?}");
}

#[test]
fn each_text_is_one_value_of_a_saved_file() {
    for (name, text) in corpus() {
        for keys in VIEWS {
            let mut app = app_of(&text);
            press(&mut app, keys);
            let [csv, json, table] =
                [FileFormat::Csv, FileFormat::JsonLines, FileFormat::Text].map(|format| saved(&app, format));
            for file in [&csv, &json, &table] {
                assert_visible(file, &format!("{name} {keys}"));
            }
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let records = reader.records().collect::<Result<Vec<_>, _>>().unwrap();
            let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(csv.lines().count(), records.len() + 1, "{name} {keys}: one line for each record");
            assert!(!records.is_empty() || keys == "3", "{name} {keys}: something is saved");
            assert_eq!(
                (records.len(), table.lines().count()),
                (lines.len(), lines.len() + 1),
                "{name} {keys}"
            );
            if keys.is_empty() {
                let guids: Vec<_> = lines.iter().filter_map(|line| line.get("task_guid")?.as_str()).collect();
                assert!(guids.contains(&format!("{text}Running").as_str()), "{name}: JSON keeps the guid");
            }
        }
    }
}

#[test]
fn each_text_is_as_wide_in_a_saved_table_as_on_a_terminal() {
    for (name, text) in corpus().into_iter().filter(|(_, text)| text.chars().count() < 60) {
        let table = saved(&app_of(&text), FileFormat::Text);
        let column = table.find("STATE").unwrap();
        for line in table.lines().skip(1) {
            let mut terminal = Parser::new(SCREEN.0.try_into().unwrap(), SCREEN.1.try_into().unwrap(), 0);
            // This terminal drops the sign for what must not be shown. Others show it in one cell.
            terminal.process(line.replace('\u{fffd}', "?").as_bytes());
            let column = u16::try_from(column).unwrap();
            let from_column: String = terminal.screen().rows(column, 20).next().unwrap();
            let states = ["Pending", "Running", "Completed"];
            assert!(states.iter().any(|state| from_column.contains(state)), "{name}: {line}");
        }
    }
}

#[tokio::test]
async fn each_text_is_copied_without_control_characters_or_as_the_identity_that_it_is() {
    for (name, text) in corpus() {
        for (letter, is_identity) in COPIED {
            let mut app = app_of(&text);
            let effects = press(&mut app, &format!("y{letter}"));
            let [Effect::Copy(copy)] = effects.as_slice() else {
                assert!(letter == 'd' && text.chars().any(is_invisible), "{name} {letter}: {effects:?}");
                continue;
            };
            let (mut console, clock) = (TestConsole::new(), SystemClock::start());
            let mut dashboard = Dashboard::new(app, None, super::mpsc::channel(1).0, &clock, &mut console);
            dashboard.copy(copy.clone());
            let [copied] = console.copied.as_slice() else { panic!("{name} {letter} was not copied") };
            if is_identity {
                assert!(copied.starts_with(&text), "{name} {letter}: {copied:?}");
                continue;
            }
            assert_visible(copied, &format!("{name} {letter}"));
            assert_eq!(copied.lines().count(), 1, "{name} {letter}");
            if letter == 't' {
                let json: Value = serde_json::from_str(copied).unwrap();
                let guid = json.get("task_guid").and_then(Value::as_str).unwrap();
                assert!(guid.starts_with(&text), "{name}: JSON keeps the guid");
            }
        }
    }
}
