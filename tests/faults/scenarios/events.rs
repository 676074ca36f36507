//! Event streams that break, fall silent, repeat themselves or lie.

use std::time::Duration;

use crate::harm::{EVENTS, Harm};
use crate::scenario::{Play, scenarios};

scenarios! {
    stream_is_cut_within_an_event {
        "The event stream ends within an event with a close",
        sees ["The event stream broke", "reconciled: 2 tasks changed during the gap", "Live again after"],
        keeps "All rows",
        Play::Replies(EVENTS, Harm::CutAt(20))
    }
    stream_is_reset_within_an_event {
        "The event stream ends within an event with a reset",
        sees ["The event stream broke: unreachable: error reading a body from connection", "reconciled: 2 tasks changed during the gap", "Live again after"],
        keeps "All rows",
        Play::Replies(EVENTS, Harm::ResetAt(20))
    }
    stream_stalls_within_an_event {
        "The event stream stops within an event and stays open",
        sees ["The event stream was open but silent while tasks changed; subscribed again."],
        keeps "All rows",
        Play::Replies(EVENTS, Harm::StallAt(20))
    }
    stream_vanishes {
        "The event stream stays open, and nothing comes through any more",
        sees ["The event stream was open but silent while tasks changed; subscribed again."],
        keeps "All rows",
        Play::Replies(EVENTS, Harm::Vanishes)
    }
    events_come_twice {
        "Each event arrives twice",
        sees ["10 seen"],
        keeps "All rows",
        Play::Replies(EVENTS, Harm::Twice)
    }
    events_come_swapped {
        "Events arrive in swapped pairs",
        sees ["4 seen"],
        keeps "All rows",
        Play::Replies(EVENTS, Harm::Swapped)
    }
    events_drip {
        "Events arrive seven bytes at a time",
        sees ["5 seen"],
        keeps "All rows",
        Play::Replies(EVENTS, Harm::Drip { bytes: 7, pause: Duration::ZERO })
    }
    event_is_corrupt {
        "Each event has a wrong character",
        sees ["not understood"],
        keeps "All rows",
        Play::Replies(EVENTS, Harm::Corrupt { at: 100, to: b'%' })
    }
    event_framing_is_corrupt {
        "The length before each event is not a number",
        sees ["The event stream broke", "reconciled: 2 tasks changed during the gap", "Live again after"],
        keeps "All rows",
        Play::Replies(EVENTS, Harm::Corrupt { at: 0, to: b'x' })
    }
}
