//! The failures view: what counts, how it is listed, and the members of a cluster.

use super::*;
use crate::model::failures::{Dimension, Window};
use crate::model::{Entity, Owner, Ownership};

/// The server's time is that of the harness: no list has told another one.
fn ago(harness: &Harness, seconds: i64) -> Timestamp {
    harness.now.wall.shifted(-seconds * 1_000_000_000)
}

fn running(harness: &Harness, guid: &str, cell: &str) -> Task {
    let at = ago(harness, 60);
    Task { cell: Some(CellId::from(cell)), created_at: at, updated_at: at, ..task(guid, State::Running) }
}

fn of_app(task: Task, app: &str) -> Task {
    let app = Entity { guid: format!("guid-of-{app}"), name: app.to_owned() };
    Task { owner: Owner::new(Ownership { app, ..Ownership::default() }), ..task }
}

/// The version of a running task that failed just now. Completion blanks the cell.
fn failed(harness: &Harness, before: &Task, reason: &str) -> Task {
    let at = harness.now.wall;
    let (state, failure_reason) = (State::Completed, reason.into());
    Task {
        cell: None,
        state,
        failed: true,
        failure_reason,
        updated_at: at,
        first_completed_at: at,
        ..before.clone()
    }
}

fn rejected(harness: &Harness, guid: &str, times: i32, reason: &str) -> Task {
    let at = harness.now.wall;
    let rejection_reason = reason.into();
    Task { rejection_count: times, rejection_reason, updated_at: at, ..task(guid, State::Pending) }
}

/// A dashboard with an open stream, and that stream.
fn live(tasks: impl FnOnce(&Harness) -> Vec<Task>) -> (Harness, StreamId) {
    let mut harness = Harness::new();
    let tasks = tasks(&harness);
    let stream = harness.go_live(tasks);
    (harness, stream)
}

fn fail(harness: &mut Harness, stream: StreamId, guid: &str, cell: &str, reason: &str) {
    let before = running(harness, guid, cell);
    let after = failed(harness, &before, reason);
    harness.send(SessionMsg::StreamItems(stream, vec![changed(before, after)]));
}

fn remove(harness: &mut Harness, stream: StreamId, last: Task) {
    let removed = StreamItem::Event(TaskEvent::Removed(last));
    harness.send(SessionMsg::StreamItems(stream, vec![removed]));
}

/// Nine failures of one cell among twenty of all, with another reason.
fn one_bad_cell() -> (Harness, StreamId) {
    let (mut harness, stream) = live(|_| Vec::new());
    for nth in 0..20 {
        fail(&mut harness, stream, &format!("usual-{nth}"), &format!("cell-{}", nth % 5), "exit status 1");
    }
    for nth in 0..9 {
        fail(&mut harness, stream, &format!("bad-{nth}"), "cell-3", "no space left on device");
    }
    (harness, stream)
}

/// The patterns of the listed reasons with their counts; `+` marks the parts of an unfolded one.
fn rows(harness: &Harness) -> Vec<String> {
    let clusters = harness.app.clusters();
    let row = |row: &FailureRow| match *row {
        FailureRow::Reason(reason) => {
            let reason = clusters.reason(reason).unwrap();
            format!("{} {}", reason.count(), reason.pattern().unwrap())
        }
        FailureRow::Part(_, part) => {
            let part = clusters.part(part).unwrap();
            format!("+{} {}", part.count(), part.value(Dimension::Cell).label())
        }
        FailureRow::More(_, more) => format!("+{more} more"),
    };
    harness.app.failures().rows().iter().map(row).collect()
}

#[test]
fn a_failure_counts_once_with_the_cell_that_completion_blanks() {
    let (mut harness, stream) = live(|_| Vec::new());
    fail(&mut harness, stream, "a", "cell-1", "exit status 7");
    harness.press("2");
    let last = failed(&harness, &running(&harness, "a", "cell-1"), "exit status 7");
    let resolving = Task { state: State::Resolving, ..last.clone() };
    harness.send(SessionMsg::StreamItems(stream, vec![changed(last, resolving.clone())]));
    remove(&mut harness, stream, resolving);
    harness.wait(Duration::from_secs(1));
    assert_eq!(harness.app.store().ended_count(), 1);
    harness.press_key(Key::plain(KeyCode::Right));
    assert_eq!(rows(&harness), ["1 exit status <n>", "+1 cell-1"]);
    harness.press_key(Key::plain(KeyCode::Left));
    assert_eq!(rows(&harness), ["1 exit status <n>"]);
}

