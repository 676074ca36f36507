//! `docs/recording.md` names the columns of every view, and its statements run.

use super::*;

const PAGE: &str = include_str!("../../../docs/recording.md");

/// Returns the columns that the page lists below the heading of a view.
fn documented(view: &str) -> Vec<&'static str> {
    let heading = format!("### `{view}`\n");
    let (_, section) = PAGE.split_once(&heading).expect("a heading of the view");
    let section = section.split("\n#").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(column, _)| column).collect()
}

#[test]
fn the_page_has_the_columns_of_every_view() {
    let home = tempfile::tempdir().unwrap();
    let recording = Recording::create(&home.path().join("recording.db")).unwrap();
    let columns = |view: &str| -> Vec<String> {
        let mut query = recording.db.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        query.query_map([view], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    };
    for view in ["runs", "tasks", "task_changes", "gaps", "actions"] {
        assert_eq!(columns(view), documented(view), "{view}");
    }
    assert_eq!(columns("failures"), columns("tasks"));
    let mut query = recording.db.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'").unwrap();
    let views: Vec<String> =
        query.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
    assert!(views.iter().all(|view| PAGE.contains(&format!("`{view}`"))), "{views:?}");
}

#[test]
fn its_statements_run() {
    let home = tempfile::tempdir().unwrap();
    let recording = Recording::create(&home.path().join("recording.db")).unwrap();
    let sql = PAGE.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next());
    let shell = PAGE.split("\"SELECT ").skip(1).filter_map(|rest| rest.split('"').next());
    let statements: Vec<_> =
        sql.map(str::to_owned).chain(shell.map(|rest| format!("SELECT {rest}"))).collect();
    assert_eq!(statements.len(), 3, "{statements:?}");
    for statement in statements {
        let mut query = recording.db.prepare(&statement).unwrap();
        assert!(query.query([]).unwrap().next().unwrap().is_none(), "{statement}");
    }
}
