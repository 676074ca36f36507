//! Disks that are full or read-only.

use std::collections::HashSet;
use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use taskdeck::model::recording::{Entry, Recorded};
use taskdeck::record::{Position, Recording, Run};

use crate::namespace::{self, Place, SMALL_DISK};
use crate::rig::{Rig, TASKS};
use crate::scenario::{Play, Scenario, scenarios};
use crate::story::MAX_WAIT;
use crate::tell;
use crate::user::{POLL, User};

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
    disk_is_full_for_the_recording {
        "The disk of the recording becomes full, and has room again later",
        sees ["REC", "NOT RECORDING", "Cannot record to", "the disk is full. taskdeck keeps running and retries automatically.", "Recording again after"],
        keeps "The dashboard goes on, and the recording keeps what it has; it goes on by itself, with a gap",
        Play::Story(|scenario| Box::pin(record_full(scenario)))
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

/// On a disk of a megabyte, filled up by another file.
async fn record_full(scenario: &Scenario) {
    let test = format!("{}::{}", module_path!().split_once("::").unwrap().1, scenario.name);
    let disk = match namespace::enter(&test, &SMALL_DISK) {
        Place::Passed => return,
        Place::Inside(disk) => disk,
        Place::Unavailable(why) => {
            return tell(&format!(
                "{}: NOT PLAYED, since no disk can be mounted here ({why})",
                scenario.name
            ));
        }
    };
    let (path, other) = (disk.join("recording.db"), disk.join("other"));
    let mut rig = Rig::start().await;
    rig.recording = Some(path.clone());
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        let [records, fails @ .., again] = scenario.sees else { panic!("three texts") };
        user.sees(records).await;
        recorded_all(&path).await;
        fill_up(&other);
        rig.change();
        user.sees_all(fails).await;
        user.sees("new-0").await;
        std::fs::remove_file(&other).unwrap();
        user.sees(again).await;
        assert!(!user.operator.screen().contains("NOT RECORDING"));
        rig.change();
        user.is_well(&rig.sim).await;
    })
    .await;
    let [(_, first), (after, second)] = &runs(&path)[..] else { panic!("the gap lies between two runs") };
    assert!(first.last().unwrap().at < after.started, "nothing is known of the time between");
    assert_eq!(guids_of(first).len(), TASKS, "what came while the disk was full is lost");
    assert!(["new-0", "new-1"].iter().all(|guid| guids_of(second).contains(*guid)));
}

/// Takes all the room that a disk has left.
fn fill_up(path: &Path) {
    let mut file = std::fs::File::create(path).unwrap();
    while file.write(&[0; 4096]).is_ok() {}
}

/// Returns the runs of a recording with their entries.
fn runs(path: &Path) -> Vec<(Run, Vec<Entry>)> {
    let recording = Recording::open(path).unwrap();
    let entries = |run: &Run| recording.entries(run.id, Position::START).read(1_000).unwrap();
    recording.runs().unwrap().into_iter().map(|run| (run.clone(), entries(&run))).collect()
}

/// Waits until all tasks are recorded.
async fn recorded_all(path: &Path) {
    let all = async {
        while runs(path).first().is_none_or(|(_, entries)| guids_of(entries).len() < TASKS) {
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(MAX_WAIT, all).await.expect("the tasks are recorded");
}

fn guids_of(entries: &[Entry]) -> HashSet<&str> {
    fn guid(entry: &Entry) -> Option<&str> {
        match &entry.what {
            Recorded::Task(change) => Some(change.task.guid.as_str()),
            Recorded::Gap(_) | Recorded::Action(_) => None,
        }
    }
    entries.iter().filter_map(guid).collect()
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
