//! The tree of actions. How deep it goes was checked when the text was parsed.

use super::environment::{file, variable};
use super::error::ParseError;
use super::fields::{Fields, Read};
use crate::bbs::wire::{self, Action, action::Kind};

type ReadKind = fn(&Fields<'_>) -> Read<Kind>;

/// The kinds, by their keys.
const KINDS: [(&str, ReadKind); 9] = [
    ("download", download),
    ("upload", upload),
    ("run", run),
    ("timeout", timeout),
    ("emit_progress", emit_progress),
    ("try", attempt),
    ("parallel", |of| {
        Ok(Kind::ParallelAction(wire::ParallelAction {
            actions: of.each("actions", action)?,
            log_source: of.text("log_source")?,
        }))
    }),
    ("serial", |of| {
        Ok(Kind::SerialAction(wire::SerialAction {
            actions: of.each("actions", action)?,
            log_source: of.text("log_source")?,
        }))
    }),
    ("codependent", |of| {
        Ok(Kind::CodependentAction(wire::CodependentAction {
            actions: of.each("actions", action)?,
            log_source: of.text("log_source")?,
        }))
    }),
];

/// The action. One of no kind is left to the server to refuse; of two kinds one would silently go missing.
pub(super) fn action(of: &Fields<'_>) -> Read<Action> {
    let mut kinds = KINDS.into_iter().filter_map(|(key, read)| of.object(key, read).transpose());
    let kind = kinds.next().transpose()?;
    if kinds.next().is_some() {
        return Err(ParseError::new("an action has one kind only"));
    }
    Ok(Action { kind })
}

fn inner(of: &Fields<'_>) -> Read<Option<Box<Action>>> {
    Ok(of.object("action", action)?.map(Box::new))
}

fn download(of: &Fields<'_>) -> Read<Kind> {
    Ok(Kind::DownloadAction(wire::DownloadAction {
        artifact: of.text("artifact")?,
        from: of.text("from")?,
        to: of.text("to")?,
        cache_key: of.text("cache_key")?,
        log_source: of.text("log_source")?,
        user: of.text("user")?,
        checksum_algorithm: of.text("checksum_algorithm")?,
        checksum_value: of.text("checksum_value")?,
    }))
}

fn upload(of: &Fields<'_>) -> Read<Kind> {
    Ok(Kind::UploadAction(wire::UploadAction {
        artifact: of.text("artifact")?,
        from: of.text("from")?,
        to: of.text("to")?,
        log_source: of.text("log_source")?,
        user: of.text("user")?,
    }))
}

fn run(of: &Fields<'_>) -> Read<Kind> {
    Ok(Kind::RunAction(wire::RunAction {
        path: of.text("path")?,
        args: of.texts("args")?,
        dir: of.text("dir")?,
        env: of.each("env", variable)?,
        resource_limits: of.object("resource_limits", |limits| {
            Ok(wire::ResourceLimits {
                nofile: limits.number_if_any("nofile")?,
                nproc: limits.number_if_any("nproc")?,
            })
        })?,
        user: of.text("user")?,
        log_source: of.text("log_source")?,
        suppress_log_output: of.flag("suppress_log_output")?,
        volume_mounted_files: of.each("volume_mounted_files", file)?,
    }))
}

fn timeout(of: &Fields<'_>) -> Read<Kind> {
    Ok(Kind::TimeoutAction(Box::new(wire::TimeoutAction {
        action: inner(of)?,
        deprecated_timeout_ns: of.number("timeout")?,
        log_source: of.text("log_source")?,
        timeout_ms: of.number("timeout_ms")?,
    })))
}

fn emit_progress(of: &Fields<'_>) -> Read<Kind> {
    Ok(Kind::EmitProgressAction(Box::new(wire::EmitProgressAction {
        action: inner(of)?,
        start_message: of.text("start_message")?,
        success_message: of.text("success_message")?,
        failure_message_prefix: of.text("failure_message_prefix")?,
        log_source: of.text("log_source")?,
    })))
}

fn attempt(of: &Fields<'_>) -> Read<Kind> {
    Ok(Kind::TryAction(Box::new(wire::TryAction { action: inner(of)?, log_source: of.text("log_source")? })))
}
