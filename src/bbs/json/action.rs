//! The tree of actions. How deep it goes was checked when it was decoded.

use bytes::Bytes;

use super::definition::{file, variable};
use super::object::{Object, object};
use super::writer::Writer;
use crate::bbs::wire::{self, Action, action::Kind};

/// Writes the action: an object whose one key is its kind.
pub(super) fn action(out: &mut Writer, of: &Action) {
    object(out, |action| match &of.kind {
        Some(Kind::DownloadAction(of)) => action.object("download", |fields| download(fields, of)),
        Some(Kind::UploadAction(of)) => action.object("upload", |fields| upload(fields, of)),
        Some(Kind::RunAction(of)) => action.object("run", |fields| run(fields, of)),
        Some(Kind::TimeoutAction(of)) => action.object("timeout", |fields| timeout(fields, of)),
        Some(Kind::EmitProgressAction(of)) => {
            action.object("emit_progress", |fields| emit_progress(fields, of));
        }
        Some(Kind::TryAction(of)) => action.object("try", |fields| {
            inner(fields, of.action.as_deref());
            fields.text_if_any("log_source", &of.log_source);
        }),
        Some(Kind::ParallelAction(of)) => group(action, "parallel", &of.actions, &of.log_source),
        Some(Kind::SerialAction(of)) => group(action, "serial", &of.actions, &of.log_source),
        Some(Kind::CodependentAction(of)) => group(action, "codependent", &of.actions, &of.log_source),
        None => {}
    });
}

fn inner(fields: &mut Object<'_>, of: Option<&Action>) {
    if let Some(of) = of {
        action(fields.key("action"), of);
    }
}

fn group(parent: &mut Object<'_>, kind: &str, actions: &[Action], log_source: &Bytes) {
    parent.object(kind, |fields| {
        fields.each_if_any("actions", actions, action);
        fields.text_if_any("log_source", log_source);
    });
}

fn download(fields: &mut Object<'_>, of: &wire::DownloadAction) {
    fields.text_if_any("artifact", &of.artifact);
    fields.text("from", &of.from);
    fields.text("to", &of.to);
    fields.text("cache_key", &of.cache_key);
    fields.text_if_any("log_source", &of.log_source);
    fields.text("user", &of.user);
    fields.text_if_any("checksum_algorithm", &of.checksum_algorithm);
    fields.text_if_any("checksum_value", &of.checksum_value);
}

fn upload(fields: &mut Object<'_>, of: &wire::UploadAction) {
    fields.text_if_any("artifact", &of.artifact);
    fields.text("from", &of.from);
    fields.text("to", &of.to);
    fields.text_if_any("log_source", &of.log_source);
    fields.text("user", &of.user);
}

fn run(fields: &mut Object<'_>, of: &wire::RunAction) {
    fields.text("path", &of.path);
    fields.texts_if_any("args", &of.args);
    fields.text_if_any("dir", &of.dir);
    fields.each_if_any("env", &of.env, variable);
    if let Some(of) = &of.resource_limits {
        fields.object("resource_limits", |limits| {
            if let Some(nofile) = of.nofile {
                limits.number("nofile", nofile);
            }
            if let Some(nproc) = of.nproc {
                limits.number("nproc", nproc);
            }
        });
    }
    fields.text("user", &of.user);
    fields.text_if_any("log_source", &of.log_source);
    fields.flag("suppress_log_output", of.suppress_log_output);
    fields.each_or_null("volume_mounted_files", &of.volume_mounted_files, file);
}

fn timeout(fields: &mut Object<'_>, of: &wire::TimeoutAction) {
    inner(fields, of.action.as_deref());
    if of.deprecated_timeout_ns != 0 {
        fields.number("timeout", of.deprecated_timeout_ns);
    }
    fields.text_if_any("log_source", &of.log_source);
    fields.number("timeout_ms", of.timeout_ms);
}

fn emit_progress(fields: &mut Object<'_>, of: &wire::EmitProgressAction) {
    inner(fields, of.action.as_deref());
    fields.text("start_message", &of.start_message);
    fields.text("success_message", &of.success_message);
    fields.text("failure_message_prefix", &of.failure_message_prefix);
    fields.text_if_any("log_source", &of.log_source);
}
