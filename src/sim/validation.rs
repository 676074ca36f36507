//! What desire refuses: every fault at once, in the server's order. Source: "What desire refuses" of the API.

mod crash;
mod rule;

use super::refusal;
use crate::bbs::wire::action::Kind;
use crate::bbs::wire::{Action, CachedDependency, Error, ImageLayer, TaskDefinition, image_layer};

pub(super) use crash::crashes;

/// The algorithms of a download's checksum.
const CHECKSUMS: [&[u8]; 3] = [b"md5", b"sha1", b"sha256"];

/// The longest annotation, in bytes.
pub(super) const ANNOTATION_LIMIT: usize = 10 * 1024;

/// The faults found so far, as the server words them.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn field(&mut self, name: &str, is_faulty: bool) {
        if is_faulty {
            self.0.push(format!("Invalid field: {name}"));
        }
    }

    /// The field's name in front of the faults that are inside it.
    fn within(&mut self, name: &str, inner: Self) {
        if !inner.0.is_empty() {
            self.field(name, true);
            self.0.extend(inner.0);
        }
    }
}

/// Refuses a task that the server would refuse.
pub(super) fn check(guid: &[u8], domain: &[u8], definition: Option<&TaskDefinition>) -> Result<(), Error> {
    let mut faults = Faults::default();
    faults.field("task_guid", !is_guid(guid));
    faults.field("domain", domain.is_empty());
    match definition {
        Some(definition) => check_definition(definition, &mut faults),
        None => faults.field("task_definition", true),
    }
    if faults.0.is_empty() { Ok(()) } else { Err(refusal::invalid_request(&faults.0)) }
}

/// Refuses what a cell reports without its task's guid, or without a value in the field that must have one.
pub(super) fn check_report(guid: &[u8], field: &str, value: &[u8]) -> Result<(), Error> {
    let mut faults = Faults::default();
    faults.field("task_guid", !is_guid(guid));
    faults.field(field, value.is_empty());
    if faults.0.is_empty() { Ok(()) } else { Err(refusal::invalid_request(&faults.0)) }
}

fn is_guid(guid: &[u8]) -> bool {
    !guid.is_empty() && guid.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn check_definition(definition: &TaskDefinition, faults: &mut Faults) {
    faults.field("rootfs", !has_scheme(&definition.root_fs));
    match &definition.action {
        Some(action) => faults.within("action", in_action(action)),
        None => faults.0.push("invalid action type".to_owned()),
    }
    faults.field("memory_mb", definition.memory_mb < 0);
    faults.field("disk_mb", definition.disk_mb < 0);
    let rate = definition.log_rate_limit.as_ref().map_or(-1, |limit| limit.bytes_per_second);
    faults.field("log_rate_limit", rate < -1);
    faults.field("max_pids", definition.max_pids < 0);
    faults.field("annotation", definition.annotation.len() > ANNOTATION_LIMIT);
    for rule in &definition.egress_rules {
        faults.field("egress_rules", !rule::is_right(rule));
    }
    let (user, password) = (&definition.image_username, &definition.image_password);
    faults.field("image_password", !user.is_empty() && password.is_empty());
    faults.field("image_username", user.is_empty() && !password.is_empty());
    for dependency in &definition.cached_dependencies {
        faults.within("cached_dependency", in_dependency(dependency));
    }
    check_layers(definition, faults);
}

fn check_layers(definition: &TaskDefinition, faults: &mut Faults) {
    for layer in &definition.image_layers {
        faults.within("image_layer", in_layer(layer));
    }
    let is_exclusive = |layer: &ImageLayer| layer.layer_type() == image_layer::Type::Exclusive;
    let needs_user = definition.image_layers.iter().any(is_exclusive);
    faults.field("legacy_download_user", needs_user && definition.legacy_download_user.is_empty());
}

/// Whether it is a URL with a scheme.
pub(super) fn has_scheme(url: &[u8]) -> bool {
    let mut parts = url.splitn(2, |byte| *byte == b':');
    let scheme = parts.next().unwrap_or_default();
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    parts.next().is_some()
        && scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(is_scheme)
}

fn in_action(action: &Action) -> Faults {
    let mut faults = Faults::default();
    match &action.kind {
        None => faults.field("inner-action", true),
        Some(Kind::DownloadAction(download)) => {
            faults.field("from", download.from.is_empty());
            faults.field("to", download.to.is_empty());
            faults.field("user", download.user.is_empty());
            check_sum(&download.checksum_algorithm, &download.checksum_value, &mut faults);
        }
        Some(Kind::UploadAction(upload)) => {
            faults.field("to", upload.to.is_empty());
            faults.field("from", upload.from.is_empty());
            faults.field("user", upload.user.is_empty());
        }
        Some(Kind::RunAction(run)) => {
            faults.field("path", run.path.is_empty());
            faults.field("user", run.user.is_empty());
        }
        Some(Kind::TimeoutAction(timeout)) => {
            check_inner(timeout.action.as_deref(), &mut faults);
            faults.field("timeout_ms", timeout.timeout_ms <= 0);
        }
        Some(Kind::EmitProgressAction(emit)) => check_inner(emit.action.as_deref(), &mut faults),
        Some(Kind::TryAction(attempt)) => check_inner(attempt.action.as_deref(), &mut faults),
        Some(Kind::ParallelAction(parallel)) => check_each(&parallel.actions, &mut faults),
        Some(Kind::SerialAction(serial)) => check_each(&serial.actions, &mut faults),
        Some(Kind::CodependentAction(codependent)) => check_each(&codependent.actions, &mut faults),
    }
    faults
}

fn check_inner(action: Option<&Action>, faults: &mut Faults) {
    match action {
        Some(action) => faults.0.extend(in_action(action).0),
        None => faults.field("action", true),
    }
}

fn check_each(actions: &[Action], faults: &mut Faults) {
    faults.field("actions", actions.is_empty());
    for action in actions {
        faults.0.extend(in_action(action).0);
    }
}

fn in_dependency(dependency: &CachedDependency) -> Faults {
    let mut faults = Faults::default();
    faults.field("from", dependency.from.is_empty());
    faults.field("to", dependency.to.is_empty());
    check_sum(&dependency.checksum_algorithm, &dependency.checksum_value, &mut faults);
    faults
}

fn check_sum(algorithm: &[u8], value: &[u8], faults: &mut Faults) {
    faults.field("checksum algorithm", algorithm.is_empty() && !value.is_empty());
    faults.field("checksum value", !algorithm.is_empty() && value.is_empty());
    let is_known = CHECKSUMS.iter().any(|known| algorithm.eq_ignore_ascii_case(known));
    faults.field("invalid algorithm", !algorithm.is_empty() && !value.is_empty() && !is_known);
}

fn in_layer(layer: &ImageLayer) -> Faults {
    let mut faults = Faults::default();
    faults.field("url", layer.url.is_empty());
    faults.field("destination_path", layer.destination_path.is_empty());
    // A number that this release does not know is as wrong as none.
    faults.field("layer_type", layer.layer_type() == image_layer::Type::LayerTypeUnset);
    faults.field("media_type", layer.media_type() == image_layer::MediaType::Unset);
    let is_exclusive = layer.layer_type() == image_layer::Type::Exclusive;
    let (has_value, algorithm) = (!layer.digest_value.is_empty(), layer.digest_algorithm());
    let is_unset = algorithm == image_layer::DigestAlgorithm::Unset;
    faults.field("digest_algorithm", (has_value || is_exclusive) && is_unset);
    faults.field("digest_value", (!is_unset || is_exclusive) && !has_value);
    faults
}

#[cfg(test)]
mod tests;
