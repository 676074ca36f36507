//! What the writer's thread does in each of its turns. Knows no thread, so tests take the turns themselves.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Request, SessionKey, Shared, TakeNews, WallClock, WriterOptions};
use crate::model::Timestamp;
use crate::model::recording::{Entry, GapEntry, Recorded, RecorderNews};
use crate::record::file::set_aside;
use crate::record::retention::Upkeep;
use crate::record::{Appender, RecordFault, Recording, Result, RunId, RunInfo};

/// The most entries of one transaction, so that other programs get their turn.
const MOST_AT_ONCE: usize = 10_000;
/// How many turns pass between two looks at the limits.
const UPKEEP_EVERY: u32 = 600;
/// How many turns pass before a file that failed is tried again, at first and at most.
const RETRY_AFTER: (u32, u32) = (20, 1_200);

/// Writes to the file while it works, and tries again while it does not.
pub(super) struct FileWriter {
    options: WriterOptions,
    shared: Arc<Shared>,
    wall: WallClock,
    news: TakeNews,
    state: State,
    requests: VecDeque<Request>,
    /// What the operator was told last, so that it is told once.
    told: Option<RecorderNews>,
}

enum State {
    /// Not opened yet, or failed.
    Closed {
        /// How many turns to wait before it is opened.
        turns: u32,
        /// How many turns to wait if that fails.
        next: u32,
        /// Whether entries were dropped, so that sessions have to begin again.
        dropped: bool,
    },
    Open(Box<Open>),
}

/// An open file.
struct Open {
    appender: Appender,
    runs: HashMap<SessionKey, RunId>,
    /// How many turns pass before the next look at the limits.
    upkeep_in: u32,
}

impl FileWriter {
    pub(super) fn new(options: WriterOptions, shared: Arc<Shared>, wall: WallClock, news: TakeNews) -> Self {
        let state = State::Closed { turns: 0, next: RETRY_AFTER.0, dropped: false };
        Self { options, shared, wall, news, state, requests: VecDeque::new(), told: None }
    }

    /// Takes one turn: writes what came since the last one.
    pub(super) fn take(&mut self, requests: impl Iterator<Item = Request>) {
        self.requests.extend(requests);
        if let State::Closed { turns: 1.., .. } = self.state {
            return self.wait();
        }
        if let Err(fault) = self.open().and_then(|()| self.write()).and_then(|()| self.look_after()) {
            self.fail(&fault);
        }
    }

    /// Lets the file have no more than this many pages, as a full disk does.
    #[cfg(test)]
    pub(super) fn limit_pages(&self, pages: u32) {
        if let State::Open(open) = &self.state {
            open.appender.recording().db.pragma_update(None, "max_page_count", pages).unwrap();
        }
    }

    /// Does not wait for another program that has locked the file.
    #[cfg(test)]
    pub(super) fn give_up_soon(&self) {
        if let State::Open(open) = &self.state {
            open.appender.recording().db.busy_timeout(std::time::Duration::from_millis(1)).unwrap();
        }
    }

    /// Writes what waits, ends all runs, and closes the file. A fault has been said, or comes too late to be of use.
    pub(super) fn finish(&mut self) {
        self.take(std::iter::empty());
        let now = (self.wall)();
        if let State::Open(open) = &mut self.state {
            for (_, run) in open.runs.drain() {
                let _ = open.appender.recording().end_run(run, now);
            }
            let _ = self.note_size();
        }
        // Closing moves what is beside the file into it.
        self.state = State::Closed { turns: RETRY_AFTER.1, next: RETRY_AFTER.1, dropped: false };
    }

    /// Lets a turn pass without a file.
    fn wait(&mut self) {
        let is_empty = self.requests.is_empty();
        self.drop_requests();
        if let State::Closed { turns, dropped, .. } = &mut self.state {
            *turns -= 1;
            *dropped |= !is_empty;
        }
    }

    fn drop_requests(&mut self) {
        for request in self.requests.drain(..) {
            if let Request::Record { entries, .. } = request {
                self.shared.waiting.fetch_sub(entries.len(), Ordering::Relaxed);
                self.shared.note_dropped(entries.len());
            }
        }
    }

    /// Opens the file unless it is open. One that was moved away is left behind as it is.
    fn open(&mut self) -> Result<()> {
        if let State::Open(open) = &self.state
            && open.appender.recording().is_moved()
        {
            self.state = State::Closed { turns: 0, next: RETRY_AFTER.0, dropped: true };
        }
        let State::Closed { dropped, .. } = self.state else { return Ok(()) };
        let recording = match Recording::create(&self.options.path) {
            Err(fault) if self.is_replaced(&fault) => {
                self.set_aside()?;
                Recording::create(&self.options.path)?
            }
            created => created?,
        };
        let open = Open { appender: Appender::new(recording), runs: HashMap::new(), upkeep_in: 20 };
        self.state = State::Open(Box::new(open));
        if dropped {
            self.drop_requests();
            self.tell(RecorderNews::BeginAgain);
        }
        Ok(())
    }

    /// Returns whether a file with this fault is replaced by a new one.
    const fn is_replaced(&self, fault: &RecordFault) -> bool {
        match fault {
            RecordFault::Damaged(_) => true,
            RecordFault::NoDatabase => self.options.replace_foreign,
            _ => false,
        }
    }

    fn set_aside(&mut self) -> Result<()> {
        let aside = set_aside(&self.options.path)?;
        self.tell(RecorderNews::SetAside { path: self.path(), aside: aside.display().to_string() });
        Ok(())
    }

