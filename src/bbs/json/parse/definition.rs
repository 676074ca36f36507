//! A task's definition, out of the fields that stand among the task's own.

use bytes::Bytes;

use super::action;
use super::environment::{file, variable};
use super::fields::{Fields, Read, wrong};
use crate::bbs::json::tables::{DIGEST_ALGORITHMS, DYNAMIC_VALUES, LAYER_TYPES, MEDIA_TYPES};
use crate::bbs::wire::{self, network, task_definition};

/// The keys of a task that are its definition's.
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

pub(super) fn definition(task: &Fields<'_>) -> Read<wire::TaskDefinition> {
    Ok(wire::TaskDefinition {
        root_fs: task.text("rootfs")?,
        environment_variables: task.each("env", variable)?,
        action: task.object("action", action::action)?,
        disk_mb: task.number("disk_mb")?,
        memory_mb: task.number("memory_mb")?,
        cpu_weight: task.number("cpu_weight")?,
        privileged: task.flag("privileged")?,
        log_source: task.text("log_source")?,
        log_guid: task.text("log_guid")?,
        metrics_guid: task.text("metrics_guid")?,
        result_file: task.text("result_file")?,
        completion_callback_url: task.text("completion_callback_url")?,
        annotation: task.text("annotation")?,
        egress_rules: task.each("egress_rules", egress_rule)?,
        cached_dependencies: task.each("cached_dependencies", cached_dependency)?,
        legacy_download_user: task.text("legacy_download_user")?,
        trusted_system_certificates_path: task.text("trusted_system_certificates_path")?,
        volume_mounts: task.each("volume_mounts", volume_mount)?,
        network: task.object("network", network)?,
        placement_tags: task.texts("placement_tags")?,
        max_pids: task.number("max_pids")?,
        certificate_properties: task.object("certificate_properties", |properties| {
            Ok(wire::CertificateProperties { organizational_unit: properties.texts("organizational_unit")? })
        })?,
        image_username: task.text("image_username")?,
        image_password: task.text("image_password")?,
        image_layers: task.each("image_layers", image_layer)?,
        log_rate_limit: task.object("log_rate_limit", |limit| {
            Ok(wire::LogRateLimit { bytes_per_second: limit.number("bytes_per_second")? })
        })?,
        metric_tags: task.map_of_objects("metric_tags", metric_tag)?,
        volume_mounted_files: task.each("volume_mounted_files", file)?,
    })
}

fn egress_rule(of: &Fields<'_>) -> Read<wire::SecurityGroupRule> {
    Ok(wire::SecurityGroupRule {
        protocol: of.text("protocol")?,
        destinations: of.texts("destinations")?,
        ports: of.numbers("ports")?,
        port_range: of.object("port_range", |range| {
            Ok(wire::PortRange { start: range.number("start")?, end: range.number("end")? })
        })?,
        icmp_info: of.object("icmp_info", |info| {
            Ok(wire::IcmpInfo { r#type: info.number("type")?, code: info.number("code")? })
        })?,
        log: of.flag("log")?,
        annotations: of.texts("annotations")?,
    })
}

fn cached_dependency(of: &Fields<'_>) -> Read<wire::CachedDependency> {
    Ok(wire::CachedDependency {
        name: of.text("name")?,
        from: of.text("from")?,
        to: of.text("to")?,
        cache_key: of.text("cache_key")?,
        log_source: of.text("log_source")?,
        checksum_algorithm: of.text("checksum_algorithm")?,
        checksum_value: of.text("checksum_value")?,
    })
}

fn volume_mount(of: &Fields<'_>) -> Read<wire::VolumeMount> {
    Ok(wire::VolumeMount {
        driver: of.text("driver")?,
        container_dir: of.text("container_dir")?,
        mode: of.text("mode")?,
        shared: of.object("shared", |device| {
            Ok(wire::SharedDevice {
                volume_id: device.text("volume_id")?,
                mount_config: device.text("mount_config")?,
            })
        })?,
        dedicated: of.object("dedicated", |device| {
            Ok(wire::DedicatedDevice {
                mounter_id: device.text("mounter_id")?,
                mount_config: device.text("mount_config")?,
                device_config: device.text("device_config")?,
            })
        })?,
    })
}

fn network(of: &Fields<'_>) -> Read<wire::Network> {
    let entry = |key: &str, value: &serde_json::Value| {
        let value = value.as_str().ok_or_else(|| wrong("a string", value))?;
        Ok(network::PropertiesEntry { key: bytes(key), value: bytes(value) })
    };
    Ok(wire::Network { properties: of.map("properties", entry)? })
}

fn image_layer(of: &Fields<'_>) -> Read<wire::ImageLayer> {
    Ok(wire::ImageLayer {
        name: of.text("name")?,
        url: of.text("url")?,
        destination_path: of.text("destination_path")?,
        layer_type: of.named("layer_type", LAYER_TYPES)?,
        media_type: of.named("media_type", MEDIA_TYPES)?,
        digest_algorithm: of.named("digest_algorithm", DIGEST_ALGORITHMS)?,
        digest_value: of.text("digest_value")?,
    })
}

fn metric_tag(key: &str, of: &Fields<'_>) -> Read<task_definition::MetricTagsEntry> {
    let value =
        wire::MetricTagValue { r#static: of.text("static")?, dynamic: of.named("dynamic", DYNAMIC_VALUES)? };
    Ok(task_definition::MetricTagsEntry { key: bytes(key), value: Some(value) })
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}
