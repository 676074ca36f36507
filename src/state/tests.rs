//! Tests of the saved state: its format, and what happens to its file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;

fn with(filters: &[&str]) -> SavedState {
    let mut state = SavedState::default();
    for filter in filters.iter().rev() {
        assert!(state.add_filter(filter));
    }
    state
}

fn file(directory: &Path) -> StateFile {
    StateFile::in_directory(Some(directory))
}

#[test]
fn newest_filter_comes_first_and_none_twice() {
    let mut state = with(&["b", "a"]);
    assert!(state.add_filter(" a "));
    assert_eq!(state.filters(), ["a", "b"]);
    assert!(!state.add_filter("a"), "nothing changed");
    assert!(!state.add_filter("  "));
    for nth in 0..150 {
        state.add_filter(&format!("age:>{nth}m"));
    }
    assert_eq!(state.filters().len(), 100);
    assert_eq!(state.filters()[0], "age:>149m");
}

#[test]
fn text_reads_as_it_was_written() {
    let mut state = with(&["reason:\"no \\\" room\"", "app:日本\u{1b}[2J", "'''"]);
    assert!(state.add_command("filter stuck"));
    assert!(state.see("filter"));
    assert!(!state.see("filter"));
    assert!(state.keep_theme("dark"));
    assert!(!state.keep_theme("dark"));
    assert_eq!(SavedState::parse(&state.to_text().unwrap()), Ok(state));
    assert_eq!(SavedState::parse(""), Ok(SavedState::default()));
    let newer = SavedState::parse("filters = [\"a\", \"a\", \" \"]\nsomething_new = 1\n").unwrap();
    assert_eq!(newer.filters(), ["a"], "repeated and blank ones are dropped");
    assert!(SavedState::parse("\nfilters = 7").unwrap_err().starts_with("line 2: "));
}

fn view(target: &str, filter: &str) -> SavedView {
    SavedView { target: target.into(), filter: filter.into(), tasks: "held".into(), ..SavedView::default() }
}

#[test]
fn views_are_kept_by_target_and_read_as_they_were_written() {
    let mut state = SavedState::default();
    let group =
        SavedGroup { by: "app".into(), id: "guid".into(), label: Some("a \"b\"".into()), note: "dev".into() };
    let full = SavedView {
        grouped_by: Some("reason".into()),
        clusters: Some("failures".into()),
        sort: Some("-age".into()),
        groups: vec![group],
        ..view("prod", "app:\u{1b}x")
    };
    assert!(state.add_view(full.clone()) && !state.add_view(full.clone()));
    assert!(state.add_view(view("staging", "")) && state.add_view(view("prod", "b")));
    let text = state.to_text().unwrap();
    assert_eq!(SavedState::parse(&text), Ok(state.clone()), "{text}");
    assert_eq!(state.take_views(), [view("prod", "b"), view("staging", "")]);
    state.add_view(full);
    assert_eq!(SavedState::parse(&state.to_text().unwrap()), Ok(state.clone()));
    (0..100).for_each(|nth| assert!(state.add_view(view(&format!("target-{nth}"), ""))));
    assert_eq!(state.take_views().len(), 50);
}

#[test]
fn two_dashboards_keep_the_views_of_both() {
    let home = tempfile::tempdir().unwrap();
    let saved = |view: SavedView| {
        let mut state = file(home.path()).load().0;
        // As the dashboard does: it adds only what it changes itself.
        state.take_views();
        state.add_view(view);
        state
    };
    file(home.path()).save(&saved(view("prod", "old")));
    let one = saved(view("staging", "a"));
    file(home.path()).save(&saved(view("prod", "new")));
    file(home.path()).save(&one);
    assert_eq!(file(home.path()).load().0.take_views(), [view("staging", "a"), view("prod", "new")]);
}

#[test]
fn saved_state_is_loaded_and_private() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("state/taskdeck");
    let mut kept = file(&directory);
    assert_eq!(kept.load(), (SavedState::default(), None), "the first start has nothing to say");
    assert_eq!(kept.save(&with(&["a"])), None);
    assert_eq!(file(&directory).load(), (with(&["a"]), None));
    let names: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["state.toml"], "no temporary file is left");
    let mode = fs::metadata(directory.join("state.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mode = fs::metadata(&directory).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn two_dashboards_keep_the_filters_of_both() {
    let home = tempfile::tempdir().unwrap();
    let (mut one, mut other) = (file(home.path()), file(home.path()));
    one.save(&with(&["a"]));
    other.save(&with(&["b"]));
    assert_eq!(one.load().0, with(&["b", "a"]));
}

#[test]
fn damaged_file_is_set_aside_and_reported() {
    for damage in [b"filters = [".as_slice(), b"\xff\xfe"] {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state.toml");
        fs::write(&path, damage).unwrap();
        let (state, warning) = file(home.path()).load();
        assert_eq!(state, SavedState::default());
        let warning = warning.unwrap();
        assert!(warning.contains("is damaged") && warning.contains("state.toml.broken."), "{warning}");
        assert_eq!(fs::read(home.path().join("state.toml.broken")).unwrap(), damage);
        assert_eq!(file(home.path()).load(), (SavedState::default(), None), "it is reported once");
    }
}

#[test]
fn failure_to_save_is_reported_once() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("taken"), "a file where the directory should be").unwrap();
    let mut kept = file(&home.path().join("taken"));
    let warning = kept.save(&with(&["a"])).unwrap();
    assert!(warning.starts_with("Could not save the state "), "{warning}");
    assert_eq!(kept.save(&with(&["a", "b"])), None);
    assert_eq!(StateFile::in_directory(None).save(&with(&["a"])), None, "no directory, nothing to keep");
}
