//! The table of metrics: one row for each. What is exported, the documentation and the check of the dashboard read it.
//!
//! Names follow Prometheus's conventions: base units in plural, `_total` on what only grows, times as seconds since the
//! epoch. A rename breaks alerts and dashboards.

use std::fmt::Write as _;

use super::metric::{Kind, Metric};
use super::page::Sample;
use crate::model::FeedHealth;

/// All metrics, in the order in which they are exported.
pub const METRICS: [Metric; 24] = [
    Metric {
        name: "taskdeck_build_info",
        kind: Kind::Info,
        labels: &["version"],
        help: "Version of taskdeck",
        read: |_| vec![Sample::new([env!("CARGO_PKG_VERSION").into()], 1_u64)],
    },
    Metric {
        name: "taskdeck_tasks",
        kind: Kind::Gauge,
        labels: &["domain", "state"],
        help: "Tasks that the BBS holds",
        read: |page| {
            let tasks = page.tasks.iter();
            tasks
                .map(|((domain, state), tasks)| {
                    Sample::new([domain.into(), state.to_string().into()], *tasks)
                })
                .collect()
        },
    },
    Metric {
        name: "taskdeck_failed_tasks",
        kind: Kind::Gauge,
        labels: &["domain"],
        help: "Failed tasks that the BBS still holds",
        read: |page| page.failed.iter().map(|(domain, tasks)| Sample::new([domain.into()], *tasks)).collect(),
    },
    Metric {
        name: "taskdeck_cell_tasks",
        kind: Kind::Gauge,
        labels: &["cell", "state"],
        help: "Tasks that the BBS holds, by the cell that runs them or ran them last",
        read: |page| {
            let tasks = page.cells.iter();
            tasks
                .map(|((cell, state), tasks)| Sample::new([cell.into(), state.to_string().into()], *tasks))
                .collect()
        },
    },
    Metric {
        name: "taskdeck_stuck_tasks",
        kind: Kind::Gauge,
        labels: &["kind"],
        help: "Tasks that do not proceed, by the way in which they are stuck",
        read: |page| {
            page.stuck.iter().map(|(kind, tasks)| Sample::new([kind.name().into()], *tasks)).collect()
        },
    },
    Metric {
        name: "taskdeck_tasks_ended_total",
        kind: Kind::Counter,
        labels: &["domain", "cause"],
        help: "Tasks that left the BBS, by the first known cause",
        read: |page| {
            let tasks = page.counts.ended.iter();
            tasks
                .map(|((domain, cause), tasks)| Sample::new([domain.into(), cause.name().into()], *tasks))
                .collect()
        },
    },
    Metric {
        name: "taskdeck_task_failures_total",
        kind: Kind::Counter,
        labels: &["domain", "reason"],
        help: "Tasks that failed, by the pattern of the reason",
        read: |page| {
            let tasks = page.counts.failures.iter();
            tasks
                .map(|((domain, reason), tasks)| Sample::new([domain.into(), reason.into()], *tasks))
                .collect()
        },
    },
    Metric {
        name: "taskdeck_task_waiting_seconds",
        kind: Kind::Histogram,
        labels: &["domain"],
        help: "Time from the creation of a task to its start on a cell",
        read: |page| {
            page.counts.waiting.iter().map(|(domain, spans)| Sample::new([domain.into()], spans)).collect()
        },
    },
    Metric {
        name: "taskdeck_task_running_seconds",
        kind: Kind::Histogram,
        labels: &["domain"],
        help: "Time from the start of a task to its completion",
        read: |page| {
            page.counts.running.iter().map(|(domain, spans)| Sample::new([domain.into()], spans)).collect()
        },
    },
    Metric {
        name: "taskdeck_feed_health",
        kind: Kind::Gauge,
        labels: &["health"],
        help: "Whether this is the health of the feed: 1 for one of them, 0 for the others",
        read: |page| {
            let is_so = |health: FeedHealth| Sample::new([health.name().into()], health == page.health);
            FeedHealth::ALL.map(is_so).into()
        },
    },
    Metric {
        name: "taskdeck_feed_last_list_timestamp_seconds",
        kind: Kind::Gauge,
        labels: &[],
        help: "When the last list was complete; 0 before the first one",
        read: |page| Sample::only(page.listed_at()),
    },
    Metric {
        name: "taskdeck_feed_lists_total",
        kind: Kind::Counter,
        labels: &[],
        help: "Lists that were completed",
        read: |page| Sample::only(page.feed.lists),
    },
    Metric {
        name: "taskdeck_feed_failed_lists_total",
        kind: Kind::Counter,
        labels: &[],
        help: "Lists that failed",
        read: |page| Sample::only(page.feed.failed_lists),
    },
    Metric {
        name: "taskdeck_feed_list_seconds_total",
        kind: Kind::Counter,
        labels: &[],
        help: "Time that the completed lists took",
        read: |page| Sample::only(page.feed.list_time.as_secs_f64()),
    },
    Metric {
        name: "taskdeck_feed_list_bytes_total",
        kind: Kind::Counter,
        labels: &[],
        help: "Size of the completed lists",
        read: |page| Sample::only(page.feed.list_bytes),
    },
    Metric {
        name: "taskdeck_feed_list_tasks_total",
        kind: Kind::Counter,
        labels: &[],
        help: "Tasks in the completed lists",
        read: |page| Sample::only(page.feed.list_tasks),
    },
    Metric {
        name: "taskdeck_feed_stream_reconnects_total",
        kind: Kind::Counter,
        labels: &[],
        help: "How often the event stream was opened again",
        read: |page| Sample::only(page.feed.streams.saturating_sub(1)),
    },
    Metric {
        name: "taskdeck_feed_skipped_events_total",
        kind: Kind::Counter,
        labels: &[],
        help: "Events that could not be read",
        read: |page| Sample::only(page.feed.skipped_events),
    },
    Metric {
        name: "taskdeck_feed_gaps_total",
        kind: Kind::Counter,
        labels: &[],
        help: "Gaps in which events were lost",
        read: |page| Sample::only(page.counts.gaps),
    },
    Metric {
        name: "taskdeck_feed_gap_seconds_total",
        kind: Kind::Counter,
        labels: &[],
        help: "How long the closed gaps took, until a list had made up for them",
        read: |page| Sample::only(page.counts.gap_time.as_secs_f64()),
    },
    Metric {
        name: "taskdeck_feed_gap_open",
        kind: Kind::Gauge,
        labels: &[],
        help: "Whether events were lost that no list has made up for yet",
        read: |page| Sample::only(page.counts.gap_open),
    },
    Metric {
        name: "taskdeck_recorder_entries_total",
        kind: Kind::Counter,
        labels: &[],
        help: "Entries written to the recording",
        read: |page| Sample::only(page.writer.written),
    },
    Metric {
        name: "taskdeck_recorder_dropped_entries_total",
        kind: Kind::Counter,
        labels: &[],
        help: "Entries missing in the recording, because the file failed or the disk was too slow",
        read: |page| Sample::only(page.writer.dropped),
    },
    Metric {
        name: "taskdeck_recorder_file_bytes",
        kind: Kind::Gauge,
        labels: &[],
        help: "Size of the recording, with its write-ahead log",
        read: |page| Sample::only(page.writer.bytes),
    },
];

/// Returns the table as Markdown.
pub fn markdown() -> String {
    let mut text = "| metric | kind | labels | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    for metric in &METRICS {
        let target = (!metric.is_of_program()).then_some("target");
        let labels: Vec<_> = target.iter().chain(metric.labels).map(|label| format!("`{label}`")).collect();
        let (kind, help) = (metric.kind.word(), metric.help);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{}` | {kind} | {} | {help} |", metric.name, labels.join(" "));
    }
    text
}