#[test]
fn what_a_list_reveals_counts_with_its_own_time_and_once() {
    let old = |harness: &Harness, guid: &str, seconds| {
        let task = failed(harness, &running(harness, guid, "cell-1"), "oom");
        Task { first_completed_at: ago(harness, seconds), ..task }
    };
    let (mut harness, _) = live(|harness| vec![old(harness, "a", 100), old(harness, "b", 700)]);
    harness.press("2");
    assert_eq!(rows(&harness), ["1 oom"], "one of them was before the window");
    harness.press(">");
    assert_eq!(rows(&harness), ["2 oom"]);
    assert_eq!(harness.app.failures().window(), Window::Hour);
    let effects = harness.press("r");
    let mark = mark_of(&effects).unwrap();
    let again = vec![old(&harness, "a", 100), old(&harness, "b", 700), old(&harness, "c", 5)];
    harness.list(mark, again);
    harness.wait(Duration::from_millis(500));
    assert_eq!(rows(&harness), ["3 oom"]);
    harness.press("<<");
    assert_eq!(rows(&harness), ["2 oom"]);
    harness.wait(Duration::from_secs(590));
    harness.press("SS");
    assert_eq!(rows(&harness), ["1 oom"], "time passes");
}

#[test]
fn a_used_guid_that_fails_again_is_another_failure() {
    let (mut harness, stream) = live(|_| Vec::new());
    fail(&mut harness, stream, "a", "cell-1", "oom");
    let first = failed(&harness, &running(&harness, "a", "cell-1"), "oom");
    remove(&mut harness, stream, first);
    harness.wait(Duration::from_secs(3));
    fail(&mut harness, stream, "a", "cell-2", "oom");
    harness.press("2");
    assert_eq!(rows(&harness), ["2 oom"]);
}

#[test]
fn enter_shows_the_members_and_esc_or_the_history_leads_back() {
    let (mut harness, stream) = one_bad_cell();
    fail(&mut harness, stream, "elsewhere", "cell-1", "no space left on device");
    harness.press("2\n");
    assert_eq!((harness.app.main_pane(), harness.app.filter().scope), (MainPane::Tasks, Scope::Failed));
    assert_eq!(harness.guids().len(), 10);
    assert_eq!(harness.notice(), "", "all of them are kept");
    harness.press("\u{1b}");
    assert_eq!((harness.app.main_pane(), harness.app.filter().is_active()), (MainPane::Failures, false));
    harness.press_key(Key::plain(KeyCode::Right));
    harness.press("j\n");
    assert_eq!(harness.guids().len(), 9, "those of cell-3");
    assert!(harness.guids().iter().all(|guid| guid.starts_with("bad-")));
    harness.press("[");
    assert_eq!(harness.app.main_pane(), MainPane::Failures);
    harness.press("]");
    assert_eq!((harness.app.main_pane(), harness.guids().len()), (MainPane::Tasks, 9));
    harness.press("/bad-1\n\u{1b}");
    assert!(!harness.app.filter().is_active(), "a filter that was typed since then is cleared as usual");
    assert_eq!(harness.app.main_pane(), MainPane::Tasks);
}

#[test]
fn the_members_of_a_window_are_those_of_the_window() {
    let old = |harness: &Harness, guid: &str, seconds| {
        let task = failed(harness, &running(harness, guid, "cell-1"), "oom");
        Task { first_completed_at: ago(harness, seconds), ..task }
    };
    let (mut harness, _) =
        live(|harness| (0..9).map(|nth| old(harness, &format!("t{nth}"), 100 * nth)).collect());
    harness.press("2");
    assert_eq!(rows(&harness), ["7 oom"]);
    harness.press("\n");
    assert_eq!(harness.app.filter().terms.text(), "failed-for:<=10m");
    assert_eq!(harness.guids().len(), 7);
    harness.press("\u{1b}>\n");
    assert_eq!((harness.app.filter().terms.text(), harness.guids().len()), ("", 9));
}

#[test]
fn what_has_no_cell_no_app_and_no_reason_is_filtered_by_that() {
    let bare = |harness: &Harness, guid: &str| {
        let at = ago(harness, 5);
        Task { failed: true, first_completed_at: at, ..task(guid, State::Completed) }
    };
    let (mut harness, stream) = live(|harness| {
        let owned = of_app(bare(harness, "owned"), "shop");
        vec![bare(harness, "a"), bare(harness, "b"), owned]
    });
    fail(&mut harness, stream, "c", "cell-1", "");
    harness.press("2");
    assert_eq!(rows(&harness), ["4 "]);
    harness.press_key(Key::plain(KeyCode::Right));
    harness.press("j\n");
    assert_eq!(harness.app.filter().terms.text(), "reason:\"\" cell:\"\" app:\"\"");
    assert_eq!(harness.guids(), ["a", "b"]);
}

