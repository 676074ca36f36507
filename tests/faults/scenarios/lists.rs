//! Lists that arrive late, in part, or wrong. The stream stays live meanwhile, so events still change the rows.

use std::time::Duration;

use taskdeck::model::Call;

use crate::harm::{Harm, LISTS, Scope};
use crate::scenario::{Play, scenarios};

scenarios! {
    list_is_cut_in_the_middle {
        "Each list ends in the middle with a close",
        sees ["live, lists failing", "Could not refresh the list; showing the last known tasks."],
        keeps "All rows; events still change them",
        Play::Replies(LISTS, Harm::CutAt(5_000))
    }
    list_is_reset_in_the_middle {
        "Each list ends in the middle with a reset",
        sees ["live, lists failing", "Could not refresh the list; showing the last known tasks."],
        keeps "All rows; events still change them",
        Play::Replies(LISTS, Harm::ResetAt(5_000))
    }
    list_stalls_in_the_middle {
        "Each list stops in the middle, and its connection stays open",
        sees ["live, lists failing", "Could not refresh the list; showing the last known tasks.", "no answer within 1.5 s"],
        keeps "All rows; events still change them",
        Play::Replies(LISTS, Harm::StallAt(5_000))
    }
    list_is_truncated {
        "Each list lacks its last bytes, and its length fits",
        sees ["live, lists failing", "malformed reply: truncated"],
        keeps "All rows; events still change them",
        Play::Replies(LISTS, Harm::Truncate(7))
    }
    list_is_corrupt {
        "Each list has a wrong byte",
        sees ["live, lists failing", "malformed reply: failed to decode Protobuf message"],
        keeps "All rows; events still change them",
        Play::Replies(LISTS, Harm::Corrupt { at: 0, to: 0xff })
    }
    list_fails_every_second_time {
        "Every second list is cut",
        sees ["Could not refresh the list; showing the last known tasks.", "Live again after"],
        keeps "All rows",
        Play::Replies(Scope::EverySecond(Call::ListTasks), Harm::CutAt(5_000))
    }
    list_drips {
        "Lists arrive 200 bytes at a time",
        sees ["live", "last list: 13 kB"],
        keeps "All rows; a slow list is no fault",
        Play::Replies(LISTS, Harm::Drip { bytes: 200, pause: Duration::from_millis(1) })
    }
}
