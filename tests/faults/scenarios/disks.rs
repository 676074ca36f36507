//! Disks that are full or read-only.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use crate::rig::Rig;
use crate::scenario::{Play, Scenario, scenarios};
use crate::user::User;

scenarios! {
    state_directory_is_read_only {
        "The state directory is read-only",
        sees ["Could not save the state", "Filter and command history, and last views, will be lost when you quit."],
        keeps "The dashboard goes on; the notice comes once",
        Play::Story(|scenario| Box::pin(read_only(scenario)))
    }
    disk_is_full_for_the_state {
        "The disk of the state directory is full",
        sees ["Could not save the state", "No space left on device"],
        keeps "The dashboard goes on, and the state of earlier runs stays as it was",
        Play::Story(|scenario| Box::pin(full(scenario)))
    }
    recording_directory_is_read_only {
        "The directory of the recording is read-only",
        sees ["Cannot record to", "taskdeck keeps running and retries automatically."],
        keeps "The dashboard goes on",
        Play::Story(|scenario| Box::pin(record_read_only(scenario)))
    }
    rows_cannot_be_saved {
        "The directory of a `:save` is read-only",
        sees ["Could not save 12 rows"],
        keeps "The dashboard goes on; no part of a file is left",
        Play::Story(|scenario| Box::pin(save_read_only(scenario)))
    }
}

/// A directory in which this user cannot create files. The superuser may write everywhere but to the kernel's own.
fn unwritable(within: &Path) -> PathBuf {
    let directory = within.join("locked");
    std::fs::create_dir(&directory).unwrap();
    std::fs::set_permissions(&directory, Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(directory.join("probe"), "").is_ok() { PathBuf::from("/sys/kernel") } else { directory }
}

/// Enters a filter, which is kept.
fn enter_filter(user: &User<'_, '_>) {
    user.operator.press("/task-0");
    user.operator.enter();
}

async fn read_only(scenario: &Scenario) {
    let mut rig = Rig::start().await;
    rig.state = Some(unwritable(rig.directory.path()));
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        enter_filter(user);
        user.sees_all(scenario.sees).await;
        rig.change();
        user.operator.press("x");
        user.sees("new-0").await;
        user.is_well(&rig.sim).await;
    })
    .await;
}

async fn full(scenario: &Scenario) {
    let mut rig = Rig::start().await;
    let state = rig.directory.path().join("state");
    std::fs::create_dir(&state).unwrap();
    let file = state.join("state.toml");
    std::fs::write(&file, "filters = [\"kept\"]\n").unwrap();
    // Where the state is written before it replaces the file.
    symlink("/dev/full", state.join(format!("state.toml.{}", std::process::id()))).unwrap();
    rig.state = Some(state);
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        enter_filter(user);
        user.sees_all(scenario.sees).await;
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "filters = [\"kept\"]\n");
        rig.change();
        user.operator.press("x");
        user.is_well(&rig.sim).await;
    })
    .await;
}

async fn record_read_only(scenario: &Scenario) {
    let mut rig = Rig::start().await;
    rig.recording = Some(unwritable(rig.directory.path()).join("recording.db"));
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        user.sees_all(scenario.sees).await;
        rig.change();
        user.sees("new-0").await;
        user.is_well(&rig.sim).await;
    })
    .await;
}

async fn save_read_only(scenario: &Scenario) {
    let rig = Rig::start().await;
    let directory = unwritable(rig.directory.path());
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("12/12").await;
        user.operator.command(&format!("save {}/rows.csv", directory.display()));
        user.sees_all(scenario.sees).await;
        assert!(!directory.join("rows.csv").exists());
        rig.change();
        user.is_well(&rig.sim).await;
    })
    .await;
}
