//! Stories of the command prompt, the history of views, and the view that comes back after a restart.

use std::fs;
use std::path::Path;

use taskdeck::app::Settings;
use taskdeck::app::key::KeyCode;
use taskdeck::bbs::Access;
use taskdeck::sim::Sim;
use taskdeck::state::StateFile;

use crate::story::{Operator, desire, quiet_bbs, settings, start, story, story_keeping};

#[tokio::test]
async fn commands_filter_sort_and_choose_columns_by_name() {
    let sim = quiet_bbs().await;
    desire(&sim, "task-c", "batch");
    start(&sim, "task-c", "cell-02");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("3/3").await;
        operator.press(":dom");
        operator.sees("domain DOMAIN or *: Filter by a domain").await;
        operator.press("ain ");
        operator.sees("all domains").await;
        operator.press("ba");
        operator.tab();
        operator.sees(":domain batch").await;
        operator.enter();
        operator.sees("2/3 held domain batch").await;
        operator.press(":cell cell-02");
        operator.enter();
        operator.sees("1/3 held domain batch, cell cell-02").await;
        operator.press(":cell *");
        operator.enter();
        operator.sees("2/3 held domain batch").await;
        operator.press(":columns +mem");
        operator.tab();
        operator.press(" -cell");
        operator.enter();
        operator.until("the columns", |s| s.contains("MEMORY") && !s.contains("CELL ")).await;
        operator.press(":sort guid desc");
        operator.enter();
        operator.until("the last guid first", |screen| screen.find("task-c") < screen.find("task-b")).await;
        operator.press(":apps");
        operator.enter();
        operator.sees("Apps  0").await;
        operator.press(":state nowhere");
        operator.enter();
        operator.sees("No state is called \"nowhere\". The states are Pending").await;
        operator.press_code(KeyCode::Esc);
        operator.press(":held");
        operator.enter();
        operator.sees("GUID▲").await;
    })
    .await;
}

#[tokio::test]
async fn views_are_gone_back_to_with_their_selection() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2/2 held no filter").await;
        operator.press("/task-a");
        operator.enter();
        operator.sees("1/2 held /task-a").await;
        operator.command("failed");
        operator.sees("held › /task-a › failed").await;
        operator.press("[[");
        operator.sees("2/2 held no filter").await;
        operator.sees("held › /task-a › failed").await;
        operator.press("[");
        operator.sees("There is no previous view").await;
        operator.press("]");
        operator.sees("1/2 held /task-a").await;
        operator.press("x");
        operator.sees("held › /task-a › held").await;
    })
    .await;
}

/// Runs a story with the state of a directory, as the program starts it.
async fn run(directory: &Path, sim: &Sim, script: impl AsyncFnOnce(&mut Operator<'_>)) {
    let state_file = StateFile::in_directory(Some(directory));
    let (saved, warning) = state_file.load();
    let settings = Settings { saved, warning, ..settings() };
    story_keeping(state_file, settings, &sim.url(), Access::ReadWrite, script).await;
}

#[tokio::test]
async fn the_last_view_of_a_target_comes_back_after_a_restart() {
    let (sim, home) = (quiet_bbs().await, tempfile::tempdir().unwrap());
    run(home.path(), &sim, async |operator: &mut Operator<'_>| {
        operator.sees("2/2 held no filter").await;
        operator.press(":domain batch");
        operator.enter();
        operator.press(":sort cell desc");
        operator.enter();
        operator.sees("1/2 held domain batch").await;
    })
    .await;
    let text = fs::read_to_string(home.path().join("state.toml")).unwrap();
    assert!(text.contains("[[views]]") && text.contains("sort = \"-cell\""), "{text}");
    run(home.path(), &sim, async |operator: &mut Operator<'_>| {
        operator.sees("Restored the last view of http://127.0.0.1:").await;
        operator.sees("1/2 held domain batch").await;
        operator.sees("CELL▲").await;
        operator.press("x");
        operator.sees("2/2 held no filter").await;
    })
    .await;
    let elsewhere = quiet_bbs().await;
    run(home.path(), &elsewhere, async |operator: &mut Operator<'_>| {
        operator.sees("2/2 held no filter").await;
        assert!(!operator.screen().contains("Restored"), "another target has its own view");
        operator.command("failed");
        operator.sees("0/0 failed").await;
    })
    .await;
    run(home.path(), &sim, async |operator: &mut Operator<'_>| {
        operator.sees("2/2 held no filter").await;
        operator.sees("held tasks, sorted by cell in reverse.").await;
    })
    .await;
}

#[tokio::test]
async fn a_damaged_state_is_said_and_renamed_and_the_dashboard_runs() {
    let (sim, home) = (quiet_bbs().await, tempfile::tempdir().unwrap());
    let path = home.path().join("state.toml");
    fs::write(&path, "[[views]]\ntarget = 7\n").unwrap();
    run(home.path(), &sim, async |operator: &mut Operator<'_>| {
        operator.sees("is damaged (line 2: ").await;
        operator.sees("2/2 held no filter").await;
        operator.press("3");
        operator.sees("0/0 ended").await;
    })
    .await;
    assert_eq!(fs::read_to_string(home.path().join("state.toml.broken")).unwrap(), "[[views]]\ntarget = 7\n");
    assert!(fs::read_to_string(&path).unwrap().contains("tasks = \"ended\""));
    fs::write(&path, "[[views]]\ntarget = \"T\"\nfilter = \"state:nowhere\"\n".replace('T', &sim.url()))
        .unwrap();
    run(home.path(), &sim, async |operator: &mut Operator<'_>| {
        operator.sees("The filter /state:nowhere is no longer valid: Unknown state \"nowhere\"").await;
        operator.sees("2/2 held no filter").await;
    })
    .await;
}
