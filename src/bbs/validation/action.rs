//! Validates the tree of actions. The server's error does not tell in which action a field is; the path does.

use super::Checks;
use crate::bbs::json::JsonPath;
use crate::bbs::wire::Action;
use crate::bbs::wire::action::Kind;

/// Returns what is invalid in an action and those inside it.
pub(super) fn check(action: &Action, path: JsonPath) -> Checks {
    let Some(kind) = &action.kind else {
        let mut checks = Checks::of(path);
        checks.invalid.push(super::InvalidField {
            message: "Invalid field: inner-action".to_owned(),
            path: checks.path.clone(),
            rule: Some("has nothing to do; give it a run, download, timeout, serial or another action"),
        });
        return checks;
    };
    let mut checks = Checks::of(path.key(key(kind)));
    match kind {
        Kind::DownloadAction(download) => {
            checks.required("from", &download.from);
            checks.required("to", &download.to);
            checks.required("user", &download.user);
            checks.checksum(&download.checksum_algorithm, &download.checksum_value);
        }
        Kind::UploadAction(upload) => {
            checks.required("to", &upload.to);
            checks.required("from", &upload.from);
            checks.required("user", &upload.user);
        }
        Kind::RunAction(run) => {
            checks.required("path", &run.path);
            checks.required("user", &run.user);
        }
        Kind::TimeoutAction(timeout) => {
            checks.inner(timeout.action.as_deref());
            checks.field("timeout_ms", "timeout_ms", timeout.timeout_ms <= 0, "must be more than 0");
        }
        Kind::EmitProgressAction(emit) => checks.inner(emit.action.as_deref()),
        Kind::TryAction(attempt) => checks.inner(attempt.action.as_deref()),
        Kind::ParallelAction(parallel) => checks.actions(&parallel.actions),
        Kind::SerialAction(serial) => checks.actions(&serial.actions),
        Kind::CodependentAction(codependent) => checks.actions(&codependent.actions),
    }
    checks.path = path;
    checks
}

impl Checks {
    fn inner(&mut self, action: Option<&Action>) {
        match action {
            Some(action) => self.invalid.extend(check(action, self.path.key("action")).invalid),
            None => self.field("action", "action", true, "there must be one"),
        }
    }

    fn actions(&mut self, actions: &[Action]) {
        self.field("actions", "actions", actions.is_empty(), "there must be at least one");
        for (at, action) in actions.iter().enumerate() {
            self.invalid.extend(check(action, self.path.key("actions").index(at)).invalid);
        }
    }
}

/// Returns the key of a kind in JSON.
const fn key(kind: &Kind) -> &'static str {
    match kind {
        Kind::DownloadAction(_) => "download",
        Kind::UploadAction(_) => "upload",
        Kind::RunAction(_) => "run",
        Kind::TimeoutAction(_) => "timeout",
        Kind::EmitProgressAction(_) => "emit_progress",
        Kind::TryAction(_) => "try",
        Kind::ParallelAction(_) => "parallel",
        Kind::SerialAction(_) => "serial",
        Kind::CodependentAction(_) => "codependent",
    }
}
