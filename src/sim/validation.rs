//! Validates desired tasks and calls of cells: collects all errors, in the server's order.
//!
//! Source: "What desire refuses" of the API.

mod egress_rule;
mod empty_action;

use super::errors::invalid_request;
use crate::bbs::wire::action::Kind;
use crate::bbs::wire::{Action, CachedDependency, Error, ImageLayer, TaskDefinition, image_layer};

pub(super) use empty_action::has_empty_inner_action;

/// Algorithms that a checksum may have.
const CHECKSUMS: [&[u8]; 3] = [b"md5", b"sha1", b"sha256"];

/// Maximum length of an annotation in bytes.
pub(super) const ANNOTATION_LIMIT: usize = 10 * 1024;

/// The validation errors found so far, with the server's messages.
#[derive(Default)]
struct ValidationErrors(Vec<String>);

impl ValidationErrors {
    /// Adds an error for the field if it is invalid.
    fn field(&mut self, name: &str, is_invalid: bool) {
        if is_invalid {
            self.0.push(format!("Invalid field: {name}"));
        }
    }

    /// Adds the errors inside a field, after an error for the field itself.
    fn nested(&mut self, name: &str, inner: Self) {
        if !inner.0.is_empty() {
            self.field(name, true);
            self.0.extend(inner.0);
        }
    }

    fn into_result(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(invalid_request(&self.0)) }
    }
}

/// Returns the server's error if the desired task is invalid.
pub(super) fn check(guid: &[u8], domain: &[u8], definition: Option<&TaskDefinition>) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    errors.field("task_guid", !is_guid(guid));
    errors.field("domain", domain.is_empty());
    match definition {
        Some(definition) => check_definition(definition, &mut errors),
        None => errors.field("task_definition", true),
    }
    errors.into_result()
}

/// Returns the server's error if a call of a cell has no valid guid or no value in the required field.
pub(super) fn check_cell_call(guid: &[u8], field: &str, value: &[u8]) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    errors.field("task_guid", !is_guid(guid));
    errors.field(field, value.is_empty());
    errors.into_result()
}

