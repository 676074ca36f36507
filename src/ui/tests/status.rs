//! The status lines: notices, the filter prompt, progress, and the reason of the selected task.

use insta::assert_snapshot;
use ratatui::style::Modifier;

use super::scenes::{failed, live, mixed, noon, press, target, task};
use super::*;
use crate::app::SessionMsg;
use crate::model::lifecycle::Step;
use crate::model::{Call, Fault, FaultKind, RefusedType, RequestId, State, Task};
use crate::present::sanitise;

#[test]
fn refusal_of_the_server_fits_the_usual_screens() {
    let (mut app, _) = live(mixed());
    press(&mut app, "GCy");
    let guid = app.selected().unwrap().task.guid.clone();
    let kind = FaultKind::Refused {
        kind: RefusedType::INVALID_STATE_TRANSITION,
        message: "Cannot transition from Completed to Completed".into(),
    };
    let fault = Fault { call: Call::Cancel, target: target().url, request: Some(RequestId(7)), kind };
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::Acted { guid: guid.clone(), step: Step::Cancel, result: Err(fault) },
        ),
        noon(),
    );
    for size in [USUAL, LARGE] {
        let drawn = drawn(&app, noon(), size).replace('\n', " ");
        assert!(drawn.contains("Cannot transition from Completed to Completed"), "{drawn}");
        assert!(drawn.contains("its state changed before the request arrived."), "{drawn}");
    }
    assert_snapshot!("notice_small", drawn(&app, noon(), SMALL));
    assert_snapshot!("notice_usual", drawn(&app, noon(), USUAL));
    let selected = guid.as_str().get(..17).unwrap();
    assert!(
        drawn(&app, noon(), SMALL).contains(selected),
        "the rows give way, the selected one stays in view"
    );
}

#[test]
fn status_shows_the_reason_that_its_column_cuts() {
    let reason = format!("failed to run container \u{1b}[2J{}", "and so on ".repeat(6));
    let (mut app, _) = live(vec![failed(1, &reason)]);
    let shown = format!("✗ {}", sanitise::clean(&reason).trim_end());
    for size in [USUAL, WIDE, LARGE] {
        let drawn = drawn(&app, noon(), size);
        let last = drawn.lines().last().unwrap();
        assert!(last.starts_with(&shown) || size == USUAL, "{last}");
        assert!(last.starts_with(shown.get(..60).unwrap()) && last.ends_with("? help"), "{last}");
    }
    press(&mut app, "\n");
    assert!(
        !drawn(&app, noon(), LARGE).lines().last().unwrap().contains("failed to run"),
        "the detail has it"
    );
    let (app, _) = live(vec![failed(1, "short")]);
    assert!(drawn(&app, noon(), USUAL).lines().last().unwrap().starts_with("Enter open"));
}

#[test]
fn filter_is_visible_while_typed_and_after() {
    let (mut app, _) = live(mixed());
    press(&mut app, "/memory");
    assert!(drawn(&app, noon(), USUAL).contains("/memory"));
    let mut ui = UiState::new(Colours::Full);
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| drop(draw(&app, &mut ui, noon(), frame))).unwrap();
    terminal.backend_mut().assert_cursor_position((7, 22));
    press(&mut app, "\n");
    let drawn = drawn(&app, noon(), USUAL);
    assert!(drawn.contains("1/34 held /memory"), "{drawn}");
}

#[test]
fn mistake_in_the_filter_is_explained_beside_the_active_filter() {
    let (mut app, _) = live(mixed());
    press(&mut app, "/reason:memory stat:x");
    for (name, size) in [("faulty_small", SMALL), ("faulty_usual", USUAL)] {
        let drawn = drawn(&app, noon(), size);
        let height = usize::from(size.1);
        assert_snapshot!(name, drawn.lines().skip(height - 2).collect::<Vec<_>>().join("\n"));
    }
    let buf = frame(&app, &mut UiState::new(Colours::None), noon(), USUAL);
    let marked: String = (0..USUAL.0 / 2)
        .map(|x| &buf[(x, USUAL.1 - 2)])
        .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(marked, "stat");
}

