//! The user: looks at the screen, presses keys, and compares the rows with the server.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use taskdeck::app::key::KeyCode;
use taskdeck::bbs::Client;
use taskdeck::bbs::json::{Secrets, task_line};
use taskdeck::model::TaskFilter;
use taskdeck::sim::Sim;

use crate::rig::Rig;
use crate::story::Operator;

/// How long a file of the rows is waited for before the command is typed again.
const SAVE_WAIT: Duration = Duration::from_secs(3);
pub(crate) const POLL: Duration = Duration::from_millis(5);
/// How long rows and server may differ. Longer than other waits: after a burst on a busy machine, there is much to catch up.
const LONGEST_COMPARISON: Duration = Duration::from_secs(120);
/// The longest pause between two comparisons.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The user: looks at the screen, presses keys, and compares the rows with the server.
pub(crate) struct User<'a, 'b> {
    pub(crate) operator: &'a mut Operator<'b>,
    rig: &'a Rig,
    saves: usize,
}

impl<'a, 'b> User<'a, 'b> {
    pub(crate) fn new(operator: &'a mut Operator<'b>, rig: &'a Rig) -> Self {
        Self { operator, rig, saves: 0 }
    }

    /// Waits until the screen shows a text, which may be broken into lines.
    pub(crate) async fn sees(&mut self, text: &str) {
        self.operator.until(text, |screen| flat(screen).contains(text)).await;
    }

    /// Waits until the screen shows one text after the other.
    pub(crate) async fn sees_all(&mut self, texts: &[&str]) {
        for text in texts {
            self.sees(text).await;
        }
    }

    /// Waits until the dashboard is live again, without a trace of trouble in its header, and the rows are right.
    pub(crate) async fn is_well(&mut self, sim: &Sim) {
        let is_well = |screen: &str| {
            let troubles = ["STALE", "NOT RESPONDING", "polling", "onnecting"];
            screen.contains("live") && !troubles.iter().any(|trouble| screen.contains(trouble))
        };
        self.operator.until("a header without trouble", is_well).await;
        self.store_equals(sim).await;
    }

    /// Waits until the screen shows none of some words.
    pub(crate) async fn sees_none(&mut self, words: &[&str]) {
        let shows_none = |screen: &str| flat(screen).split(' ').all(|word| !words.contains(&word));
        self.operator.until(&format!("none of {words:?}"), shows_none).await;
    }

    /// Returns the number of events in the heading of the event pane.
    pub(crate) fn events_seen(&self) -> usize {
        let screen = self.operator.screen();
        let heading = screen.split_once("Events ").map(|(_, rest)| rest.trim_start());
        let number = heading.and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        number.replace(',', "").parse().unwrap_or_default()
    }

    /// Checks that the screen shows a row.
    pub(crate) fn has_row(&self, guid: &str) {
        let screen = self.operator.screen();
        assert!(screen.contains(guid), "the row of {guid} is gone\n{screen}");
    }

    /// Waits until the rows are the server's tasks: the same guids, states, versions and definitions.
    pub(crate) async fn store_equals(&mut self, sim: &Sim) {
        let server = self.rig.straight_to(sim).await;
        let deadline = Instant::now() + LONGEST_COMPARISON;
        let mut pause = POLL;
        loop {
            let held = lines_of(&server).await;
            let rows = self.rows().await;
            if rows == held {
                return;
            }
            if Instant::now() > deadline {
                let screen = self.operator.screen();
                let differ = |of: &[String], from: &[String]| {
                    of.iter().filter(|line| !from.contains(line)).cloned().collect::<Vec<_>>()
                };
                let (extra, missing) = (differ(&rows, &held), differ(&held, &rows));
                panic!("rows differ from the server: extra {extra:#?}, missing {missing:#?}\n{screen}");
            }
            // A comparison takes time that the dashboard needs to catch up.
            tokio::time::sleep(pause).await;
            pause = LONGEST_PAUSE.min(2 * pause);
        }
    }

    /// Saves the rows with `:save`, and returns them sorted.
    pub(crate) async fn rows(&mut self) -> Vec<String> {
        loop {
            self.saves += 1;
            let path = self.rig.directory.path().join(format!("rows-{}.jsonl", self.saves));
            self.operator.press_code(KeyCode::Esc);
            self.operator.command(&format!("save {}", path.display()));
            if let Some(text) = written(&path).await {
                return sorted(text.lines().map(str::to_owned));
            }
        }
    }
}

/// Waits for a file that is written as a whole.
pub(crate) async fn written(path: &PathBuf) -> Option<String> {
    let deadline = Instant::now() + SAVE_WAIT;
    loop {
        if let Ok(text) = std::fs::read_to_string(path) {
            std::fs::remove_file(path).unwrap();
            return Some(text);
        }
        if Instant::now() > deadline {
            return None;
        }
        tokio::time::sleep(POLL).await;
    }
}

pub(crate) async fn lines_of(server: &Client) -> Vec<String> {
    let tasks = server.list_tasks(&TaskFilter::default()).await.unwrap();
    let line = |task| String::from_utf8(task_line(task, Secrets::Masked)).unwrap().trim_end().to_owned();
    sorted(tasks.iter().map(line))
}

fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<_> = lines.collect();
    lines.sort_unstable();
    lines
}

/// Returns the text of a screen without its lines and the space at their ends.
fn flat(screen: &str) -> String {
    let lines = screen.lines().map(|line| line.trim_matches('"').trim());
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
