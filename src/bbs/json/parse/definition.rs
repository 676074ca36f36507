//! Parses a task definition, whose keys are on the same level as the task's own.

use bytes::Bytes;

use super::action;
use super::environment::{file, variable};
use super::fields::{Fields, Parsed, type_mismatch};
use crate::bbs::json::tables::{DIGEST_ALGORITHMS, DYNAMIC_VALUES, LAYER_TYPES, MEDIA_TYPES};
use crate::bbs::wire::{self, network, task_definition};

/// Keys that belong to the definition.
pub(super) const KEYS: [&str; 28] = [
    "rootfs",
    "env",
    "action",
    "disk_mb",
    "memory_mb",
    "cpu_weight",
    "privileged",
    "log_source",
    "log_guid",
    "metrics_guid",
    "result_file",
    "completion_callback_url",
    "annotation",
    "egress_rules",
    "cached_dependencies",
    "legacy_download_user",
    "trusted_system_certificates_path",
    "volume_mounts",
    "network",
    "placement_tags",
    "max_pids",
    "certificate_properties",
    "image_username",
    "image_password",
    "image_layers",
    "log_rate_limit",
    "metric_tags",
    "volume_mounted_files",
];

pub(super) fn definition(task: &Fields<'_>) -> Parsed<wire::TaskDefinition> {
    Ok(wire::TaskDefinition {
        root_fs: task.text("rootfs")?,
        environment_variables: task.objects("env", variable)?,
        action: task.object("action", action::action)?,
        disk_mb: task.number("disk_mb")?,
        memory_mb: task.number("memory_mb")?,
        cpu_weight: task.number("cpu_weight")?,
        privileged: task.bool("privileged")?,
        log_source: task.text("log_source")?,
        log_guid: task.text("log_guid")?,
        metrics_guid: task.text("metrics_guid")?,
        result_file: task.text("result_file")?,
        completion_callback_url: task.text("completion_callback_url")?,
        annotation: task.text("annotation")?,
        egress_rules: task.objects("egress_rules", egress_rule)?,
        cached_dependencies: task.objects("cached_dependencies", cached_dependency)?,
        legacy_download_user: task.text("legacy_download_user")?,
        trusted_system_certificates_path: task.text("trusted_system_certificates_path")?,
        volume_mounts: task.objects("volume_mounts", volume_mount)?,
        network: task.object("network", network)?,
        placement_tags: task.texts("placement_tags")?,
        max_pids: task.number("max_pids")?,
        certificate_properties: task.object("certificate_properties", |properties| {
            Ok(wire::CertificateProperties { organizational_unit: properties.texts("organizational_unit")? })
        })?,
        image_username: task.text("image_username")?,
        image_password: task.text("image_password")?,
        image_layers: task.objects("image_layers", image_layer)?,
        log_rate_limit: task.object("log_rate_limit", |limit| {
            Ok(wire::LogRateLimit { bytes_per_second: limit.number("bytes_per_second")? })
        })?,
        metric_tags: task.map_of_objects("metric_tags", metric_tag)?,
        volume_mounted_files: task.objects("volume_mounted_files", file)?,
    })
}

fn egress_rule(fields: &Fields<'_>) -> Parsed<wire::SecurityGroupRule> {
    Ok(wire::SecurityGroupRule {
        protocol: fields.text("protocol")?,
        destinations: fields.texts("destinations")?,
        ports: fields.numbers("ports")?,
        port_range: fields.object("port_range", |range| {
            Ok(wire::PortRange { start: range.number("start")?, end: range.number("end")? })
        })?,
        icmp_info: fields.object("icmp_info", |info| {
            Ok(wire::IcmpInfo { r#type: info.number("type")?, code: info.number("code")? })
        })?,
        log: fields.bool("log")?,
        annotations: fields.texts("annotations")?,
    })
}

fn cached_dependency(fields: &Fields<'_>) -> Parsed<wire::CachedDependency> {
    Ok(wire::CachedDependency {
        name: fields.text("name")?,
        from: fields.text("from")?,
        to: fields.text("to")?,
        cache_key: fields.text("cache_key")?,
        log_source: fields.text("log_source")?,
        checksum_algorithm: fields.text("checksum_algorithm")?,
        checksum_value: fields.text("checksum_value")?,
    })
}

fn volume_mount(fields: &Fields<'_>) -> Parsed<wire::VolumeMount> {
    Ok(wire::VolumeMount {
        driver: fields.text("driver")?,
        container_dir: fields.text("container_dir")?,
        mode: fields.text("mode")?,
        shared: fields.object("shared", |device| {
            Ok(wire::SharedDevice {
                volume_id: device.text("volume_id")?,
                mount_config: device.text("mount_config")?,
            })
        })?,
        dedicated: fields.object("dedicated", |device| {
            Ok(wire::DedicatedDevice {
                mounter_id: device.text("mounter_id")?,
                mount_config: device.text("mount_config")?,
                device_config: device.text("device_config")?,
            })
        })?,
    })
}

fn network(fields: &Fields<'_>) -> Parsed<wire::Network> {
    let entry = |key: &str, value: &serde_json::Value| {
        let value = value.as_str().ok_or_else(|| type_mismatch("a string", value))?;
        Ok(network::PropertiesEntry { key: bytes(key), value: bytes(value) })
    };
    Ok(wire::Network { properties: fields.map("properties", entry)? })
}

fn image_layer(fields: &Fields<'_>) -> Parsed<wire::ImageLayer> {
    Ok(wire::ImageLayer {
        name: fields.text("name")?,
        url: fields.text("url")?,
        destination_path: fields.text("destination_path")?,
        layer_type: fields.named("layer_type", LAYER_TYPES)?,
        media_type: fields.named("media_type", MEDIA_TYPES)?,
        digest_algorithm: fields.named("digest_algorithm", DIGEST_ALGORITHMS)?,
        digest_value: fields.text("digest_value")?,
    })
}

fn metric_tag(key: &str, fields: Option<&Fields<'_>>) -> Parsed<task_definition::MetricTagsEntry> {
    let value = |fields: &Fields<'_>| -> Parsed<wire::MetricTagValue> {
        Ok(wire::MetricTagValue {
            r#static: fields.text("static")?,
            dynamic: fields.named("dynamic", DYNAMIC_VALUES)?,
        })
    };
    Ok(task_definition::MetricTagsEntry { key: bytes(key), value: fields.map(value).transpose()? })
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}
