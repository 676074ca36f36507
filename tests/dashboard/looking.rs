//! Stories of looking: columns, filters, groups, commands and help.

use taskdeck::app::Settings;
use taskdeck::app::key::KeyCode;
use taskdeck::bbs::Access;
use taskdeck::bbs::wire::TaskDefinition;
use taskdeck::filter::Filter;
use taskdeck::sim::{Options, Sim};

use crate::story::{Operator, definition, desire, quiet_bbs, settings, start, story, story_with};

#[tokio::test]
async fn tasks_are_seen_as_they_change_and_filtered_by_domain_and_by_cell() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("task-b").await;
        operator.sees("live").await;
        desire(&sim, "task-c", "cf-tasks");
        operator.sees("task-c").await;
        operator.press("/task-b");
        operator.enter();
        operator.sees("1/3").await;
        operator.press("d");
        operator.until("the domain's filter alone", |screen| screen.contains("domain batch")).await;
        operator.press("x");
        operator.sees("3/3").await;
        operator.press("/task-b");
        operator.enter();
        operator.sees("1/3").await;
        operator.press("o");
        operator.sees("cell cell-01").await;
    })
    .await;
}

/// Returns the line of titles, of the table and of the pane beside it.
fn titles(screen: &str) -> &str {
    screen.lines().find(|line| line.contains("GUID")).unwrap_or_default()
}

#[tokio::test]
async fn columns_are_chosen_and_sorted_by_what_definitions_hold() {
    let sim = Sim::start(Options::default()).await.unwrap();
    for (guid, memory_mb) in [("task-a", 512), ("task-b", 4_096), ("task-c", 64)] {
        let definition = TaskDefinition { memory_mb, annotation: "mine".into(), ..definition() };
        sim.with(|machine, now| machine.desire(guid, "batch", definition, now)).unwrap();
    }
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("3/3").await;
        operator.press("s");
        operator.sees("Sort by").await;
        operator.press("m");
        operator.enter();
        operator
            .until("the most memory first", |screen| {
                let at = |guid: &str| screen.find(&format!("│{guid}")).unwrap_or(usize::MAX);
                at("task-b") < at("task-a") && at("task-a") < at("task-c")
            })
            .await;
        // Its column is shown by now. It is moved before STATE, and widened.
        operator.press("c");
        operator.sees("Columns").await;
        operator.press(&"j".repeat(column_index("memory")));
        operator.press("++KKKKKK");
        operator.enter();
        operator
            .until("the column in its place", |screen| {
                let at = |title: &str| titles(screen).find(title);
                !screen.contains("Columns") && at("DOMAIN") < at("MEMORY▼") && at("MEMORY▼") < at("STATE")
            })
            .await;
        operator.until("its values", |screen| screen.contains("4G") && screen.contains("64M")).await;
        operator.press("w");
        operator
            .until("a wide table", |screen| {
                titles(screen).contains("IN STATE") && titles(screen).contains('›')
            })
            .await;
        for _ in 0..column_index("failed") {
            operator.press_code(KeyCode::Right);
        }
        operator
            .until("the last column", |screen| titles(screen).contains("FAILED") && screen.contains("mine"))
            .await;
        operator.press("w");
        operator.until("the chosen columns again", |screen| !titles(screen).contains("FAILED")).await;
    })
    .await;
}

/// Returns the index of a column in the list of columns.
fn column_index(key: &str) -> usize {
    taskdeck::app::column_keys().position(|known| known == key).unwrap()
}

#[tokio::test]
async fn a_task_is_found_by_filter_by_command_and_by_name() {
    let sim = quiet_bbs().await;
    let filters = [("busy".to_owned(), Filter::parse("state:running").unwrap())];
    let settings = Settings { filters: filters.into_iter().collect(), ..settings() };
    story_with(settings, &sim.url(), Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.press("/dom");
        operator.sees("the domain").await;
        operator.tab();
        operator.sees("cf-tasks").await;
        operator.press("b");
        operator.tab();
        operator.sees("/domain:batch").await;
        operator.sees("1 of 2").await;
        operator.enter();
        operator.sees("1/2 held /domain:batch").await;
        operator.press(":filter bu");
        operator.tab();
        operator.sees(":filter busy").await;
        operator.enter();
        operator.sees("1/2 held /state:running").await;
        operator.find();
        operator.press("task-a");
        operator.sees("Pending in cf-tasks").await;
        operator.enter();
        operator.sees("Cleared the filter, which hid task-a.").await;
        operator.press("q");
    })
    .await;
}

#[tokio::test]
async fn the_help_is_searched_and_says_why_a_command_is_off() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.sees("Enter open").await;
        operator.press("?");
        operator.sees("In the task table").await;
        operator.press("cancel");
        operator.sees("Cancel the selected or the marked tasks (The target").await;
        operator.until("the rest gives way", |screen| !screen.contains("Redraw the screen")).await;
        operator.press(" nowhere");
        operator.sees("Nothing matches.").await;
        operator.enter();
        operator.until("the help closes", |screen| !screen.contains("Esc clear the filter")).await;
        operator.tab();
        operator.sees("b group by").await;
    })
    .await;
}

#[tokio::test]
async fn the_domain_and_the_cell_pane_filter_the_table() {
    let sim = quiet_bbs().await;
    desire(&sim, "task-c", "batch");
    start(&sim, "task-c", "cell-02");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("3/3").await;
        operator.tab();
        operator.press("j");
        operator.enter();
        operator.sees("2/3 held domain batch").await;
        operator.tab();
        operator.press("jj");
        operator.enter();
        operator.sees("1/3 held domain batch, cell cell-02").await;
        operator.press("x");
        operator.sees("3/3 held no filter").await;
    })
    .await;
}

#[tokio::test]
async fn groups_are_shown_searched_and_combined() {
    let sim = quiet_bbs().await;
    desire(&sim, "task-c", "batch");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("3/3").await;
        operator.press("v");
        operator.sees("Domains  2").await;
        operator.press("/bat");
        operator.sees("Domains /bat  1 of 2").await;
        operator.enter();
        operator.enter();
        operator.sees("2/3 held domain batch").await;
        operator.press("vbs");
        operator.enter();
        operator.sees("States  2").await;
        operator.press("j");
        operator.enter();
        operator.sees("1/3 held domain batch, state Pending").await;
        operator.press("x");
        operator.sees("3/3 held no filter").await;
    })
    .await;
}
