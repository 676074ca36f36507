//! Runs the app without a screen, to record: the same state, the same requests, no input and no frames.

use std::io;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use super::effects::Clients;
use super::recording::Recorder;
use super::{QUEUE_CAPACITY, SHUTDOWN_TIMEOUT, TICK_INTERVAL, sleep_until_due};
use crate::app::{App, Effect, Msg, Notice, RecordingState};
use crate::bbs::{Client, read_summary};
use crate::clock::Clock;
use crate::model::Timestamp;
use crate::model::recording::FeedStatus;
use crate::record::{Observer, WriterOptions, WriterStatus};

/// The time between two reports.
const REPORT_INTERVAL: Duration = Duration::from_secs(60);

/// The time between two looks at what the session counts.
const FIGURES_INTERVAL: Duration = Duration::from_secs(1);

/// What to record, and to where.
pub struct Headless {
    /// The app, with one session.
    pub app: App,
    /// The client of the session.
    pub client: Client,
    /// The file.
    pub recording: WriterOptions,
    /// Whoever else takes the entries.
    pub observers: Vec<Box<dyn Observer>>,
}

/// How far the recording is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Our wall time.
    pub at: Timestamp,
    /// How current it is.
    pub feed: FeedStatus,
    /// How the file is doing.
    pub recording: RecordingState,
    /// What was written.
    pub written: WriterStatus,
}

/// Reports to whoever started the recording.
pub trait Report {
    /// Tells how far it is: once the first list is there and the file works or has failed, every minute, and at the end.
    ///
    /// # Errors
    /// If nobody takes it any more. This ends the recording.
    fn progress(&mut self, progress: &Progress) -> io::Result<()>;

    /// Tells of a problem, or of its end.
    fn notice(&mut self, notice: &Notice);
}

/// Records until `stop` is there, or `report` fails. Returns how the recording was doing at the end.
///
/// # Errors
/// Those of `report`.
pub async fn run(
    headless: Headless,
    clock: &dyn Clock,
    report: &mut impl Report,
    stop: impl Future<Output = ()>,
) -> io::Result<RecordingState> {
    let Headless { mut app, client, recording, observers } = headless;
    app.read_summaries_with(read_summary);
    let (sender, messages) = mpsc::channel(QUEUE_CAPACITY);
    let recorder = Recorder::start(Some(recording), observers, &sender);
    let mut clients = Clients::new(sender);
    clients.insert(app.shown_session(), client);
    let mut work = Work { app, clients, recorder, told_at: None, clock, report };
    let result = work.record(messages, stop).await;
    work.clients.finish(SHUTDOWN_TIMEOUT).await;
    let state = work.app.recording();
    let progress = work.finish();
    result?;
    work.report.progress(&progress)?;
    Ok(state)
}

struct Work<'a, R> {
    app: App,
    clients: Clients,
    recorder: Recorder,
    /// When the observers were told what the session counts.
    told_at: Option<Duration>,
    clock: &'a dyn Clock,
    report: &'a mut R,
}

impl<R: Report> Work<'_, R> {
    async fn record(
        &mut self,
        mut messages: mpsc::Receiver<Msg>,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let mut ticks = interval(TICK_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut reports = interval(REPORT_INTERVAL);
        let mut has_reported = false;
        tokio::pin!(stop);
        loop {
            let due = self.app.due().map(|due| due.saturating_sub(self.clock.now().mono));
            let due = due.map(|left| tokio::time::Instant::now() + left);
            tokio::select! {
                biased;
                () = &mut stop => return Ok(()),
                () = sleep_until_due(due) => self.handle(Msg::Due),
                _ = ticks.tick() => {
                    self.handle(Msg::Tick);
                    self.tell_observers();
                }
                _ = reports.tick(), if has_reported => self.report()?,
                msg = messages.recv() => msg.into_iter().for_each(|msg| self.handle(msg)),
            }
            // What the first list has shown is written by then.
            let has_begun =
                self.app.feed_status().last_list.is_some() && self.app.recording() != RecordingState::Starts;
            if !has_reported && has_begun {
                has_reported = true;
                reports.reset();
                self.report()?;
            }
        }
    }

    fn handle(&mut self, msg: Msg) {
        let now = self.clock.now();
        for effect in self.app.update(msg, now) {
            match effect {
                Effect::Session(id, request) => self.clients.start(id, request),
                Effect::BeginRecording { session, target } => self.recorder.begin(session, &target, now),
                Effect::Record(session, entries) => self.recorder.record(session, entries),
                // All others answer to input.
                _ => {}
            }
        }
        let said = self.app.notices().all().rev().take_while(|notice| notice.at == now);
        said.collect::<Vec<_>>().into_iter().rev().for_each(|notice| self.report.notice(notice));
    }

    /// Tells the observers what the session counts, once a second.
    fn tell_observers(&mut self) {
        let (session, now) = (self.app.shown_session(), self.clock.now());
        let is_due = self.told_at.is_none_or(|at| now.mono >= at + FIGURES_INTERVAL);
        if !is_due || !self.recorder.has_observers() {
            return;
        }
        self.told_at = Some(now.mono);
        if let Some(figures) = self.app.figures(session, now) {
            self.recorder.figures(session, &figures);
        }
    }

    fn report(&mut self) -> io::Result<()> {
        let progress = self.progress();
        self.report.progress(&progress)
    }

    fn progress(&self) -> Progress {
        Progress {
            at: self.clock.now().wall,
            feed: self.app.feed_status(),
            recording: self.app.recording(),
            written: self.recorder.status().unwrap_or_default(),
        }
    }

    /// Writes what waits. Returns how far the recording came.
    fn finish(&mut self) -> Progress {
        let written = self.recorder.finish().unwrap_or_default();
        Progress { written, ..self.progress() }
    }
}
