//! Describes the tree of actions, with its branches drawn.

use crate::model::{Action, ResourceLimits};

use super::environment;
use super::lines::Lines;

pub(super) fn describe<'a>(lines: &mut Lines<'a>, action: &'a Action) {
    describe_branch(lines, action, "", "");
    lines.branches.clear();
}

/// Describes an action and its children. `head` precedes its own line, `below` all lines that follow.
fn describe_branch<'a>(lines: &mut Lines<'a>, action: &'a Action, head: &str, below: &str) {
    head.clone_into(&mut lines.branches);
    lines.text(name(action), subject(action));
    let trunk = if action.children().is_empty() { "  " } else { "│ " };
    lines.branches = [below, trunk].concat();
    describe_fields(lines, action);
    let mut children = action.children().iter().peekable();
    while let Some(child) = children.next() {
        let (fork, through) =
            if children.peek().is_some() { ("├─ ", "│  ") } else { ("└─ ", "   ") };
        describe_branch(lines, child, &[below, fork].concat(), &[below, through].concat());
    }
}

/// Returns the text beside the action's name. It is never empty, so that the line is never left out.
fn subject(action: &Action) -> &str {
    let subject = match action {
        Action::Download { artifact, .. } | Action::Upload { artifact, .. } => artifact,
        Action::Run { path, .. } => path,
        Action::Parallel { .. } => "all at once",
        Action::Serial { .. } => "one after another",
        Action::Codependent { .. } => "all at once; all stop when one ends",
        Action::Try { .. } => "failures are ignored",
        Action::Timeout { .. } => "stopped if it takes too long",
        Action::EmitProgress { .. } => "reports progress",
        Action::Unknown => "unknown to this version of taskdeck",
    };
    if subject.is_empty() { "—" } else { subject }
}

const fn name(action: &Action) -> &'static str {
    match action {
        Action::Download { .. } => "download",
        Action::Upload { .. } => "upload",
        Action::Run { .. } => "run",
        Action::Timeout { .. } => "timeout",
        Action::EmitProgress { .. } => "emit_progress",
        Action::Try { .. } => "try",
        Action::Parallel { .. } => "parallel",
        Action::Serial { .. } => "serial",
        Action::Codependent { .. } => "codependent",
        Action::Unknown => "unknown",
    }
}

fn describe_fields<'a>(lines: &mut Lines<'a>, action: &'a Action) {
    match action {
        Action::Download {
            from,
            to,
            user,
            cache_key,
            log_source,
            checksum_algorithm,
            checksum_value,
            ..
        } => {
            lines.text("from", from);
            lines.text("to", to);
            lines.text("user", user);
            lines.text("cache_key", cache_key);
            lines.text("checksum_algorithm", checksum_algorithm);
            lines.text("checksum_value", checksum_value);
            lines.text("log_source", log_source);
        }
        Action::Upload { from, to, user, log_source, .. } => {
            lines.text("from", from);
            lines.text("to", to);
            lines.text("user", user);
            lines.text("log_source", log_source);
        }
        Action::Run { .. } => describe_run(lines, action),
        Action::Timeout { timeout_ms, deprecated_timeout_ns, log_source, .. } => {
            lines.field("timeout_ms", timeout_ms.to_string());
            if *deprecated_timeout_ns != 0 {
                lines.field("deprecated_timeout_ns", deprecated_timeout_ns.to_string());
            }
            lines.text("log_source", log_source);
        }
        Action::EmitProgress {
            start_message, success_message, failure_message_prefix, log_source, ..
        } => {
            lines.text("start_message", start_message);
            lines.text("success_message", success_message);
            lines.text("failure_message_prefix", failure_message_prefix);
            lines.text("log_source", log_source);
        }
        Action::Try { log_source, .. }
        | Action::Parallel { log_source, .. }
        | Action::Serial { log_source, .. }
        | Action::Codependent { log_source, .. } => lines.text("log_source", log_source),
        Action::Unknown => {}
    }
}

fn describe_run<'a>(lines: &mut Lines<'a>, action: &'a Action) {
    let Action::Run { args, dir, env, resource_limits, user, log_source, volume_mounted_files, .. } = action
    else {
        return;
    };
    for argument in args {
        lines.text("arg", if argument.is_empty() { "(empty)" } else { argument });
    }
    lines.text("dir", dir);
    lines.text("user", user);
    if let Some(limits) = resource_limits {
        lines.field("resource_limits", limits_text(*limits));
    }
    lines.text("log_source", log_source);
    if let Action::Run { suppress_log_output: true, .. } = action {
        lines.field("suppress_log_output", "yes");
    }
    if !env.is_empty() {
        lines.nested("env", "", |lines| environment::describe(lines, env));
    }
    for file in volume_mounted_files {
        lines.secret(["file ", file.path.as_str()].concat(), &file.content);
    }
}

fn limits_text(limits: ResourceLimits) -> String {
    let part = |name: &str, limit: Option<u64>| limit.map(|limit| format!("{name} {limit}"));
    let parts: Vec<_> =
        [part("nofile", limits.nofile), part("nproc", limits.nproc)].into_iter().flatten().collect();
    if parts.is_empty() { "none set".to_owned() } else { parts.join(", ") }
}
