//! The server's rules for desired tasks: finds all invalid fields, in the server's order.
//!
//! The simulated BBS answers by these rules, and the editor of new tasks checks them before anything is sent. Does no I/O.
//! Source: "What desire refuses" of the API.

mod action;
mod egress_rule;
mod empty_action;
mod image;

use super::json::JsonPath;
use super::wire::TaskDefinition;

pub use empty_action::has_empty_inner_action;

/// Maximum length of an annotation in bytes.
pub const ANNOTATION_LIMIT: usize = 10 * 1024;

/// A field that the server does not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidField {
    /// What the server says of it, as part of its error message.
    pub message: String,
    /// Where the field is in the JSON form of the task.
    pub path: JsonPath,
    /// What the server requires of it. `None` for a field that is invalid only because of those inside it, which follow.
    pub rule: Option<&'static str>,
}

/// Returns the invalid fields of a desired task.
pub fn invalid_fields(guid: &[u8], domain: &[u8], definition: Option<&TaskDefinition>) -> Vec<InvalidField> {
    let mut checks = Checks::default();
    checks.guid(guid);
    checks.required("domain", domain);
    match definition {
        Some(definition) => check_definition(definition, &mut checks),
        None => checks.field("task_definition", "rootfs", true, "the task has no definition"),
    }
    checks.invalid
}

/// Returns the invalid fields of a call of a cell, which needs a guid and a value in the required field.
pub fn invalid_cell_call(guid: &[u8], field: &'static str, value: &[u8]) -> Vec<InvalidField> {
    let mut checks = Checks::default();
    checks.guid(guid);
    checks.required(field, value);
    checks.invalid
}

/// Returns whether the text is a URL with a scheme.
pub fn has_scheme(url: &[u8]) -> bool {
    let mut parts = url.splitn(2, |byte| *byte == b':');
    let scheme = parts.next().unwrap_or_default();
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    parts.next().is_some()
        && scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(is_scheme)
}

/// Returns whether a task may have this guid.
pub fn is_guid(guid: &[u8]) -> bool {
    !guid.is_empty() && guid.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn check_definition(definition: &TaskDefinition, checks: &mut Checks) {
    let rootfs = "must be a URL with a scheme, such as preloaded:cflinuxfs4";
    checks.field("rootfs", "rootfs", !has_scheme(&definition.root_fs), rootfs);
    match &definition.action {
        Some(action) => checks.nested("action", action::check(action, checks.path.key("action"))),
        None => checks.add("invalid action type".to_owned(), "action", "the task needs an action"),
    }
    checks.not_negative("memory_mb", definition.memory_mb);
    checks.not_negative("disk_mb", definition.disk_mb);
    let rate = definition.log_rate_limit.as_ref().map_or(-1, |limit| limit.bytes_per_second);
    checks.field("log_rate_limit", "log_rate_limit", rate < -1, "must be -1 (no limit) or more");
    checks.not_negative("max_pids", definition.max_pids);
    let is_long = definition.annotation.len() > ANNOTATION_LIMIT;
    checks.field("annotation", "annotation", is_long, "must not be longer than 10,240 bytes");
    for (at, rule) in definition.egress_rules.iter().enumerate() {
        checks.invalid.extend(egress_rule::check(rule, &checks.path.key("egress_rules").index(at)));
    }
    image::check_credentials(definition, checks);
    for (at, dependency) in definition.cached_dependencies.iter().enumerate() {
        let path = checks.path.key("cached_dependencies").index(at);
        checks.nested("cached_dependency", image::check_dependency(dependency, path));
    }
    image::check_layers(definition, checks);
}

/// The invalid fields found so far inside one object.
#[derive(Default)]
struct Checks {
    /// Path of the object.
    path: JsonPath,
    invalid: Vec<InvalidField>,
}

impl Checks {
    const fn of(path: JsonPath) -> Self {
        Self { path, invalid: Vec::new() }
    }

    fn guid(&mut self, guid: &[u8]) {
        self.field("task_guid", "task_guid", !is_guid(guid), "must consist of letters, digits, - and _");
    }

    /// Adds a field, by the server's name for it and its key in JSON, if it is invalid.
    fn field(&mut self, name: &str, key: &str, is_invalid: bool, rule: &'static str) {
        if is_invalid {
            self.add(format!("Invalid field: {name}"), key, rule);
        }
    }

    fn required(&mut self, key: &str, value: &[u8]) {
        self.field(key, key, value.is_empty(), "must not be empty");
    }

    fn not_negative(&mut self, key: &str, number: i32) {
        self.field(key, key, number < 0, "must not be negative");
    }

    fn add(&mut self, message: String, key: &str, rule: &'static str) {
        self.invalid.push(InvalidField { message, path: self.path.key(key), rule: Some(rule) });
    }

    /// Adds what is invalid inside a field, after the field itself.
    fn nested(&mut self, name: &str, inner: Self) {
        if !inner.invalid.is_empty() {
            let message = format!("Invalid field: {name}");
            self.invalid.push(InvalidField { message, path: inner.path, rule: None });
            self.invalid.extend(inner.invalid);
        }
    }

    /// Checks a checksum. Both the algorithm and the value must be set, or neither.
    fn checksum(&mut self, algorithm: &[u8], value: &[u8]) {
        let (has_algorithm, has_value) = (!algorithm.is_empty(), !value.is_empty());
        let is_known = CHECKSUMS.iter().any(|known| algorithm.eq_ignore_ascii_case(known));
        let (algorithm, value) = ("checksum_algorithm", "checksum_value");
        self.field("checksum algorithm", algorithm, !has_algorithm && has_value, "the checksum needs it");
        self.field("checksum value", value, has_algorithm && !has_value, "the checksum needs it");
        let is_unknown = has_algorithm && has_value && !is_known;
        self.field("invalid algorithm", algorithm, is_unknown, "must be md5, sha1 or sha256");
    }
}

/// Algorithms that a checksum may have.
const CHECKSUMS: [&[u8]; 3] = [b"md5", b"sha1", b"sha256"];