#[test]
fn members_that_are_no_longer_kept_are_said() {
    let (mut harness, stream) = one_bad_cell();
    for nth in 0..3 {
        let guid = format!("bad-{nth}");
        let last = failed(&harness, &running(&harness, &guid, "cell-3"), "no space left on device");
        remove(&mut harness, stream, last);
    }
    harness.wait(Duration::from_secs(31 * 60));
    harness.press("2>\n");
    assert_eq!(harness.guids().len(), 6);
    assert_eq!(harness.notice(), "3 failed tasks of this cluster ended too long ago to be kept");
}

#[test]
fn what_one_cell_causes_comes_first_and_other_orders_are_a_key_away() {
    let (mut harness, stream) = one_bad_cell();
    harness.now = harness.now.plus(Duration::from_secs(2));
    fail(&mut harness, stream, "latest", "cell-1", "a reason of its own");
    harness.press("2");
    let (bad, usual, own) = ("9 no space left on device", "20 exit status <n>", "1 a reason of its own");
    assert_eq!(rows(&harness), [bad, usual, own]);
    harness.press("s");
    assert_eq!(rows(&harness), [usual, bad, own], "by count");
    harness.press("s");
    assert_eq!(rows(&harness)[0], own, "the latest");
    harness.press("s");
    assert_eq!(rows(&harness), [own, usual, bad], "by reason");
    harness.press("S");
    assert_eq!(rows(&harness), [bad, usual, own], "in reverse");
    assert_eq!(harness.app.failures().sort(), (FailureSort::Reason, true));
}

#[test]
fn the_cursor_stays_on_its_reason_while_others_overtake_it() {
    let (mut harness, stream) = one_bad_cell();
    harness.press("2sj");
    let cursor = |harness: &Harness| rows(harness)[harness.app.failures().cursor_at()].clone();
    assert_eq!(cursor(&harness), "9 no space left on device");
    for nth in 0..30 {
        fail(&mut harness, stream, &format!("more-{nth}"), "cell-3", "no space left on device");
    }
    harness.wait(Duration::from_secs(1));
    assert_eq!(
        (harness.app.failures().cursor_at(), cursor(&harness).as_str()),
        (0, "39 no space left on device")
    );
    harness.press("/status");
    assert_eq!(
        (rows(&harness).as_slice(), cursor(&harness).as_str()),
        (&["20 exit status <n>".to_owned()][..], "20 exit status <n>")
    );
    harness.press("\n\u{1b}");
    assert_eq!(rows(&harness).len(), 2, "Esc shows all again");
    harness.press("/cell-4\n");
    assert_eq!(rows(&harness), ["20 exit status <n>"], "names are searched too");
    harness.press("/Device\n");
    assert_eq!(harness.app.failures().listed_of_total(), (0, 2));
    assert_eq!(harness.press("\ny"), [], "nothing is there to show, copy or unfold");
    harness.press("\u{1b}\u{1b}\u{1b}");
    assert_eq!(harness.app.main_pane(), MainPane::Tasks, "first the notice, then the search");
}

#[test]
fn rejections_are_clustered_likewise_each_of_them() {
    let (mut harness, stream) = live(|harness| {
        let running_again = Task {
            rejection_count: 2,
            rejection_reason: "no room: memory".into(),
            ..running(harness, "r", "cell-1")
        };
        vec![rejected(harness, "a", 1, "no room: memory"), running_again]
    });
    harness.now = harness.now.plus(Duration::from_secs(1));
    let (before, after) =
        (rejected(&harness, "a", 1, "no room: memory"), rejected(&harness, "a", 2, "no room: memory"));
    harness.send(SessionMsg::StreamItems(stream, vec![changed(before, after)]));
    harness.press("f");
    assert_eq!(rows(&harness), ["2 no room: memory"], "what runs is no longer waiting for its reason");
    harness.press("\n");
    assert_eq!(
        (harness.guids().as_slice(), harness.app.filter().terms.text()),
        (&["a"][..], "state:pending")
    );
    harness.press("\u{1b}f");
    assert_eq!((harness.app.failures().kind(), rows(&harness).len()), (FailureKind::Failures, 0));
    harness.press("[");
    assert_eq!(harness.app.failures().kind(), FailureKind::Rejections, "each is a view of its own");
    assert_eq!(harness.app.view_history().current().name(), "rejections");
}

