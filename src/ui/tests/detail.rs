//! The detail: at four sizes, its folding sections, and its columns.

use insta::assert_snapshot;

use super::scenes::{complete, failed, live, mixed, noon, press};
use super::*;
use crate::app::SessionMsg;
use crate::model::{EnvironmentVariable, TaskDefinition};

#[test]
fn detail_at_every_size() {
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
fn detail_warns_when_its_row_is_filtered_out() {
    let (mut app, _) = live(mixed());
    press(&mut app, "/state:running\n\n");
    let guid = app.detail_entry().unwrap().task.guid.to_string();
    assert!(!drawn(&app, noon(), LARGE).contains("not in the current view"));
    press(&mut app, "x/state:pending\n");
    let drawn = drawn(&app, noon(), LARGE);
    assert!(drawn.contains("not in the current view"), "{drawn}");
    assert!(drawn.contains(&format!("Task {guid}")), "{drawn}");
    press(&mut app, "C");
    assert!(super::drawn(&app, noon(), LARGE).contains(&format!("Cancel task {guid}?")));
}

#[test]
fn section_under_the_cursor_folds() {
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
fn values_align_in_one_column_and_times_fit_one_line() {
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
