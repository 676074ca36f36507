//! The documented views are those of the schema, and the statements of `docs/reference/recording.md` run.

use super::*;
use crate::record::views::VIEWS;

const PAGE: &str = include_str!("../../../docs/reference/recording.md");

#[test]
fn every_view_of_the_schema_is_documented_with_its_columns() {
    let home = tempfile::tempdir().unwrap();
    let recording = Recording::create(&home.path().join("recording.db")).unwrap();
    let columns = |view: &str| -> Vec<String> {
        let mut query = recording.db.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        query.query_map([view], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    };
    for view in VIEWS {
        let documented: Vec<_> = view.columns.iter().map(|(column, _)| *column).collect();
        assert_eq!(columns(view.name), documented, "{}", view.name);
    }
    assert_eq!(columns("failures"), columns("tasks"));
    let mut query = recording.db.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'").unwrap();
    let mut views: Vec<String> =
        query.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
    views.sort();
    let is_view = |name: &&str| *name != "runs";
    let mut documented: Vec<_> =
        VIEWS.iter().map(|view| view.name).filter(is_view).chain(["failures"]).collect();
    documented.sort_unstable();
    assert_eq!(views, documented);
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
