//! What the screen of a replay says: the played time, the speed, and that nothing can be changed.

use super::scenes::noon;
use super::*;
use crate::app::key::Key;
use crate::app::{App, Msg, ReadPart, ReadRequest, ReplaySettings, Settings, Speed, Target};
use crate::model::Evidence;
use crate::model::recording::{Entry, Recorded, TaskEntry, recorded};

/// A replay at noon of what the scene `mixed` shows, for half an hour more.
fn replay() -> App {
    let at = noon().wall;
    let half_an_hour = 30 * 60 * 1_000_000_000;
    let settings = ReplaySettings {
        first: at.shifted(-half_an_hour),
        last: at.shifted(half_an_hour),
        from: at,
        speed: Speed::times(10).unwrap(),
    };
    let target = Target {
        name: Some("production".to_owned()),
        url: "recorded by vcap@jumpbox".to_owned(),
        ..Target::default()
    };
    let mut app = App::new(target, Settings { replay: Some(settings), ..Settings::default() });
    let effects = app.update(Msg::Tick, noon());
    let seek = effects.iter().find_map(|effect| match effect {
        crate::app::Effect::Read(ReadRequest::Seek(seek, _)) => Some(*seek),
        _ => None,
    });
    let known = scenes::mixed().into_iter().map(|task| {
        let entry = TaskEntry {
            evidence: Evidence::List,
            before: None,
            task: recorded(&task),
            limits: None,
            end: None,
        };
        Entry { at, what: Recorded::Task(Box::new(entry)) }
    });
    app.update(Msg::Read(seek.unwrap(), ReadPart::Known(known.collect())), noon());
    app.update(Msg::Read(seek.unwrap(), ReadPart::End), noon());
    app.before_frame();
    app
}

fn press(app: &mut App, c: char) {
    app.update(Msg::Key(Key::char(c), noon().mono), noon());
    app.before_frame();
}

#[test]
fn the_header_says_that_it_is_a_replay() {
    let mut app = replay();
    for (name, size) in [("replay 80x24", (80, 24)), ("replay 160x48", (160, 48))] {
        let shown = frame(&app, &mut UiState::new(Colours::None), noon(), size);
        insta::assert_snapshot!(name, text(&shown));
    }
    press(&mut app, 'p');
    let shown = frame(&app, &mut UiState::new(Colours::None), noon(), (80, 24));
    let header = text(&shown).lines().next().unwrap().to_owned();
    assert!(header.contains("REPLAY 2026-06-01 12:00:00 ×10  paused"), "{header}");
}
