//! Describes every field of a definition, named as in the API.

use crate::model::{
    CachedDependency, Device, EgressRule, EnvironmentVariable, File, ImageLayer, MetricTag, TaskDefinition,
    VolumeMount,
};

use super::lines::Lines;
use super::{Tone, action, environment};

pub(super) fn describe<'a>(lines: &mut Lines<'a>, definition: &'a TaskDefinition) {
    lines.heading("Definition", "");
    describe_identity(lines, definition);
    describe_limits(lines, definition);
    if let Some(action) = &definition.action {
        lines.heading("Action", "");
        action::describe(lines, action);
    }
    describe_environment(lines, &definition.environment_variables);
    describe_files(lines, &definition.volume_mounted_files);
    describe_image(lines, definition);
    describe_volumes(lines, &definition.volume_mounts);
    describe_network(lines, definition);
    describe_metrics(lines, definition);
}

fn describe_identity<'a>(lines: &mut Lines<'a>, definition: &'a TaskDefinition) {
    lines.text("root_fs", &definition.root_fs);
    if definition.completion_callback_url.is_empty() {
        lines.toned("completion_callback_url", "none; a client must resolve the task", Tone::Quiet);
    }
    lines.text("completion_callback_url", &definition.completion_callback_url);
    lines.text("annotation", &definition.annotation);
    lines.text("result_file", &definition.result_file);
    lines.text("log_source", &definition.log_source);
    lines.text("log_guid", &definition.log_guid);
    lines.text("metrics_guid", &definition.metrics_guid);
    lines.text("legacy_download_user", &definition.legacy_download_user);
    lines.list("placement_tags", &definition.placement_tags);
    if definition.privileged {
        lines.toned("privileged", "yes", Tone::Warn);
    } else {
        lines.field("privileged", "no");
    }
    lines.text("trusted_system_certificates_path", &definition.trusted_system_certificates_path);
    if let Some(units) = &definition.certificate_properties {
        lines.field("certificate_properties", format!("organizational_unit {}", units.join(", ")));
    }
}

fn describe_limits(lines: &mut Lines<'_>, definition: &TaskDefinition) {
    lines.field("memory_mb", definition.memory_mb.to_string());
    lines.field("disk_mb", definition.disk_mb.to_string());
    lines.field("cpu_weight", definition.cpu_weight.to_string());
    let pids = definition.max_pids;
    lines.field("max_pids", if pids == 0 { "no limit".to_owned() } else { pids.to_string() });
    match definition.log_rate_limit {
        Some(-1) => lines.field("log_rate_limit", "no limit"),
        Some(limit) => lines.field("log_rate_limit", format!("{limit} bytes/s")),
        None => {}
    }
}

fn describe_environment<'a>(lines: &mut Lines<'a>, variables: &'a [EnvironmentVariable]) {
    if !variables.is_empty() {
        lines.heading("Environment", "");
        environment::describe(lines, variables);
    }
}

fn describe_files<'a>(lines: &mut Lines<'a>, files: &'a [File]) {
    if !files.is_empty() {
        lines.heading("Mounted files", "");
        for file in files {
            lines.secret(file.path.as_str(), &file.content);
        }
    }
}

fn describe_image<'a>(lines: &mut Lines<'a>, definition: &'a TaskDefinition) {
    let has_login = !definition.image_username.is_empty() || !definition.image_password.is_empty();
    if has_login || !definition.image_layers.is_empty() || !definition.cached_dependencies.is_empty() {
        lines.heading("Image", "");
    }
    if has_login {
        lines.text("image_username", &definition.image_username);
        lines.secret("image_password", &definition.image_password);
    }
    for layer in &definition.image_layers {
        lines.nested("image_layer", layer.name.as_str(), |lines| describe_layer(lines, layer));
    }
    for dependency in &definition.cached_dependencies {
        lines.nested("cached_dependency", dependency.name.as_str(), |lines| {
            describe_dependency(lines, dependency);
        });
    }
}

fn describe_layer<'a>(lines: &mut Lines<'a>, layer: &'a ImageLayer) {
    lines.text("url", &layer.url);
    lines.text("destination_path", &layer.destination_path);
    lines.text("layer_type", &layer.layer_type);
    lines.text("media_type", &layer.media_type);
    lines.text("digest_algorithm", &layer.digest_algorithm);
    lines.text("digest_value", &layer.digest_value);
}

fn describe_dependency<'a>(lines: &mut Lines<'a>, dependency: &'a CachedDependency) {
    lines.text("from", &dependency.from);
    lines.text("to", &dependency.to);
    lines.text("cache_key", &dependency.cache_key);
    lines.text("log_source", &dependency.log_source);
    lines.text("checksum_algorithm", &dependency.checksum_algorithm);
    lines.text("checksum_value", &dependency.checksum_value);
}

fn describe_volumes<'a>(lines: &mut Lines<'a>, mounts: &'a [VolumeMount]) {
    if !mounts.is_empty() {
        lines.heading("Volumes", "");
    }
    for mount in mounts {
        lines.nested("volume_mount", mount.container_dir.as_str(), |lines| {
            lines.text("driver", &mount.driver);
            lines.text("mode", &mount.mode);
            describe_device(lines, "shared", mount.shared.as_ref());
            describe_device(lines, "dedicated", mount.dedicated.as_ref());
        });
    }
}

fn describe_device<'a>(lines: &mut Lines<'a>, label: &'static str, device: Option<&'a Device>) {
    let Some(device) = device else { return };
    lines.nested(label, device.id.as_str(), |lines| {
        lines.secret("mount_config", &device.mount_config);
        lines.secret("device_config", &device.device_config);
    });
}

fn describe_network<'a>(lines: &mut Lines<'a>, definition: &'a TaskDefinition) {
    let properties = definition.network.as_deref().unwrap_or_default();
    if !properties.is_empty() || !definition.egress_rules.is_empty() {
        lines.heading("Network", "");
    }
    for (name, value) in properties {
        lines.text(name.as_str(), value);
    }
    for rule in &definition.egress_rules {
        lines.field("egress_rule", rule_text(rule));
    }
}

/// Formats a rule on one line: `tcp 10.0.0.0/8 ports 80, 443 logged # note`.
fn rule_text(rule: &EgressRule) -> String {
    let mut parts = vec![rule.protocol.clone(), rule.destinations.join(", ")];
    if !rule.ports.is_empty() {
        let each: Vec<_> = rule.ports.iter().map(ToString::to_string).collect();
        parts.push(format!("ports {}", each.join(", ")));
    }
    if let Some(range) = rule.port_range {
        parts.push(format!("ports {}–{}", range.start, range.end));
    }
    if let Some(icmp) = rule.icmp_info {
        let any = |number: i32| if number == -1 { "any".to_owned() } else { number.to_string() };
        parts.push(format!("type {} code {}", any(icmp.kind), any(icmp.code)));
    }
    if rule.log {
        parts.push("logged".to_owned());
    }
    if !rule.annotations.is_empty() {
        parts.push(format!("# {}", rule.annotations.join("; ")));
    }
    parts.join(" ")
}

fn describe_metrics<'a>(lines: &mut Lines<'a>, definition: &'a TaskDefinition) {
    if !definition.metric_tags.is_empty() {
        lines.heading("Metric tags", "");
    }
    for (name, tag) in &definition.metric_tags {
        match tag {
            MetricTag::Static(value) => lines.text(name.as_str(), value),
            MetricTag::Dynamic(value) => lines.field(name.as_str(), format!("{value} (dynamic)")),
        }
    }
}
