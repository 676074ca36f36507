//! Saving what the main view shows to a file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use taskdeck::app::key::KeyCode;
use taskdeck::bbs::Access;
use taskdeck::bbs::wire::{EnvironmentVariable, TaskDefinition};
use taskdeck::sim::Sim;

use crate::story::{Operator, definition, desire, quiet_bbs, story};

/// Runs a command of the prompt.
fn command(operator: &Operator<'_>, text: &str) {
    operator.press(&format!(":{text}"));
    operator.enter();
}

/// Saves, waits for the notice, and returns the file.
async fn saved(operator: &mut Operator<'_>, what: &str, path: &Path, rest: &str) -> String {
    command(operator, &format!("save {}{rest}", path.display()));
    operator.sees(&format!("Saved {what} to {}", path.display())).await;
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o7777, 0o600);
    fs::read_to_string(path).unwrap()
}

/// The first value of each line but that of the headings.
fn guids(csv: &str) -> Vec<&str> {
    csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect()
}

/// A task with a secret, that has failed for a reason that is a formula.
fn fail_with_formula(sim: &Sim, guid: &str) {
    let variable = EnvironmentVariable { name: "PASSWORD".into(), value: "hunter2".into() };
    let annotation = "red\u{9b}31m".into();
    let secretive = TaskDefinition { environment_variables: vec![variable], annotation, ..definition() };
    sim.with(|machine, now| machine.desire(guid, "secretive", secretive, now)).unwrap();
    sim.with(|machine, now| machine.start(guid, "cell-01", now)).unwrap();
    let reason = b"=HYPERLINK(\"http://user:pw@evil\")\n".as_slice();
    sim.with(|machine, now| machine.complete(guid, "cell-01", Err(reason), now)).unwrap();
}

#[tokio::test]
async fn the_rows_of_the_filter_are_saved_in_their_order() {
    let sim = quiet_bbs().await;
    // More than the screen has lines, and more than are taken between two frames.
    for nth in 0..5_000 {
        desire(&sim, &format!("task-{nth:04}"), if nth < 2_000 { "many-a" } else { "many-b" });
    }
    let expected = |range: std::ops::Range<usize>| range.map(|nth| format!("\"task-{nth:04}\""));
    let directory = tempfile::tempdir().unwrap();
    story(&sim, Access::ReadWrite, async |operator| {
        operator.press("/domain:many-*");
        operator.enter();
        operator.sees("5,000/5,002 held").await;
        operator.press("s");
        operator.press_code(KeyCode::Home);
        operator.press("j");
        operator.enter();
        operator.sees("DOMAIN▼").await;
        let file = saved(operator, "5,000 rows", &directory.path().join("tasks.csv"), "").await;
        assert!(file.starts_with("\"guid\",\"domain\",\"state\""), "{file}");
        assert!(guids(&file).into_iter().eq(expected(0..5_000)), "{file}");
        operator.press("S");
        operator.sees("DOMAIN▲").await;
        let file = saved(operator, "5,000 rows", &directory.path().join("reversed.csv"), "").await;
        assert!(guids(&file).into_iter().eq(expected(2_000..5_000).chain(expected(0..2_000))), "{file}");
    })
    .await;
}

#[tokio::test]
async fn a_tenants_text_is_neither_formula_nor_secret_nor_line_break() {
    let sim = quiet_bbs().await;
    fail_with_formula(&sim, "formula");
    let directory = tempfile::tempdir().unwrap();
    story(&sim, Access::ReadWrite, async |operator| {
        operator.press("/formula");
        operator.enter();
        operator.sees("1/3 held").await;
        let csv = saved(operator, "1 row", &directory.path().join("a.csv"), "").await;
        assert!(csv.contains("\"'=HYPERLINK(\"\"http://••••••@evil\"\")␊\""), "{csv}");
        assert_eq!(csv.lines().count(), 2, "{csv}");
        let json = saved(operator, "1 row", &directory.path().join("a.jsonl"), "").await;
        assert!(json.starts_with(r#"{"rootfs":"#) && json.contains(r#""task_guid":"formula""#), "{json}");
        assert!(json.contains(r#""name":"PASSWORD","value":"••••••""#), "{json}");
        assert!(json.contains(r"red\u009b31m"), "{json}");
        let text = saved(operator, "1 row", &directory.path().join("notes"), " text").await;
        assert!(text.starts_with("GUID") && text.contains("http://••••••@evil"), "{text}");
        for file in [&csv, &json, &text] {
            assert!(!file.contains("hunter2") && !file.contains("user:pw"), "{file}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_is_kept_unless_it_is_to_be_replaced() {
    let sim = quiet_bbs().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tasks.txt");
    fs::write(&path, "mine").unwrap();
    story(&sim, Access::ReadWrite, async |operator| {
        operator.sees("task-a").await;
        command(operator, &format!("save {}", path.display()));
        operator.sees("exists and is unchanged. Replace it with :save!").await;
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        command(operator, &format!("save! {}", path.display()));
        operator.sees("it replaces the old file").await;
        assert!(fs::read_to_string(&path).unwrap().contains("task-a"));
        command(operator, "save nowhere/at/all/tasks.csv");
        operator.sees("does not exist. Create the directory first").await;
        command(operator, &format!("save {}/tasks.docx", directory.path().display()));
        operator.sees("Unknown file extension. Add one of csv, jsonl, text after the file").await;
        operator.press_code(KeyCode::Esc);
    })
    .await;
}

#[tokio::test]
async fn groups_are_saved_while_they_take_the_place_of_the_tasks() {
    let sim = quiet_bbs().await;
    let directory = tempfile::tempdir().unwrap();
    story(&sim, Access::ReadWrite, async |operator| {
        operator.sees("task-a").await;
        operator.press("v");
        operator.sees("Domains  3").await;
        let csv = saved(operator, "3 groups", &directory.path().join("domains.csv"), "").await;
        assert_eq!(
            csv,
            "\"domain\",\"id\",\"note\",\"total\",\"pending\",\"running\",\"completed\",\"resolving\",\"unknown\",\"failed\"\n\
             \"batch\",\"batch\",\"\",1,0,1,0,0,0,0\n\
             \"cf-app-staging\",\"cf-app-staging\",\"\",0,0,0,0,0,0,0\n\
             \"cf-tasks\",\"cf-tasks\",\"\",1,1,0,0,0,0,0\n"
        );
        let json = saved(operator, "3 groups", &directory.path().join("domains.jsonl"), "").await;
        assert!(json.starts_with(r#"{"group":"domain","name":"batch","id":"batch","#), "{json}");
        assert_eq!(json.lines().count(), 3);
        let text = saved(operator, "3 groups", &directory.path().join("domains.txt"), "").await;
        assert!(text.contains("cf-tasks        cf-tasks                  1        1"), "{text}");
        operator.press("v");
    })
    .await;
}

#[tokio::test]
async fn quitting_ends_a_save_first() {
    let sim = quiet_bbs().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tasks.csv");
    story(&sim, Access::ReadWrite, async |operator| {
        operator.sees("task-b").await;
        command(operator, &format!("save {}", path.display()));
    })
    .await;
    assert_eq!(guids(&fs::read_to_string(&path).unwrap()).len(), 2);
}
