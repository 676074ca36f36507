//! What must hold of the state after every frame: cursors are on rows that exist, and what is kept is bounded.

use taskdeck::app::{App, Asks, DetailTab, GroupPlace, MainPane, Overlay, Pane, Settings};

/// The most notices that are kept.
const MOST_NOTICES: usize = 200;

/// Checks the state.
pub(crate) fn state(app: &App, settings: &Settings) {
    selection(app);
    for place in [GroupPlace::Main, GroupPlace::Upper, GroupPlace::Lower] {
        let pane = app.group_pane(place);
        assert!(
            pane.cursor_at() < pane.rows(),
            "the cursor of {place:?} is on row {} of {}",
            pane.cursor_at(),
            pane.rows()
        );
    }
    if app.main_pane() == MainPane::Failures {
        let pane = app.failures();
        assert!(pane.cursor_at() < pane.rows().len().max(1), "the cursor of the failures is on no row");
    }
    if app.main_pane() == MainPane::Pulse {
        let pane = app.pulse();
        assert!(pane.cursor_at() < pane.rows().len().max(1), "the cursor of the pulse is on no row");
    }
    let marked = app.store().entries().filter(|(_, entry)| app.is_marked(entry)).count();
    // A marked task that is not held stays marked.
    assert!(marked <= app.mark_count(), "{marked} of {} marked tasks are rows", app.mark_count());
    assert!(app.notices().all().count() <= MOST_NOTICES, "notices are bounded");
    assert!(app.event_log().entries().len() <= settings.events_kept, "the event log is bounded");
    let (shown, total) = app.shown_of_total();
    assert!(shown <= total || app.paused(), "{shown} rows of {total}");
    let ended = app.store().entries().filter(|(_, entry)| entry.end.is_some()).count();
    assert!(ended <= settings.ended_kept, "{ended} ended tasks are kept");
}

/// The selection is the row under the cursor, or there is none.
fn selection(app: &App) {
    let (rows, at) = (app.shown_of_total().0, app.selected_at());
    assert!(at < rows.max(1), "the cursor is on row {at} of {rows}");
    let row = app.row(at).map(|entry| &entry.task.guid);
    assert!(rows == 0 || row.is_some(), "row {at} of {rows} has no task");
    if let Some(selected) = app.selected() {
        let shown = (0..rows).any(|at| app.row(at).is_some_and(|row| row.task.guid == selected.task.guid));
        assert!(!shown || row == Some(&selected.task.guid), "the selection is not under the cursor");
    }
}

/// The places that a monkey must have been to.
pub(crate) const PLACES: [&str; 29] = [
    "tasks",
    "groups",
    "failures",
    "pulse",
    "fields",
    "timeline",
    "output",
    "filter",
    "command",
    "find",
    "question",
    "questions",
    "outcomes",
    "sort",
    "columns",
    "copy",
    "group chooser",
    "theme",
    "group search",
    "failure search",
    "open for writes",
    "close",
    "own commands",
    "own question",
    "quit",
    "create",
    "help",
    "replay",
    "range",
];

/// Returns the places that the next frame shows.
pub(crate) fn places(app: &App) -> impl Iterator<Item = &'static str> {
    let main = match app.main_pane() {
        MainPane::Tasks => "tasks",
        MainPane::Groups => "groups",
        MainPane::Failures => "failures",
        MainPane::Pulse => "pulse",
    };
    let overlay = match app.overlay() {
        Overlay::None => None,
        Overlay::Filter(_) => Some("filter"),
        Overlay::Command(_) => Some("command"),
        Overlay::Find(_) => Some("find"),
        Overlay::Confirm(_) => Some("question"),
        Overlay::BulkQuestion(_) => Some("questions"),
        Overlay::Outcomes(_) => Some("outcomes"),
        Overlay::Sort(_) => Some("sort"),
        Overlay::Columns(_) => Some("columns"),
        Overlay::Copy(_) => Some("copy"),
        Overlay::Groups(_) => Some("group chooser"),
        Overlay::Theme(_) => Some("theme"),
        Overlay::GroupSearch(_) => Some("group search"),
        Overlay::FailureSearch(_) => Some("failure search"),
        Overlay::Target(question) => Some(match question.asks {
            Asks::OpenWrites(_) => "open for writes",
            Asks::Close => "close",
        }),
        Overlay::OwnCommands(_) => Some("own commands"),
        Overlay::OwnCommand(_) => Some("own question"),
        Overlay::Quit(_) => Some("quit"),
        Overlay::Desire(_) => Some("create"),
        Overlay::Help(_) => Some("help"),
    };
    let tab = app.detail().map(|detail| match detail.tab {
        DetailTab::Fields => "fields",
        DetailTab::Timeline => "timeline",
    });
    let output = (app.focus() == Pane::Output).then_some("output");
    let replay = app.replay().map(|_| "replay");
    let range = app.range_len().map(|_| "range");
    [Some(main), overlay, tab, output, replay, range].into_iter().flatten()
}