#[test]
fn mistake_is_underlined_in_scrolled_text() {
    let (mut app, _) = live(mixed());
    press(&mut app, &format!("/{} gone:日本", "word ".repeat(20)));
    let buf = frame(&app, &mut UiState::new(Colours::None), noon(), SMALL);
    let line = (0..SMALL.1).find(|y| buf[(0, *y)].symbol() == "/").unwrap();
    let marked: String = (0..SMALL.0)
        .map(|x| &buf[(x, line)])
        .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(marked, "gone");
}

#[test]
fn slow_work_shows_its_progress() {
    let (mut app, _) = live((0..132_000).map(|nth| task(nth, State::Running, 60, 50)).collect());
    while app.work().is_some() {
        app.before_frame();
    }
    assert!(drawn(&app, noon(), USUAL).contains("132,000/132,000 held no filter  stuck: "));
    press(&mut app, ">");
    let first = drawn(&app, noon(), USUAL);
    assert!(first.contains("no filter  sorting… "), "{first}");
    press(&mut app, "j");
    assert_eq!(app.selected_at(), 1, "keys are answered meanwhile");
    press(&mut app, "/z");
    let prompt = drawn(&app, noon(), USUAL);
    assert!(prompt.contains("… ") && prompt.contains(" %"), "{prompt}");
    while app.work().is_some() {
        app.before_frame();
    }
    let (shown, total) = app.shown_of_total();
    assert!(shown < total && total == 132_000);
    assert!(!drawn(&app, noon(), USUAL).contains(" %"));
}

#[test]
fn footer_shows_the_keys_of_the_focused_pane_that_work_now() {
    let footer = |tasks: Vec<Task>, keys: &str, size| {
        let (mut app, _) = live(tasks);
        press(&mut app, keys);
        drawn(&app, noon(), size).lines().last().unwrap().to_owned()
    };
    let running = || vec![task(1, State::Running, 100, 50)];
    let table = footer(running(), "", USUAL);
    assert!(table.starts_with("Enter open  / filter  C cancel  Space mark  s sort"), "{table}");
    assert!(table.ends_with("? help") && !table.contains("delete"), "{table}");
    let completed = footer(vec![task(1, State::Completed, 100, 50)], "", USUAL);
    assert!(completed.contains("D delete  R resolve") && !completed.contains("cancel"), "{completed}");
    assert!(footer(running(), "d", USUAL).contains("x clear filters"), "once there is a filter");
    assert!(footer(Vec::new(), "", USUAL).starts_with("/ filter"), "nothing to open");
    let detail = footer(running(), "\n", USUAL);
    assert!(
        detail.starts_with("Enter reveal or fold  Esc close  l timeline  / filter  C cancel  y copy"),
        "{detail}"
    );
    let events = footer(running(), "\t\t\t", USUAL);
    assert!(events.starts_with("Enter to the table  j scroll  Esc back"), "{events}");
    assert_eq!(footer(running(), "?", WIDE).find("? help"), None, "the box of the help has its own keys");
    let small = footer(running(), "", SMALL);
    assert!(!small.contains('…'), "hints are left out, not cut: {small}");
}

/// The most urgent kind stands first, where a narrow screen does not cut it.
#[test]
fn status_names_what_is_stuck() {
    let rejected = Task { rejection_count: 3, ..task(1, State::Pending, 60, 60) };
    let (mut app, _) =
        live(vec![rejected, task(2, State::Pending, 700, 700), task(3, State::Running, 60, 60)]);
    app.update(Msg::Session(app.shown_session(), SessionMsg::Cells(Ok(Vec::new()))), noon());
    let stuck = "stuck: 1 on absent cells, 1 at the rejection limit, 1 pending over 10m (:stuck)";
    for (size, shown) in [(LARGE, stuck), (USUAL, "stuck: 1 on absent cells, 1 at the rejection limit, ")] {
        let drawn = drawn(&app, noon(), size);
        assert!(drawn.contains(shown), "{drawn}");
    }
    assert_snapshot!("stuck_usual", drawn(&app, noon(), USUAL));
    press(&mut app, ":stuck\n");
    assert_snapshot!("stuck_large", drawn(&app, noon(), LARGE));
    let (app, _) = live(vec![task(1, State::Running, 60, 60)]);
    assert!(!drawn(&app, noon(), LARGE).contains("stuck"), "calm");
}
