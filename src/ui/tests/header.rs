//! The header: the health of the feed, and the tabs of the views.

use ratatui::style::Modifier;

use super::scenes::{live, mixed, noon, press, target};
use super::*;
use crate::app::SessionMsg;
use crate::model::{Call, Fault, FaultKind, StreamItem, TaskEvent};

#[test]
fn header_shows_silence_and_then_not_responding() {
    let (mut app, _) = live(mixed());
    let header = |app: &App, now| {
        let first = drawn(app, now, LARGE).lines().next().unwrap_or_default().to_owned();
        first.split("last list").next().unwrap_or_default().trim_end().to_owned()
    };
    let mut now = noon();
    let mut wait = |app: &mut App, seconds: u32| {
        for _ in 0..4 * seconds {
            now = now.plus(std::time::Duration::from_millis(250));
            app.update(Msg::Tick, now);
        }
        now
    };
    let at = wait(&mut app, 3);
    assert!(header(&app, at).ends_with("  live"), "{}", header(&app, at));
    let at = wait(&mut app, 2);
    assert!(header(&app, at).ends_with("  live, last heard 5s ago"), "{}", header(&app, at));
    let at = wait(&mut app, 3);
    assert!(header(&app, at).ends_with("  NOT RESPONDING for 8s"), "{}", header(&app, at));
    let cause = FaultKind::Unreachable { cause: "connection reset".into(), sent: true };
    let fault = Fault { call: Call::Ping, target: target().url, request: None, kind: cause };
    app.update(Msg::Session(app.shown_session(), SessionMsg::Pinged(Err(fault))), at);
    assert!(header(&app, at).ends_with("for 8s: unreachable: connection reset"), "{}", header(&app, at));
}

#[test]
fn tabs_show_counts_and_reverse_the_current_view() {
    let (mut app, stream) = live(mixed());
    for nth in [33, 31] {
        let gone =
            app.store().entries().find(|(_, entry)| entry.task == mixed()[nth]).unwrap().1.task.clone();
        app.update(
            Msg::Session(
                app.shown_session(),
                SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Removed(gone))]),
            ),
            noon(),
        );
    }
    app.before_frame();
    let views = [("2", " 2 Failed 1 "), ("3", " 3 Ended 2 "), ("4", " 4 Pulse "), ("1", " 1 Held 32 ")];
    for (key, current) in views {
        press(&mut app, key);
        for size in [USUAL, WIDE, LARGE] {
            let buf = frame(&app, &mut UiState::new(Colours::None), noon(), size);
            let tabs = text(&buf).lines().nth(1).unwrap().to_owned();
            assert!(tabs.starts_with(" 1 Held 32  2 Failed 1  3 Ended 2 "), "{tabs}");
            // A count by state is worth more than the tab of a view without counts.
            let has_pulse = key == "4" || size != USUAL;
            assert_eq!(tabs.contains(" 4 Pulse "), has_pulse, "{tabs}");
            let reversed =
                (0..size.0).map(|x| &buf[(x, 1)]).filter(|cell| cell.modifier.contains(Modifier::REVERSED));
            assert_eq!(reversed.map(ratatui::buffer::Cell::symbol).collect::<String>(), current);
        }
    }
}