fn is_guid(guid: &[u8]) -> bool {
    !guid.is_empty() && guid.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn check_definition(definition: &TaskDefinition, errors: &mut ValidationErrors) {
    errors.field("rootfs", !has_scheme(&definition.root_fs));
    match &definition.action {
        Some(action) => errors.nested("action", action_errors(action)),
        None => errors.0.push("invalid action type".to_owned()),
    }
    errors.field("memory_mb", definition.memory_mb < 0);
    errors.field("disk_mb", definition.disk_mb < 0);
    let rate = definition.log_rate_limit.as_ref().map_or(-1, |limit| limit.bytes_per_second);
    errors.field("log_rate_limit", rate < -1);
    errors.field("max_pids", definition.max_pids < 0);
    errors.field("annotation", definition.annotation.len() > ANNOTATION_LIMIT);
    for rule in &definition.egress_rules {
        errors.field("egress_rules", !egress_rule::is_valid(rule));
    }
    let (user, password) = (&definition.image_username, &definition.image_password);
    errors.field("image_password", !user.is_empty() && password.is_empty());
    errors.field("image_username", user.is_empty() && !password.is_empty());
    for dependency in &definition.cached_dependencies {
        errors.nested("cached_dependency", dependency_errors(dependency));
    }
    check_layers(definition, errors);
}

fn check_layers(definition: &TaskDefinition, errors: &mut ValidationErrors) {
    for layer in &definition.image_layers {
        errors.nested("image_layer", layer_errors(layer));
    }
    let is_exclusive = |layer: &ImageLayer| layer.layer_type() == image_layer::Type::Exclusive;
    let needs_user = definition.image_layers.iter().any(is_exclusive);
    errors.field("legacy_download_user", needs_user && definition.legacy_download_user.is_empty());
}

/// Returns whether the text is a URL with a scheme.
pub(super) fn has_scheme(url: &[u8]) -> bool {
    let mut parts = url.splitn(2, |byte| *byte == b':');
    let scheme = parts.next().unwrap_or_default();
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    parts.next().is_some()
        && scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(is_scheme)
}

fn action_errors(action: &Action) -> ValidationErrors {
    let mut errors = ValidationErrors::default();
    match &action.kind {
        None => errors.field("inner-action", true),
        Some(Kind::DownloadAction(download)) => {
            errors.field("from", download.from.is_empty());
            errors.field("to", download.to.is_empty());
            errors.field("user", download.user.is_empty());
            check_checksum(&download.checksum_algorithm, &download.checksum_value, &mut errors);
        }
        Some(Kind::UploadAction(upload)) => {
            errors.field("to", upload.to.is_empty());
            errors.field("from", upload.from.is_empty());
            errors.field("user", upload.user.is_empty());
        }
        Some(Kind::RunAction(run)) => {
            errors.field("path", run.path.is_empty());
            errors.field("user", run.user.is_empty());
        }
        Some(Kind::TimeoutAction(timeout)) => {
            check_inner(timeout.action.as_deref(), &mut errors);
            errors.field("timeout_ms", timeout.timeout_ms <= 0);
        }
        Some(Kind::EmitProgressAction(emit)) => check_inner(emit.action.as_deref(), &mut errors),
        Some(Kind::TryAction(attempt)) => check_inner(attempt.action.as_deref(), &mut errors),
        Some(Kind::ParallelAction(parallel)) => check_actions(&parallel.actions, &mut errors),
        Some(Kind::SerialAction(serial)) => check_actions(&serial.actions, &mut errors),
        Some(Kind::CodependentAction(codependent)) => check_actions(&codependent.actions, &mut errors),
    }
    errors
}

fn check_inner(action: Option<&Action>, errors: &mut ValidationErrors) {
    match action {
        Some(action) => errors.0.extend(action_errors(action).0),
        None => errors.field("action", true),
    }
}

fn check_actions(actions: &[Action], errors: &mut ValidationErrors) {
    errors.field("actions", actions.is_empty());
    for action in actions {
        errors.0.extend(action_errors(action).0);
    }
}

fn dependency_errors(dependency: &CachedDependency) -> ValidationErrors {
    let mut errors = ValidationErrors::default();
    errors.field("from", dependency.from.is_empty());
    errors.field("to", dependency.to.is_empty());
    check_checksum(&dependency.checksum_algorithm, &dependency.checksum_value, &mut errors);
    errors
}

fn check_checksum(algorithm: &[u8], value: &[u8], errors: &mut ValidationErrors) {
    errors.field("checksum algorithm", algorithm.is_empty() && !value.is_empty());
    errors.field("checksum value", !algorithm.is_empty() && value.is_empty());
    let is_known = CHECKSUMS.iter().any(|known| algorithm.eq_ignore_ascii_case(known));
    errors.field("invalid algorithm", !algorithm.is_empty() && !value.is_empty() && !is_known);
}

fn layer_errors(layer: &ImageLayer) -> ValidationErrors {
    let mut errors = ValidationErrors::default();
    errors.field("url", layer.url.is_empty());
    errors.field("destination_path", layer.destination_path.is_empty());
    // An unknown number is as invalid as an unset one.
    errors.field("layer_type", layer.layer_type() == image_layer::Type::LayerTypeUnset);
    errors.field("media_type", layer.media_type() == image_layer::MediaType::Unset);
    let is_exclusive = layer.layer_type() == image_layer::Type::Exclusive;
    let (has_value, algorithm) = (!layer.digest_value.is_empty(), layer.digest_algorithm());
    let is_unset = algorithm == image_layer::DigestAlgorithm::Unset;
    errors.field("digest_algorithm", (has_value || is_exclusive) && is_unset);
    errors.field("digest_value", (!is_unset || is_exclusive) && !has_value);
    errors
}

#[cfg(test)]
mod tests;
