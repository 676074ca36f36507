//! The commands of `cfdot` that are not here, and where they are: a row a kind.

use std::io;

use super::exit::Exit;
use crate::cli::failure::Status;

/// What commands are about, their names, and where they are.
struct Kind {
    about: &'static str,
    names: &'static [&'static str],
    place: &'static str,
}

const ORIGINAL: &str = "the original cfdot has it, on a Diego VM as /var/vcap/packages/cfdot/bin/cfdot";

const KINDS: [Kind; 4] = [
    Kind {
        about: "app instances",
        names: &[
            "actual-lrps",
            "actual-lrp-groups",
            "actual-lrp-groups-for-guid",
            "create-desired-lrp",
            "delete-desired-lrp",
            "desired-lrp",
            "desired-lrp-scheduling-infos",
            "desired-lrps",
            "lrp-events",
            "retire-actual-lrp",
            "update-desired-lrp",
        ],
        place: ORIGINAL,
    },
    Kind { about: "what a cell itself reports", names: &["cell-state", "cell-states"], place: ORIGINAL },
    Kind {
        about: "locks and presences",
        names: &["claim-lock", "claim-presence", "locks", "presences", "release-lock"],
        place: ORIGINAL,
    },
    Kind {
        about: "cfdot's own completions",
        names: &["completion"],
        place: "`taskdeck completions SHELL` prints those of taskdeck",
    },
];

/// How a command that is not here ends.
pub(super) fn exit(name: &str) -> Option<Exit> {
    let kind = KINDS.iter().find(|kind| kind.names.contains(&name))?;
    let Kind { about, place, .. } = kind;
    Some(Exit::unsupported(format!("'{name}' is about {about} and is not part of taskdeck; {place}")))
}

/// Says where the command of this name is, if it is one that is not here.
pub(in crate::cli) fn explain(name: &str) -> Option<Status> {
    Some(exit(name)?.say(&mut io::stderr().lock(), String::new))
}
