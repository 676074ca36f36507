//! Takes in a recording in place of what a BBS tells.

use super::Session;
use crate::clock::Now;
use crate::model::plan::Reply;
use crate::model::recording::{ActionEntry, Entry, Progress, Recorded, WriteCall};
use crate::model::{TaskGuid, Timestamp};

impl Session {
    /// Takes entries of the recording.
    pub(in crate::app) fn play_all(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.play(entry);
        }
    }

    fn play(&mut self, Entry { at, what }: Entry) {
        match what {
            Recorded::Task(entry) => self.store.replay(*entry, at, &mut self.recorder),
            Recorded::Gap(gap) => self.store.replay_gap(&gap, at, &mut self.recorder),
            Recorded::Action(action) => self.play_action(&action, at),
        }
    }

    /// Takes a step of an action that was recorded: the timeline of its task has it.
    fn play_action(&mut self, ActionEntry { guid, progress, .. }: &ActionEntry, at: Timestamp) {
        let timelines = &mut self.recorder.timelines;
        match progress {
            Progress::Sent { call: WriteCall::Step(step), request } => {
                timelines.sent(guid, *step, *request, at);
            }
            Progress::Answered { call: WriteCall::Step(step), reply, message }
                if *reply != Reply::Acknowledged =>
            {
                timelines.failed(guid, *step, message, at);
            }
            // What follows from them is seen of the task itself.
            _ => {}
        }
    }

    /// Shows the rows, now that everything up to the played time is known, and selects a task.
    pub(in crate::app) fn begin_playing(&mut self, chosen: Option<&TaskGuid>, now: Now) {
        self.feed.found(now);
        self.store.pass_time(now.wall);
        self.query.pass_time(now.wall);
        self.refresh_rows();
        if let Some(guid) = chosen {
            self.query.select(&self.store, guid);
        }
    }

    /// Returns a session of the same target that knows nothing yet, with the view of this one.
    pub(super) fn begun_again(&mut self, mut fresh: Self) -> Self {
        fresh.query.set_filter(|filter| *filter = self.query.filter().clone());
        fresh.query.sort_by(self.query.sort());
        std::mem::swap(&mut fresh.views, &mut self.views);
        fresh.detail = self.detail.take();
        fresh
    }
}