    /// Writes what waits.
    fn write(&mut self) -> Result<()> {
        let has_work = !self.requests.is_empty();
        while let Some(request) = self.requests.front() {
            match request {
                Request::Begin { .. } | Request::End { .. } | Request::Lost { .. } => self.obey()?,
                Request::Record { session, .. } => self.append(*session)?,
            }
        }
        if has_work || self.told.is_none() {
            self.note_size()?;
            self.tell(RecorderNews::Works);
        }
        Ok(())
    }

    /// Does what the first request says that is not to record entries.
    fn obey(&mut self) -> Result<()> {
        let State::Open(open) = &mut self.state else { return Ok(()) };
        let recording = open.appender.recording();
        match self.requests.front() {
            Some(Request::Begin { session, target, at }) => {
                if let Some(before) = open.runs.remove(session) {
                    recording.end_run(before, *at)?;
                }
                let WriterOptions { program, user, host, .. } = &self.options;
                let info = RunInfo {
                    target: target.clone(),
                    program: *program,
                    user: user.clone(),
                    host: host.clone(),
                    pid: std::process::id(),
                    started: *at,
                };
                open.runs.insert(*session, recording.begin_run(&info)?);
            }
            Some(Request::End { session, at }) => {
                if let Some(run) = open.runs.remove(session) {
                    recording.end_run(run, *at)?;
                }
            }
            Some(Request::Lost { entries, since }) => {
                let (entries, since) = (*entries, *since);
                open.say_lost(entries, since, (self.wall)())?;
                self.tell(RecorderNews::Lost(entries));
                self.tell(RecorderNews::BeginAgain);
            }
            Some(Request::Record { .. }) | None => return Ok(()),
        }
        self.requests.pop_front();
        Ok(())
    }

    /// Appends the entries of the first requests, which are of this session, in one transaction.
    fn append(&mut self, session: SessionKey) -> Result<()> {
        let State::Open(open) = &mut self.state else { return Ok(()) };
        let mut batch = Vec::new();
        while let Some(Request::Record { session: of, entries }) = self.requests.front_mut()
            && *of == session
            && batch.len() < MOST_AT_ONCE
        {
            batch.append(entries);
            self.requests.pop_front();
        }
        let run = open.runs.get(&session).copied();
        // Without a run, they came before the session was begun again.
        let written = run.map_or(Ok(()), |run| open.appender.append(run, &batch));
        if let Err(fault) = written {
            self.requests.push_front(Request::Record { session, entries: batch });
            return Err(fault);
        }
        self.shared.waiting.fetch_sub(batch.len(), Ordering::Relaxed);
        self.shared.written.fetch_add(u64::try_from(batch.len()).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }

    fn note_size(&self) -> Result<()> {
        if let State::Open(open) = &self.state {
            self.shared.bytes.store(open.appender.recording().bytes()?, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Deletes what exceeds the limits, a little in each turn once there is something.
    fn look_after(&mut self) -> Result<()> {
        let now = (self.wall)();
        let State::Open(open) = &mut self.state else { return Ok(()) };
        open.upkeep_in = open.upkeep_in.saturating_sub(1);
        if open.upkeep_in > 0 {
            return Ok(());
        }
        for run in open.runs.values() {
            open.appender.recording().touch_run(*run, now)?;
        }
        open.upkeep_in = match open.appender.tidy(&self.options.retention, now)? {
            Upkeep::GoOn => 1,
            Upkeep::Done => UPKEEP_EVERY,
        };
        self.note_size()
    }

    /// Handles a fault of the file.
    fn fail(&mut self, fault: &RecordFault) {
        if matches!(fault, RecordFault::Locked) && matches!(self.state, State::Open(_)) {
            // What waits is written later.
            return self.tell(RecorderNews::Waits { path: self.path() });
        }
        let (was_moved, next) = match &self.state {
            State::Closed { next, .. } => (false, *next),
            State::Open(open) => (open.appender.recording().is_moved(), RETRY_AFTER.0),
        };
        self.drop_requests();
        self.state = State::Closed { turns: next, next: (2 * next).min(RETRY_AFTER.1), dropped: true };
        let replaced = match fault {
            // Another program has replaced it already.
            _ if was_moved => Ok(true),
            fault if self.is_replaced(fault) => self.set_aside().map(|()| true),
            _ => Ok(false),
        };
        match replaced {
            Ok(true) => self.state = State::Closed { turns: 0, next, dropped: true },
            Ok(false) => self.tell(self.failure(fault)),
            Err(fault) => self.tell(self.failure(&fault)),
        }
    }

    fn failure(&self, fault: &RecordFault) -> RecorderNews {
        RecorderNews::Fails { path: self.path(), why: fault.to_string() }
    }

    fn path(&self) -> String {
        self.options.path.display().to_string()
    }

    /// Tells the news, but not the same twice in a row.
    fn tell(&mut self, news: RecorderNews) {
        if self.told.as_ref() != Some(&news) {
            self.told = Some(news.clone());
            (self.news)(news);
        }
    }
}

impl Open {
    /// Ends all runs with a gap: entries were lost.
    fn say_lost(&mut self, entries: u64, since: Timestamp, now: Timestamp) -> Result<()> {
        let why = format!("the recorder could not keep up: {entries} changes lost");
        let gap = GapEntry { start: since, closed: false, why: why.into() };
        let entry = Entry { at: now, what: Recorded::Gap(gap) };
        for (_, run) in std::mem::take(&mut self.runs) {
            self.appender.append(run, std::slice::from_ref(&entry))?;
            self.appender.recording().end_run(run, now)?;
        }
        Ok(())
    }
}
