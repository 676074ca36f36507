//! Parses the action tree. `serde_json` has limited its depth already.

use super::environment::{file, variable};
use super::error::ParseError;
use super::fields::{Fields, Parsed};
use crate::bbs::wire::{self, Action, action::Kind};

type ParseKind = fn(&Fields<'_>) -> Parsed<Kind>;

/// The kinds of actions by key.
const KINDS: [(&str, ParseKind); 9] = [
    ("download", download),
    ("upload", upload),
    ("run", run),
    ("timeout", timeout),
    ("emit_progress", emit_progress),
    ("try", attempt),
    ("parallel", |fields| {
        Ok(Kind::ParallelAction(wire::ParallelAction {
            actions: fields.objects("actions", action)?,
            log_source: fields.text("log_source")?,
        }))
    }),
    ("serial", |fields| {
        Ok(Kind::SerialAction(wire::SerialAction {
            actions: fields.objects("actions", action)?,
            log_source: fields.text("log_source")?,
        }))
    }),
    ("codependent", |fields| {
        Ok(Kind::CodependentAction(wire::CodependentAction {
            actions: fields.objects("actions", action)?,
            log_source: fields.text("log_source")?,
        }))
    }),
];

/// Parses an action. The server rejects an action without a kind; two kinds are rejected here, because one would get lost
/// silently.
pub(super) fn action(fields: &Fields<'_>) -> Parsed<Action> {
    let mut kinds = KINDS.into_iter().filter_map(|(key, parse)| fields.object(key, parse).transpose());
    let kind = kinds.next().transpose()?;
    if kinds.next().is_some() {
        return Err(ParseError::new("an action can have only one kind"));
    }
    Ok(Action { kind })
}

fn inner(fields: &Fields<'_>) -> Parsed<Option<Box<Action>>> {
    Ok(fields.object("action", action)?.map(Box::new))
}

fn download(fields: &Fields<'_>) -> Parsed<Kind> {
    Ok(Kind::DownloadAction(wire::DownloadAction {
        artifact: fields.text("artifact")?,
        from: fields.text("from")?,
        to: fields.text("to")?,
        cache_key: fields.text("cache_key")?,
        log_source: fields.text("log_source")?,
        user: fields.text("user")?,
        checksum_algorithm: fields.text("checksum_algorithm")?,
        checksum_value: fields.text("checksum_value")?,
    }))
}

fn upload(fields: &Fields<'_>) -> Parsed<Kind> {
    Ok(Kind::UploadAction(wire::UploadAction {
        artifact: fields.text("artifact")?,
        from: fields.text("from")?,
        to: fields.text("to")?,
        log_source: fields.text("log_source")?,
        user: fields.text("user")?,
    }))
}

fn run(fields: &Fields<'_>) -> Parsed<Kind> {
    Ok(Kind::RunAction(wire::RunAction {
        path: fields.text("path")?,
        args: fields.texts("args")?,
        dir: fields.text("dir")?,
        env: fields.objects("env", variable)?,
        resource_limits: fields.object("resource_limits", |limits| {
            Ok(wire::ResourceLimits {
                nofile: limits.optional_number("nofile")?,
                nproc: limits.optional_number("nproc")?,
            })
        })?,
        user: fields.text("user")?,
        log_source: fields.text("log_source")?,
        suppress_log_output: fields.bool("suppress_log_output")?,
        volume_mounted_files: fields.objects("volume_mounted_files", file)?,
    }))
}

fn timeout(fields: &Fields<'_>) -> Parsed<Kind> {
    Ok(Kind::TimeoutAction(Box::new(wire::TimeoutAction {
        action: inner(fields)?,
        deprecated_timeout_ns: fields.number("timeout")?,
        log_source: fields.text("log_source")?,
        timeout_ms: fields.number("timeout_ms")?,
    })))
}

fn emit_progress(fields: &Fields<'_>) -> Parsed<Kind> {
    Ok(Kind::EmitProgressAction(Box::new(wire::EmitProgressAction {
        action: inner(fields)?,
        start_message: fields.text("start_message")?,
        success_message: fields.text("success_message")?,
        failure_message_prefix: fields.text("failure_message_prefix")?,
        log_source: fields.text("log_source")?,
    })))
}

fn attempt(fields: &Fields<'_>) -> Parsed<Kind> {
    Ok(Kind::TryAction(Box::new(wire::TryAction {
        action: inner(fields)?,
        log_source: fields.text("log_source")?,
    })))
}
