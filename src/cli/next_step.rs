//! What to do after a call that went wrong.
//!
//! Says nothing of the fault itself: the fault does.

use crate::model::{FaultKind, RefusedType};

/// Returns what to do after a call of a command that went wrong in this way.
pub(super) const fn after(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::Unreachable { .. }
        | FaultKind::TimedOut { .. }
        | FaultKind::NotBbs { .. }
        | FaultKind::Malformed { .. }
        | FaultKind::Tls { .. } => "run `taskdeck doctor` to find the step that fails",
        kind => for_fault(kind),
    }
}

/// Returns what to do after a call of `doctor` that went wrong in this way: one or more clauses, without a period.
pub(super) const fn for_fault(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::Refused { kind, .. } => for_refusal(*kind),
        FaultKind::Unreachable { .. } => {
            "the connection broke; check whether the BBS is restarting or a proxy is in between"
        }
        FaultKind::TimedOut { .. } => "try again, or raise --call-timeout or the target's timeout",
        FaultKind::NotBbs { status: 503, .. } => {
            "wait for the migration to finish, or check the log of the BBS"
        }
        FaultKind::NotBbs { router_error, .. } if !router_error.is_empty() => {
            "the router cannot reach the BBS; check that the BBS runs and is registered"
        }
        FaultKind::NotBbs { .. } | FaultKind::Malformed { .. } => {
            "check that this is the BBS's address and port, not a proxy's or another job's"
        }
        FaultKind::TooLarge { .. } => "if this is the BBS, raise reply_limit_mb of the target",
        FaultKind::Tls { .. } => {
            "get a client certificate that the BBS accepts (CLIENT_CERT_FILE, CLIENT_KEY_FILE)"
        }
        FaultKind::ReadOnly => "use another target, or remove read_only or --read-only",
    }
}

/// Returns what to do after the BBS refused a call.
const fn for_refusal(kind: RefusedType) -> &'static str {
    match kind {
        RefusedType::RESOURCE_NOT_FOUND => "check the guid; `taskdeck tasks` lists the tasks",
        RefusedType::RESOURCE_EXISTS => "choose another guid, or delete that task first",
        RefusedType::INVALID_REQUEST | RefusedType::INVALID_PROTOBUF_MESSAGE => "correct the request",
        RefusedType::INVALID_STATE_TRANSITION | RefusedType::RUNNING_ON_DIFFERENT_CELL => {
            "look at the task as it is now with `taskdeck task GUID`"
        }
        RefusedType::ROUTER_ERROR => {
            "the router cannot reach the BBS; check that the BBS runs and is registered"
        }
        RefusedType::DEADLOCK | RefusedType::TIMEOUT => {
            "try again; if it repeats, check the database of the BBS"
        }
        _ => "look for the request id in the log of the BBS",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::cli::advice::page;

    /// Each kind of fault, as the client makes it.
    fn every_kind() -> Vec<FaultKind> {
        let text = String::new;
        let not_bbs = |status, router_error: &str| FaultKind::NotBbs {
            status,
            content_type: text(),
            router_error: router_error.to_owned(),
            problem: text(),
        };
        let refused = |number| FaultKind::Refused { kind: RefusedType(number), message: text() };
        let others = [
            FaultKind::Unreachable { cause: text(), sent: false },
            FaultKind::TimedOut { after: std::time::Duration::ZERO },
            not_bbs(503, ""),
            not_bbs(502, "endpoint_failure"),
            not_bbs(200, ""),
            FaultKind::Malformed { problem: text() },
            FaultKind::TooLarge { problem: text() },
            FaultKind::Tls { problem: text() },
            FaultKind::ReadOnly,
        ];
        others.into_iter().chain((0..40).map(refused)).collect()
    }

    #[test]
    fn after_every_fault_there_is_something_to_do() {
        const VERBS: &[&str] = &[
            "run", "check", "try", "raise", "wait", "get", "use", "choose", "correct", "look", "if", "the ",
        ];
        for kind in every_kind() {
            for advice in [for_fault(&kind), after(&kind)] {
                assert!(VERBS.iter().any(|verb| advice.starts_with(verb)), "{kind:?}: {advice}");
                assert!(!advice.ends_with('.') && advice.split('`').count() % 2 == 1, "{kind:?}: {advice}");
            }
        }
    }

    /// What an advice says to run is there.
    #[test]
    fn every_command_in_an_advice_exists() {
        let root = crate::cli::arguments::Arguments::clap_command();
        let pages = [page(Some(Path::new("/nope"))), page(None)];
        let advices = every_kind().iter().map(|kind| after(kind).to_owned()).chain(pages).collect::<Vec<_>>();
        let mut commands = 0;
        for advice in &advices {
            for command in advice.split("taskdeck ").skip(1) {
                let words = command.split([' ', '`', '\n']).take_while(|word| !word.is_empty());
                let mut at = &root;
                for word in words.take(2).take_while(|word| word.chars().all(|c| c.is_ascii_lowercase())) {
                    at = at.find_subcommand(word).unwrap_or_else(|| panic!("{word}: {advice}"));
                    commands += 1;
                }
            }
        }
        assert!(commands > 10, "{commands}");
    }
}