#[test]
fn the_view_is_opened_by_its_keys_and_by_its_name() {
    let (mut harness, _) = one_bad_cell();
    harness.press(":failures 1\n");
    assert_eq!(harness.app.failures().window(), Window::TenMinutes);
    assert!(matches!(harness.app.overlay(), Overlay::Command(_)), "ambiguous: it could be 10m or 1h");
    harness.press("\u{1b}:failures 24h\n");
    assert_eq!((harness.app.main_pane(), harness.app.failures().window()), (MainPane::Failures, Window::Day));
    harness.press("2");
    assert_eq!((harness.app.main_pane(), harness.app.filter().scope), (MainPane::Tasks, Scope::Failed));
    assert_eq!(harness.guids().len(), 29);
    harness.press("2v");
    assert_eq!(harness.app.main_pane(), MainPane::Groups);
    harness.press("2q");
    assert_eq!(harness.app.main_pane(), MainPane::Tasks);
    harness.press(":rejections\n");
    assert_eq!(harness.app.failures().kind(), FailureKind::Rejections);
}

#[test]
fn nothing_acts_on_a_task_that_the_view_hides() {
    let (mut harness, _) = one_bad_cell();
    harness.press("2");
    for key in ["C", "D", "R", "o", "d", " ", "a"] {
        assert_eq!(harness.press(key), [], "{key}");
        assert!(harness.notice().contains("The task table is hidden"), "{key}: {}", harness.notice());
    }
}

#[test]
fn a_cluster_is_copied_as_a_line_that_is_harmless() {
    let (mut harness, stream) = one_bad_cell();
    let copied = |harness: &mut Harness| match harness.press("y").as_slice() {
        [Effect::Copy(ToCopy { what, content: CopyContent::Text(text) })] => format!("{what}: {text}"),
        other => panic!("{other:?}"),
    };
    harness.press("2");
    assert_eq!(
        copied(&mut harness),
        "the cluster: 9 × no space left on device: 100 % cell cell-3 in the last 10m"
    );
    harness.press_key(Key::plain(KeyCode::Right));
    harness.press("j");
    assert_eq!(
        copied(&mut harness),
        "the cluster: 9 × no space left on device: cell cell-3, app (no app), domain cf-tasks in the last 10m"
    );
    fail(&mut harness, stream, "secret", "cell-1", "\u{1b}[31mevil words");
    harness.press("k/evil\n");
    assert!(!copied(&mut harness).contains('\u{1b}'));
}

#[test]
fn another_session_has_its_own_failures() {
    let (mut harness, _) = one_bad_cell();
    harness.press("2");
    harness.press_key(Key::plain(KeyCode::Right));
    let other = harness.open_session(Target::default());
    harness.app.show_session(other, harness.now);
    harness.press("2");
    assert_eq!(rows(&harness), Vec::<String>::new());
    harness.app.show_session(FIRST, harness.now);
    harness.send(Msg::Tick);
    assert_eq!(rows(&harness).len(), 2, "nothing is unfolded any more");
}

#[test]
fn a_click_selects_and_a_second_one_shows_the_members() {
    let (mut harness, _) = one_bad_cell();
    harness.press("2:mouse\n");
    if !harness.app.uses_mouse() {
        harness.press(":mouse\n");
    }
    let click = |harness: &mut Harness, pointed| {
        harness.send(Msg::Mouse(MouseAction::Click, Some(pointed), harness.now.mono));
    };
    click(&mut harness, Pointed::Failure(1));
    assert_eq!(harness.app.failures().cursor_at(), 1);
    click(&mut harness, Pointed::Failure(1));
    assert_eq!((harness.app.main_pane(), harness.guids().len()), (MainPane::Tasks, 20));
}

#[test]
fn esc_leads_out_of_failures_and_then_clears_the_filter() {
    for way in ["2", "2\n2", "2\n21"] {
        let (mut harness, stream) = live(|harness| vec![running(harness, "a", "cell-1")]);
        fail(&mut harness, stream, "a", "cell-1", "bad");
        harness.press("/state:completed\n");
        harness.press(way);
        for _ in 0..6 {
            harness.press("\u{1b}");
        }
        let app = &harness.app;
        assert_eq!((app.main_pane(), app.filter().is_active()), (MainPane::Tasks, false), "{way}");
    }
}
