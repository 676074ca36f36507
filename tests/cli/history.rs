//! `history`, `failures` and `timeline`: what scripts read from a recording.

use std::fs;

use serde_json::Value;
use taskdeck::record::schema;

use crate::recorded::{Afternoon, CANCELLED};
use crate::run::{Output, command, run};

/// The window of all tests: their results do not depend on the time of day.
const NOON: &str = "2026-06-01T12:00";

fn json(printed: &str) -> Vec<Value> {
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn guids(afternoon: &Afternoon, arguments: &[&str]) -> Vec<String> {
    let printed = afternoon.printed(&[&["history", "--output", "json"], arguments].concat());
    json(&printed).iter().map(|task| task["guid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_history_is_a_table_with_the_newest_change_last() {
    let afternoon = Afternoon::recorded();
    insta::assert_snapshot!("history", afternoon.printed(&["history"]));
    let columns =
        ["history", "--columns", "guid,app,state,waited,ran,memory,rejections", "--target", "production"];
    insta::assert_snapshot!("history with columns", afternoon.printed(&columns));
}

#[test]
fn json_has_every_field_of_a_task() {
    let afternoon = Afternoon::recorded();
    let printed = afternoon.printed(&["history", "--filter", "guid:hostile-1|running-1", "--output", "json"]);
    insta::assert_snapshot!("history as JSON", printed);
    // The names are those of the view.
    let known = schema_columns(&afternoon);
    let task = &json(&printed)[0];
    let unknown: Vec<_> = task.as_object().unwrap().keys().filter(|key| !known.contains(*key)).collect();
    assert_eq!(unknown, [""; 0], "{known:?}");
}

/// Returns the names of the columns of the view `tasks`.
fn schema_columns(afternoon: &Afternoon) -> Vec<String> {
    let db = rusqlite::Connection::open(&afternoon.file).unwrap();
    let query = db.prepare("SELECT * FROM tasks").unwrap();
    query.column_names().map(str::to_owned).collect()
}

#[test]
fn csv_is_quoted_with_the_target_first() {
    let afternoon = Afternoon::recorded();
    let rows = afternoon.printed(&["history", "--filter", "domain:batch", "--output", "csv"]);
    let expected = "target,guid,domain,state,cell,created_at,updated_at,reason\n\
         production,hostile-1,batch,removed,cell-a,2026-06-01T12:05:00Z,2026-06-01T12:05:10.01Z,\
         \"out of \u{1b}[31mmemory,\nsee https://••••••@blobs/x\"\n";
    assert_eq!(rows, expected);
}

#[test]
fn filters_times_and_targets_select_tasks() {
    let afternoon = Afternoon::recorded();
    let failed = ["oom-1", "oom-2", "hostile-1", CANCELLED, "staging-1"];
    let all = ["done-1", "oom-1", "oom-2", "hostile-1", CANCELLED, "staging-1", "running-1"];
    for (arguments, found) in [
        (&[][..], &all[..]),
        (&["--filter", "failed:true"], &failed),
        (&["--filter", "failed:true !domain:batch app:shop"], &["oom-1", "oom-2", "staging-1"]),
        (&["--filter", "cell:cell-b"], &["oom-1", "oom-2"]),
        (&["--filter", "state:gone cause:cancelled|removed"], &["hostile-1", CANCELLED]),
        (&["--filter", "ended:false"], &["running-1"]),
        (&["--filter", "reason:memory"], &["oom-1", "oom-2", "hostile-1"]),
        (&["--filter", "age:<1h"], &[]),
        (&["--since", "2026-06-01T12:04:00.021Z", "--until", "2026-06-01 12:10"], &["oom-2", "hostile-1"]),
        (&["--until", NOON], &[]),
        (&["--target", "staging"], &["staging-1"]),
        (&["--target", "staging", "--filter", "domain:cf-tasks"], &[]),
    ] {
        assert_eq!(guids(&afternoon, arguments), found, "{arguments:?}");
    }
}

#[test]
fn a_recording_that_ended_before_is_no_empty_success() {
    let afternoon = Afternoon::recorded();
    let ran = afternoon.run(&["history", "--since", "2026-06-02T00:00", "--output", "json"]);
    let said = "taskdeck: nothing was recorded since 2026-06-02 00:00:00; the recording ends at 2026-06-01 13:00:00 UTC\n";
    assert_eq!(ran, Output { status: Some(0), out: String::new(), err: said.to_owned() });
}

#[test]
fn failures_are_counted_by_reason_with_where_most_of_them_were() {
    let afternoon = Afternoon::recorded();
    insta::assert_snapshot!("failures", afternoon.printed(&["failures"]));
    insta::assert_snapshot!("failures as JSON", afternoon.printed(&["failures", "--output", "json"]));
    insta::assert_snapshot!("failures as CSV", afternoon.printed(&["failures", "--output", "csv"]));
}

#[test]
fn failures_are_those_of_the_time_that_was_asked_for() {
    let afternoon = Afternoon::recorded();
    let counts = |arguments: &[&str]| -> Vec<(String, u64)> {
        let printed = afternoon.printed(&[&["failures", "--output", "json"], arguments].concat());
        let count =
            |line: &Value| (line["reason"].as_str().unwrap().to_owned(), line["count"].as_u64().unwrap());
        json(&printed).iter().map(count).collect()
    };
    let oom = "Exited with status <n> (out of memory)";
    let oom = |count| (oom.to_owned(), count);
    assert_eq!(counts(&["--since", NOON, "--until", "2026-06-01T12:05"]), [oom(2)]);
    // The first one failed before, and was deleted after that.
    assert_eq!(counts(&["--since", "2026-06-01T12:02:31.001Z", "--until", "2026-06-01T12:05"]), [oom(1)]);
    assert_eq!(counts(&["--filter", "cell:cell-b"]), [oom(2)]);
    assert_eq!(counts(&["--filter", "failed:false"]), []);
    assert_eq!(counts(&["--target", "staging"]), [("Exited with status <n>".to_owned(), 1)]);
    assert_eq!(counts(&["--filter", "cause:cancelled"]), [("task was cancelled".to_owned(), 1)]);
}

#[test]
fn a_timeline_has_phases_changes_gaps_and_actions() {
    let afternoon = Afternoon::recorded();
    insta::assert_snapshot!("timeline", afternoon.printed(&["timeline", CANCELLED]));
    insta::assert_snapshot!("timeline of a hostile task", afternoon.printed(&["timeline", "hostile-1"]));
    insta::assert_snapshot!("timeline of a running task", afternoon.printed(&["timeline", "running-1"]));
    insta::assert_snapshot!(
        "timeline as JSON",
        afternoon.printed(&["timeline", CANCELLED, "--output", "json"])
    );
    insta::assert_snapshot!(
        "timeline as CSV",
        afternoon.printed(&["timeline", CANCELLED, "--output", "csv"])
    );
}

#[test]
fn what_cannot_be_read_is_said_with_what_to_do() {
    let afternoon = Afternoon::recorded();
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("other.db");
    let file = path.to_str().unwrap();
    let ran = run(command(&["history", "--file", file]));
    let said = format!(
        "taskdeck: there is no recording at {file}; start one with `taskdeck record`, or name a file with --file\n"
    );
    assert_eq!(ran, Output { status: Some(5), out: String::new(), err: said });

    let ran = afternoon.run(&["timeline", "nope\u{1b}"]);
    let said = "taskdeck: the recording has no task nope␛; `taskdeck history` lists its tasks\n".to_owned();
    assert_eq!(ran, Output { status: Some(4), out: String::new(), err: said });

    let ran = afternoon.run(&["history", "--target", "nope"]);
    let said =
        "taskdeck: the recording has no target \"nope\"; its targets: production, staging\n".to_owned();
    assert_eq!(ran, Output { status: Some(3), out: String::new(), err: said });

    let db = rusqlite::Connection::open(&afternoon.file).unwrap();
    db.pragma_update(None, "user_version", schema::newest() + 1).unwrap();
    drop(db);
    for verb in [&["history"][..], &["failures"], &["timeline", "done-1"]] {
        let ran = afternoon.run(verb);
        assert_eq!((ran.status, ran.out.as_str()), (Some(5), ""), "{verb:?}");
        assert!(ran.err.contains("a newer taskdeck wrote it"), "{}", ran.err);
        assert!(ran.err.ends_with("; read it with that version\n"), "{}", ran.err);
    }

    let text = home.path().join("text.db");
    fs::write(&text, "no database ".repeat(1_000)).unwrap();
    let ran = run(command(&["history", "--file", text.to_str().unwrap()]));
    assert_eq!((ran.status, ran.out.as_str()), (Some(5), ""));
    assert!(ran.err.contains("it is not a recording"), "{}", ran.err);
}

#[test]
fn a_damaged_recording_is_said_to_be_damaged() {
    let afternoon = Afternoon::recorded();
    let mut bytes = fs::read(&afternoon.file).unwrap();
    // Everything after the schema.
    let length = bytes.len();
    bytes[length / 2..].fill(0xaa);
    fs::write(&afternoon.file, bytes).unwrap();
    let ran = afternoon.run(&["history"]);
    assert_eq!(ran.status, Some(5), "{}", ran.out);
    assert!(ran.err.contains(": it is damaged ("), "{}", ran.err);
    assert!(ran.err.contains("`.recover`"), "{}", ran.err);
}

#[test]
fn a_recording_is_read_while_another_program_writes_to_it() {
    let afternoon = Afternoon::recorded();
    let db = rusqlite::Connection::open(&afternoon.file).unwrap();
    db.execute_batch("BEGIN IMMEDIATE; DELETE FROM lives;").unwrap();
    assert_eq!(afternoon.printed(&["history", "--output", "json"]).lines().count(), 7);
    db.execute_batch("COMMIT").unwrap();
    assert_eq!(afternoon.printed(&["history", "--output", "json"]), "");
}

#[test]
fn invalid_arguments_are_usage_errors() {
    let afternoon = Afternoon::recorded();
    for (arguments, said) in [
        (&["--filter", "sate:x"][..], "invalid filter: Unknown field \"sate\". Did you mean \"state\"?"),
        (&["--filter", "stuck:any"], "Only the dashboard sees which tasks are stuck"),
        (
            &["--columns", "guid,gid"],
            "Unknown column \"gid\". Did you mean \"guid\"? The columns are target, guid, ",
        ),
        (&["--columns", "guid", "--output", "json"], "--columns goes with --output table or csv"),
        (&["--since", "2"], "the unit is missing: did you mean 2s, 2m or 2h?"),
        (&["--until", "soon"], "expected a duration like 2h, or a time like 2026-06-01T12:00"),
        (&["--output", "yaml"], "invalid value 'yaml'"),
    ] {
        let ran = afternoon.run(&[&["history"], arguments].concat());
        assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""), "{arguments:?}");
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
    }
}
