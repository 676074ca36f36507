//! Stories about how the dashboard looks.

use taskdeck::app::Settings;
use taskdeck::app::commands::Command;
use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::keymap::Keymap;
use taskdeck::bbs::Access;
use taskdeck::model::TaskAction;

use crate::story::{quiet_bbs, settings, story, story_with};

#[tokio::test]
async fn an_operator_looks_at_themes_and_keeps_one() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator| {
        operator.sees("task-a").await;
        operator.press(":theme");
        operator.enter();
        operator.sees(" 1/8 ").await;
        operator.sees("✓ auto").await;
        operator.press("jj");
        operator.sees(" 3/8 ").await;
        operator.press_code(KeyCode::Esc);
        operator.until("the list is closed", |screen| !screen.contains("✓ auto")).await;
        operator.press(":theme dark");
        operator.enter();
        operator.press(":theme");
        operator.enter();
        operator.sees("✓ dark").await;
        operator.press("q");
        operator.until("the list is closed", |screen| !screen.contains("✓ dark")).await;
    })
    .await;
}

#[tokio::test]
async fn an_operator_uses_keys_of_their_own() {
    const HELP: &[Key] = &[Key::char('h')];
    const CANCEL: &[Key] = &[Key::char('X')];
    let sim = quiet_bbs().await;
    let keymap = Keymap::customised(|command| match command {
        Command::Help => Some(HELP),
        Command::Act(TaskAction::Cancel) => Some(CANCEL),
        _ => None,
    });
    let settings = Settings { keymap: keymap.unwrap(), ..settings() };
    story_with(settings, &sim.url(), Access::ReadWrite, async |operator| {
        operator.sees("task-a").await;
        operator.sees("h help").await;
        operator.press("?C");
        operator.press("h");
        operator.sees("type to filter").await;
        operator.press("h");
        operator.until("the help is closed", |screen| !screen.contains("type to filter")).await;
        operator.press("/task-a");
        operator.enter();
        operator.sees("1/2").await;
        operator.press("X");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("✓cancelled").await;
    })
    .await;
}

#[tokio::test]
async fn an_operator_uses_the_mouse() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator| {
        operator.sees("task-a").await;
        operator.sees("AGE▼").await;
        operator.click_on("GUID");
        operator.press(":mouse");
        operator.enter();
        operator.sees("Mouse on.").await;
        operator.click_on("GUID");
        operator.sees("GUID▼").await;
        operator.click_on("GUID");
        operator.sees("GUID▲").await;
        // The first click selects, the second one opens.
        operator.click_on("task-a");
        operator.click_on("task-a");
        operator.sees("Task task-a").await;
        operator.press("q");
        operator.click_on("task-b");
        operator.press("C");
        operator.reads("Cancel task task-b?").await;
        for word in ["Yes", "No"] {
            operator.click_on(word);
        }
        operator.press("n");
        operator.until("no dialog", |screen| !screen.contains("Cancel task")).await;
        operator.sees("cell-02 z2").await;
        operator.click_on("cell-02 z2");
        operator.click_on("cell-02 z2");
        operator.sees("0/2").await;
    })
    .await;
    let is_running = sim.with(|machine, _| machine.task("task-b").is_ok_and(|task| task.result.is_empty()));
    assert!(is_running, "no click has cancelled it");
}

#[tokio::test]
async fn a_configured_theme_comes_first() {
    let sim = quiet_bbs().await;
    let mut settings: Settings = settings();
    settings.themes.configure("light").unwrap();
    story_with(settings, &sim.url(), Access::ReadWrite, async |operator| {
        operator.sees("task-a").await;
        operator.press(":theme dark");
        operator.enter();
        operator.sees("Theme dark until you quit").await;
    })
    .await;
}
