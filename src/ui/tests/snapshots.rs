//! Frames as they are read, at four sizes.

use insta::assert_snapshot;
use ratatui::style::{Color, Modifier};

use super::scenes::{cell, complete, connecting, failed, listing, live, mixed, noon, press, target, task};
use super::*;
use crate::app::commands::COMMANDS;
use crate::app::key::Key;
use crate::app::{Msg, SessionMsg};
use crate::filter::FIELDS;
use crate::model::lifecycle::Step;
use crate::model::{
    Call, EnvironmentVariable, Fault, FaultKind, RefusedType, RequestId, State, StreamItem, Task,
    TaskDefinition, TaskEvent, TaskFilter,
};
use crate::present::sanitise;

const SMALL: (u16, u16) = (40, 10);
const USUAL: (u16, u16) = (80, 24);
const WIDE: (u16, u16) = (120, 40);
const LARGE: (u16, u16) = (160, 48);

#[test]
fn the_table() {
    let (mut app, stream) = live(mixed());
    complete(&mut app, stream, task(7, State::Running, 4_020, 50));
    assert_snapshot!("table_small", drawn(&app, noon(), SMALL));
    assert_snapshot!("table_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("table_wide", drawn(&app, noon(), WIDE));
    assert_snapshot!("table_large", drawn(&app, noon(), LARGE));
}

#[test]
fn the_failed_view() {
    let (mut app, _) = live(mixed());
    press(&mut app, "2");
    assert_snapshot!("failed_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("failed_large", drawn(&app, noon(), LARGE));
}

#[test]
fn the_detail() {
    let (mut app, stream) = live(mixed());
    press(&mut app, "\n");
    let selected = app.selected().unwrap().task.clone();
    complete(&mut app, stream, selected);
    assert_snapshot!("detail_small", drawn(&app, noon(), SMALL));
    assert_snapshot!("detail_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("detail_wide", drawn(&app, noon(), WIDE));
    assert_snapshot!("detail_large", drawn(&app, noon(), LARGE));
}

#[test]
fn the_header_of_a_frozen_server_says_when_it_was_last_heard_and_then_that_it_does_not_respond() {
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
    assert!(header(&app, at).ends_with("  live, heard 5s ago"), "{}", header(&app, at));
    let at = wait(&mut app, 3);
    assert!(header(&app, at).ends_with("  NOT RESPONDING for 8s"), "{}", header(&app, at));
    let cause = FaultKind::Unreachable { cause: "connection reset".into(), sent: true };
    let fault = Fault { call: Call::Ping, target: target().url, request: None, kind: cause };
    app.update(Msg::Session(app.shown_session(), SessionMsg::Pinged(Err(fault))), at);
    assert!(header(&app, at).ends_with("for 8s: unreachable: connection reset"), "{}", header(&app, at));
}

#[test]
fn a_detail_whose_row_is_filtered_away_says_so() {
    let (mut app, _) = live(mixed());
    press(&mut app, "/state:running\n\n");
    let guid = app.detail_entry().unwrap().task.guid.to_string();
    assert!(!drawn(&app, noon(), LARGE).contains("the table does not show it now"));
    press(&mut app, "x/state:pending\n");
    let drawn = drawn(&app, noon(), LARGE);
    assert!(drawn.contains("the table does not show it now"), "{drawn}");
    assert!(drawn.contains(&format!("Task {guid}")), "{drawn}");
    press(&mut app, "C");
    assert!(super::drawn(&app, noon(), LARGE).contains(&format!("Cancel task {guid}?")));
}

#[test]
fn an_ended_task_says_how_it_ended_in_its_row_its_detail_and_the_events() {
    let running = task(1, State::Running, 90, 30);
    let (mut app, stream) = live(vec![running.clone()]);
    press(&mut app, "\n");
    let definition = running.definition.clone().with_callback(true);
    let last = Task { state: State::Resolving, cell: None, updated_at: noon().wall, definition, ..running };
    let removed = StreamItem::Event(TaskEvent::Removed(last));
    app.update(Msg::Session(app.shown_session(), SessionMsg::StreamItems(stream, vec![removed])), noon());
    app.before_frame();
    let drawn = drawn(&app, noon(), LARGE);
    assert!(drawn.contains("✓ callback "), "{drawn}");
    assert!(drawn.contains("removed by its callback  00000001-"), "{drawn}");
    assert!(line_with(&drawn, "ended  ").contains("the BBS called its"), "{drawn}");
}

#[test]
fn the_question_names_its_task_in_full() {
    let (mut app, _) = live(vec![task(1, State::Completed, 90, 30)]);
    press(&mut app, "D");
    for size in [SMALL, USUAL] {
        let drawn = drawn(&app, noon(), size);
        assert!(drawn.contains("00000001-5e1f-4d3c-8a6b-000000000001"), "{drawn}");
        assert!(drawn.contains(" No    Yes "), "{drawn}");
    }
    assert_snapshot!("confirm_small", drawn(&app, noon(), SMALL));
    assert_snapshot!("confirm_usual", drawn(&app, noon(), USUAL));
}

#[test]
fn no_stands_first_and_is_highlighted() {
    let (mut app, _) = live(vec![task(1, State::Running, 90, 30)]);
    press(&mut app, "C");
    let buf = frame(&app, &mut UiState::new(Colours::None), noon(), USUAL);
    let reversed: String = (0..buf.area.height)
        .flat_map(|y| (0..buf.area.width).map(move |x| (x, y)))
        .filter(|at| buf[*at].modifier.contains(Modifier::REVERSED | Modifier::BOLD))
        .map(|at| buf[at].symbol())
        .collect();
    assert!(reversed.contains(" No "), "{reversed}");
    assert!(!reversed.contains("Yes"), "{reversed}");
}

#[test]
fn a_key_that_came_too_soon_is_said() {
    let (mut app, _) = live(vec![task(1, State::Running, 90, 30)]);
    for key in ['C', 'y'] {
        app.update(Msg::Key(Key::char(key), noon().mono), noon());
    }
    for size in [SMALL, USUAL] {
        let drawn = drawn(&app, noon(), size);
        assert!(drawn.contains(" No    Yes    Too soon: key ignored"), "{drawn}");
    }
}

#[test]
fn what_awaits_its_answer_is_named_before_the_program_ends() {
    let (mut app, _) = live((1..=5).map(|id| task(id, State::Running, 90, 30)).collect());
    press(&mut app, "CyjCyq");
    assert_snapshot!("quit_usual", drawn(&app, noon(), USUAL));
    press(&mut app, "njCyjCyjCyq");
    let drawn = drawn(&app, noon(), USUAL);
    assert!(drawn.contains("and 2 more"), "{drawn}");
}

#[test]
fn an_action_shows_in_its_row() {
    let (mut app, _) = live(vec![task(1, State::Running, 90, 30)]);
    press(&mut app, "Cy");
    assert!(drawn(&app, noon(), SMALL).contains("cancelling…"));
    assert!(drawn(&app, noon(), USUAL).contains("for 0s, no"));
}

#[test]
fn what_the_server_says_of_an_action_is_read_to_its_end_on_every_usual_screen() {
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
fn the_states_have_their_columns_in_the_side_panes_whatever_state_tasks_are_in() {
    let running = || (0..30).map(|nth| task(nth, State::Running, 90, 30)).collect();
    for (width, wanted) in [(120, "pend  run comp fail"), (160, "pend  run comp reso fail")] {
        for tasks in [mixed(), running()] {
            let (app, _) = live(tasks);
            let drawn = drawn(&app, noon(), (width, 40));
            assert_eq!(drawn.matches(wanted).count(), 2, "{drawn}");
        }
    }
}

/// The line with this text, from there on.
fn line_with<'a>(drawn: &'a str, text: &str) -> &'a str {
    let line = drawn.lines().find_map(|line| line.get(line.find(text)?..));
    line.unwrap_or_else(|| panic!("no {text}: {drawn}"))
}

#[test]
fn presence_that_could_not_be_asked_is_said_and_no_cell_is_marked() {
    let (mut app, _) = live(mixed());
    let seen = drawn(&app, noon(), LARGE);
    assert!(seen.contains("~ cell-2"), "{seen}");
    let away = |call| {
        let message = "Get \"https://locket.service.cf.internal:8891\": connection refused".into();
        let kind = FaultKind::Refused { kind: RefusedType::UNKNOWN, message };
        Fault { call, target: target().url, request: None, kind }
    };
    app.update(Msg::Session(app.shown_session(), SessionMsg::Cells(Err(away(Call::Cells)))), noon());
    app.update(Msg::Session(app.shown_session(), SessionMsg::Domains(Err(away(Call::Domains)))), noon());
    let unknown = drawn(&app, noon(), LARGE);
    assert!(!unknown.contains('~'), "{unknown}");
    for words in ["Presence unknown since 12:00:00: the", "Freshness unknown since 12:00:00: the", "refused"]
    {
        assert!(unknown.contains(words), "{words}: {unknown}");
    }
    assert_snapshot!("presence_unknown", unknown);
}

#[test]
fn a_domain_that_nobody_keeps_fresh_is_marked_quietly_and_explained_when_selected() {
    let (mut app, _) = live(mixed());
    let buf = frame(&app, &mut UiState::new(Colours::Full), noon(), LARGE);
    let drawn_now = text(&buf);
    let y = drawn_now.lines().position(|line| line.contains("~ cf-apps")).unwrap();
    let warned = Theme::new(Colours::Full).tone(crate::present::Tone::Warn).fg;
    let name = (2..9).map(|x| buf[(x, u16::try_from(y).unwrap())].style().fg);
    assert!(warned.is_some() && name.into_iter().all(|fg| fg != warned), "not in a warning's colour");
    press(&mut app, "\tj");
    for size in [USUAL, LARGE] {
        let drawn = drawn(&app, noon(), size).replace('\n', " ");
        assert!(drawn.contains("No client keeps domain cf-apps-staging fresh. Tasks do not"), "{drawn}");
        assert!(drawn.contains("keeps only cf-tasks fresh."), "{drawn}");
    }
    press(&mut app, "\tjjj");
    let drawn = drawn(&app, noon(), LARGE);
    assert!(line_with(&drawn, "Cell cell-2").contains("is not present"), "{drawn}");
}

#[test]
fn a_zone_stands_whole_beside_its_cell_or_not_at_all() {
    let (mut app, _) = live(mixed());
    let long = "cell-of-some-availability-zone";
    app.update(
        Msg::Session(app.shown_session(), SessionMsg::Cells(Ok(vec![cell("cell-0"), cell(long)]))),
        noon(),
    );
    for (width, is_whole) in [(120, false), (160, true)] {
        let drawn = drawn(&app, noon(), (width, 40));
        assert!(drawn.contains("  cell-0 z1"), "{drawn}");
        assert_eq!(drawn.contains(&format!("{long} z1")), is_whole, "{drawn}");
        assert_eq!(drawn.matches(" z1").count(), 1 + usize::from(is_whole), "{drawn}");
    }
}

#[test]
fn the_selected_row_is_one_bar() {
    let (mut app, _) = live(mixed());
    for depth in [Colours::Full, Colours::Sixteen] {
        for key in ["g", "G", "k"] {
            press(&mut app, key);
            let buf = frame(&app, &mut UiState::new(depth), noon(), USUAL);
            let row = (3..USUAL.1 - 2).find(|y| buf[(0, *y)].modifier.contains(Modifier::REVERSED)).unwrap();
            for x in 0..USUAL.0 {
                let (cell, style) = (&buf[(x, row)], buf[(x, row)].style());
                assert!(cell.modifier.contains(Modifier::REVERSED) && cell.fg == Color::Reset, "{style:?}");
                assert!(!cell.modifier.contains(Modifier::DIM), "{style:?}");
            }
        }
    }
}

#[test]
fn help_has_every_key_by_group() {
    let (mut app, _) = live(mixed());
    press(&mut app, "?");
    assert_snapshot!("help_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("help_wide", drawn(&app, noon(), WIDE));
    assert_snapshot!("help_large", drawn(&app, noon(), LARGE));
    let large = drawn(&app, noon(), LARGE);
    let missing: Vec<_> = COMMANDS.iter().map(|row| row.help).filter(|help| !large.contains(help)).collect();
    assert!(missing.is_empty() && large.contains(FIELDS.last().unwrap().help), "all at once: {missing:?}");
}

#[test]
fn help_dims_the_commands_that_are_not_available() {
    let (mut app, _) = live(vec![task(1, State::Resolving, 200, 30)]);
    press(&mut app, "?");
    let buf = frame(&app, &mut UiState::new(Colours::Full), noon(), LARGE);
    let dimmed = Theme::new(Colours::Full).tone(crate::present::Tone::Quiet).fg.unwrap();
    let colour_of = |help: &str| {
        let symbols = |x: u16, y: u16| (x..LARGE.0).map(move |x| (x, y));
        let starts = |at: &(u16, u16)| {
            let text: String = symbols(at.0, at.1).map(|at| buf[at].symbol().to_owned()).collect();
            text.starts_with(help)
        };
        let at = (0..LARGE.1).flat_map(|y| symbols(0, y)).find(starts).unwrap();
        buf[at].fg
    };
    for (help, is_dimmed) in [
        ("Cancel the selected task", true),
        ("Resolve the selected task", true),
        ("Clear all filters", true),
        ("Delete the selected task", false),
        ("Copy the guid", false),
    ] {
        assert_eq!(colour_of(help) == dimmed, is_dimmed, "{help}");
    }
}

#[test]
fn the_side_panes_lie_over_the_table_where_it_is_narrow() {
    let (mut app, _) = live(mixed());
    press(&mut app, "\tj");
    assert_snapshot!("domains_usual", drawn(&app, noon(), USUAL));
}

#[test]
fn the_filter_is_seen_while_it_is_typed_and_after() {
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
fn a_faulty_filter_is_said_where_it_is_typed_and_the_good_one_stays_in_sight() {
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
fn the_fault_is_marked_where_the_text_is_scrolled_too() {
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
fn what_takes_longer_than_a_frame_says_how_far_it_is() {
    let (mut app, _) = live((0..132_000).map(|nth| task(nth, State::Running, 60, 50)).collect());
    while app.work().is_some() {
        app.before_frame();
    }
    assert!(drawn(&app, noon(), USUAL).contains("132,000/132,000 held no filter\n"));
    press(&mut app, "s");
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
fn an_empty_result_names_its_filter() {
    let (mut app, _) = live(mixed());
    press(&mut app, "/nothing like it\n");
    let drawn = drawn(&app, noon(), USUAL);
    assert!(drawn.contains("No task matches /nothing like it."), "{drawn}");
}

#[test]
fn connecting_is_not_the_same_as_no_tasks() {
    let (mut app, stream) = connecting(target());
    let before = drawn(&app, noon(), USUAL);
    assert!(before.contains("Connecting to https://bbs"), "{before}");
    let mark = listing(&mut app, stream);
    let kind = FaultKind::Unreachable { cause: "connection refused".into(), sent: false };
    let fault = Fault { call: Call::ListTasks, target: target().url, request: None, kind };
    app.update(Msg::Session(app.shown_session(), SessionMsg::ListFailed { mark, fault }), noon());
    let failed = drawn(&app, noon(), USUAL);
    assert!(failed.contains("Not connected to https://bbs"), "{failed}");
    assert!(!failed.contains("no tasks"), "{failed}");
    let (mut app, stream) = connecting(target());
    let mark = listing(&mut app, stream);
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::ListDone { mark, filter: TaskFilter::default(), received: 0 },
        ),
        noon(),
    );
    let empty = drawn(&app, noon(), USUAL);
    assert!(empty.contains("The BBS holds no tasks."), "{empty}");
}

#[test]
fn without_colours_nothing_is_coloured() {
    let (mut app, _) = live(mixed());
    press(&mut app, "\n");
    let buf = frame(&app, &mut UiState::new(Colours::None), noon(), LARGE);
    let reset = Color::Reset;
    assert!(buf.content().iter().all(|cell| (cell.fg, cell.bg) == (reset, reset)));
}

#[test]
fn the_selected_row_stays_in_view() {
    let (mut app, _) = live((0..500).map(|nth| task(nth, State::Running, 3_600, 50)).collect());
    let mut ui = UiState::new(Colours::Full);
    for key in ["G", "k", "g", "j"] {
        press(&mut app, key);
        let drawn = text(&frame(&app, &mut ui, noon(), USUAL));
        let guid = app.selected().unwrap().task.guid.to_string();
        assert!(drawn.contains(guid.get(..17).unwrap()), "{key}: {drawn}");
    }
    assert_eq!(ui.page(), 19);
}

#[test]
fn the_views_are_named_with_their_counts_and_the_current_one_stands_out_without_colours() {
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
    for (key, current) in [("2", " 2 Failed 1 "), ("3", " 3 Ended 2 "), ("1", " 1 Held 32 ")] {
        press(&mut app, key);
        for size in [USUAL, WIDE, LARGE] {
            let buf = frame(&app, &mut UiState::new(Colours::None), noon(), size);
            let tabs = text(&buf).lines().nth(1).unwrap().to_owned();
            assert!(tabs.starts_with(" 1 Held 32  2 Failed 1  3 Ended 2 "), "{tabs}");
            let reversed =
                (0..size.0).map(|x| &buf[(x, 1)]).filter(|cell| cell.modifier.contains(Modifier::REVERSED));
            assert_eq!(reversed.map(ratatui::buffer::Cell::symbol).collect::<String>(), current);
        }
    }
}

#[test]
fn the_whole_reason_of_the_selected_task_is_said_where_its_column_cuts_it() {
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
    assert!(drawn(&app, noon(), USUAL).lines().last().unwrap().starts_with("Tab pane"));
}

#[test]
fn no_name_is_cut_on_a_wide_screen_and_rows_that_scroll_by_move_no_column() {
    let mut tasks: Vec<_> = (0..200).map(|nth| task(nth, State::Running, 3_600, 50)).collect();
    tasks[0].domain = "a-domain-with-a-rather-long-name".into();
    let (mut app, _) = live(tasks);
    let mut ui = UiState::new(Colours::Full);
    let mut titles = |app: &App| {
        let drawn = text(&frame(app, &mut ui, noon(), LARGE));
        drawn.lines().nth(2).unwrap().to_owned()
    };
    let first = titles(&app);
    assert!(drawn(&app, noon(), LARGE).contains("~ a-domain-with-a-rather-long-name "));
    press(&mut app, "G");
    assert_eq!(titles(&app), first, "the long name is out of view, its column stays");
    press(&mut app, "/domain:cf-tasks");
    assert_eq!(titles(&app), first, "while it is typed");
    press(&mut app, "\n");
    assert_ne!(titles(&app), first, "another view");
}

#[test]
fn a_section_of_the_detail_folds_under_the_cursor() {
    let (mut app, _) = live(mixed());
    press(&mut app, "\n");
    let guid = app.selected().unwrap().task.guid.clone();
    let definition = TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        environment_variables: vec![EnvironmentVariable { name: "TOKEN".into(), value: "hunter2".into() }],
        ..TaskDefinition::default()
    };
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::Decoded { guid, result: Ok(std::sync::Arc::new(definition)) },
        ),
        noon(),
    );
    let mut ui = UiState::new(Colours::Full);
    let mut lines = |app: &App| -> (Vec<String>, Option<Msg>) {
        let drawn = text(&frame(app, &mut ui, noon(), (100, 60)));
        let lines = drawn.lines().skip_while(|line| !line.starts_with("Task ")).map(str::to_owned).collect();
        (lines, ui.toggle_under_cursor())
    };
    let (open, _) = lines(&app);
    let at = open.iter().position(|line| line == "▾ Definition").unwrap();
    press(&mut app, &"j".repeat(at - 1));
    let Some(fold) = lines(&app).1 else { panic!("nothing to fold: {open:?}") };
    assert!(matches!(fold, Msg::ToggleSection("Definition")));
    app.update(fold, noon());
    let (folded, unfold) = lines(&app);
    assert!(folded[at].starts_with("▸ Definition  ") && folded[at].ends_with(" fields"), "{folded:?}");
    assert_eq!(folded[at + 1], "▾ Environment");
    // What is below has moved up, and is still what Enter is about.
    press(&mut app, "jj");
    assert!(matches!(lines(&app).1, Some(Msg::ToggleSecret(_))));
    app.update(unfold.unwrap(), noon());
    assert_eq!(lines(&app).0, open);
}

#[test]
fn values_of_the_detail_stand_in_one_column_and_times_on_one_line() {
    let (mut app, _) = live(vec![failed(1, "exit status 137")]);
    press(&mut app, "\n");
    for (size, time) in [(USUAL, "11:55:00.000000 UTC (5m00s ago)"), (LARGE, "11:55:00 UTC (5m00s ago)")] {
        let buf = frame(&app, &mut UiState::new(Colours::Full), noon(), size);
        let detail: Vec<_> =
            text(&buf).lines().map(|line| line.rsplit('│').next().unwrap().to_owned()).collect();
        let column = |label: &str, value: &str| {
            let line = detail.iter().find(|line| line.trim().starts_with(label)).unwrap();
            line.find(value).unwrap_or_else(|| panic!("{value} in {line}"))
        };
        let columns = [
            column("state", "✗"),
            column("failure_reason", "exit"),
            column("created_at", time.strip_prefix("11:55:00.").map_or("11:55", |_| "2026-06-01 11:55")),
            column("first_completed_at", if size == USUAL { "2026" } else { "11:59" }),
        ];
        assert!(columns.iter().all(|at| *at == columns[0]), "{columns:?}");
        assert!(detail.iter().any(|line| line.contains("created_at") && line.ends_with(time)), "{detail:?}");
        assert!(!detail.iter().any(|line| line.trim() == "Task" || line.contains("task_guid")), "{detail:?}");
        let top = text(&buf).lines().position(|line| line.contains("Task 0000")).unwrap();
        let edge = (top..usize::from(size.1 - 2)).map(|y| &buf[(size.0 - 1, u16::try_from(y).unwrap())]);
        assert!(edge.filter(|cell| cell.symbol() != " ").count() == 0, "the right edge is empty");
    }
}
