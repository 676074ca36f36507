//! The commands of `cfdot` that taskdeck does not have, and what to use instead.

use std::io;

use super::exit::Exit;
use crate::cli::failure::Status;

/// A group of commands.
struct Group {
    about: &'static str,
    names: &'static [&'static str],
    instead: &'static str,
}

const ORIGINAL: &str = "use the original cfdot, on a Diego VM at /var/vcap/packages/cfdot/bin/cfdot";

const GROUPS: [Group; 4] = [
    Group {
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
        instead: ORIGINAL,
    },
    Group { about: "cell states", names: &["cell-state", "cell-states"], instead: ORIGINAL },
    Group {
        about: "locks and presences",
        names: &["claim-lock", "claim-presence", "locks", "presences", "release-lock"],
        instead: ORIGINAL,
    },
    Group {
        about: "cfdot's own completions",
        names: &["completion"],
        instead: "use `taskdeck completions SHELL`",
    },
];

/// Returns the error for a command that taskdeck does not have; `None` for other names.
pub(super) fn exit(name: &str) -> Option<Exit> {
    let group = GROUPS.iter().find(|group| group.names.contains(&name))?;
    let Group { about, instead, .. } = group;
    Some(Exit::unsupported(format!("'{name}' is about {about} and is not part of taskdeck; {instead}")))
}

/// Prints what to use instead of a command that taskdeck does not have; `None` for other names.
pub(in crate::cli) fn explain(name: &str) -> Option<Status> {
    Some(exit(name)?.report(&mut io::stderr().lock(), String::new))
}
