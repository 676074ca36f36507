//! A task's definition: fields that stand among the task's own, not an object of its own.

use super::action::action;
use super::object::{Object, object};
use super::task::named;
use super::writer::Writer;
use crate::bbs::wire::{self, network, task_definition};

/// `ImageLayer.Type`, by number.
pub(super) const LAYER_TYPES: &[&str] = &["LayerTypeInvalid", "SHARED", "EXCLUSIVE"];
/// `ImageLayer.MediaType`, by number.
pub(super) const MEDIA_TYPES: &[&str] = &["MediaTypeInvalid", "TGZ", "TAR", "ZIP"];
/// `ImageLayer.DigestAlgorithm`, by number.
pub(super) const DIGEST_ALGORITHMS: &[&str] = &["DigestAlgorithmInvalid", "SHA256", "SHA512"];
/// `MetricTagValue.DynamicValue`, by number.
pub(super) const DYNAMIC_VALUES: &[&str] = &["DynamicValueInvalid", "INDEX", "INSTANCE_GUID"];

/// Writes the fields, in the order of their numbers.
pub(super) fn fields(task: &mut Object<'_>, of: &wire::TaskDefinition) {
    task.text("rootfs", &of.root_fs);
    task.each_if_any("env", &of.environment_variables, variable);
    if let Some(of) = &of.action {
        action(task.key("action"), of);
    }
    task.number("disk_mb", of.disk_mb);
    task.number("memory_mb", of.memory_mb);
    task.number("cpu_weight", of.cpu_weight);
    task.flag("privileged", of.privileged);
    task.text("log_source", &of.log_source);
    task.text("log_guid", &of.log_guid);
    task.text("metrics_guid", &of.metrics_guid);
    task.text("result_file", &of.result_file);
    task.text_if_any("completion_callback_url", &of.completion_callback_url);
    task.text_if_any("annotation", &of.annotation);
    task.each_if_any("egress_rules", &of.egress_rules, egress_rule);
    task.each_if_any("cached_dependencies", &of.cached_dependencies, cached_dependency);
    task.text_if_any("legacy_download_user", &of.legacy_download_user);
    task.text_if_any("trusted_system_certificates_path", &of.trusted_system_certificates_path);
    task.each_if_any("volume_mounts", &of.volume_mounts, volume_mount);
    later_fields(task, of);
}

fn later_fields(task: &mut Object<'_>, of: &wire::TaskDefinition) {
    if let Some(of) = &of.network {
        task.object("network", |network| properties(network, &of.properties));
    }
    task.texts_if_any("placement_tags", &of.placement_tags);
    task.number("max_pids", of.max_pids);
    if let Some(of) = &of.certificate_properties {
        task.object("certificate_properties", |certificate| {
            certificate.texts_if_any("organizational_unit", &of.organizational_unit);
        });
    }
    task.text("image_username", &of.image_username);
    task.secret("image_password", &of.image_password);
    task.each_if_any("image_layers", &of.image_layers, image_layer);
    if let Some(of) = &of.log_rate_limit {
        task.object("log_rate_limit", |limit| {
            if of.bytes_per_second != 0 {
                limit.number("bytes_per_second", of.bytes_per_second);
            }
        });
    }
    if !of.metric_tags.is_empty() {
        task.object("metric_tags", |tags| tags.entries(&of.metric_tags, |tag| &tag.key, metric_tag));
    }
    task.each_or_null("volume_mounted_files", &of.volume_mounted_files, file);
}

fn properties(network: &mut Object<'_>, of: &[network::PropertiesEntry]) {
    if !of.is_empty() {
        network.object("properties", |properties| {
            properties.entries(of, |entry| &entry.key, |out, entry| out.text(&entry.value));
        });
    }
}

pub(super) fn variable(out: &mut Writer, of: &wire::EnvironmentVariable) {
    object(out, |variable| {
        variable.text("name", &of.name);
        variable.secret("value", &of.value);
    });
}

pub(super) fn file(out: &mut Writer, of: &wire::File) {
    object(out, |file| {
        file.text("path", &of.path);
        file.secret("content", &of.content);
    });
}

fn egress_rule(out: &mut Writer, of: &wire::SecurityGroupRule) {
    object(out, |rule| {
        rule.text_if_any("protocol", &of.protocol);
        rule.texts_if_any("destinations", &of.destinations);
        rule.each_if_any("ports", &of.ports, |out, port| out.number(*port));
        if let Some(of) = &of.port_range {
            rule.object("port_range", |range| {
                range.number("start", of.start);
                range.number("end", of.end);
            });
        }
        if let Some(of) = &of.icmp_info {
            rule.object("icmp_info", |info| {
                info.number("type", of.r#type);
                info.number("code", of.code);
            });
        }
        rule.flag("log", of.log);
        rule.texts_if_any("annotations", &of.annotations);
    });
}

fn cached_dependency(out: &mut Writer, of: &wire::CachedDependency) {
    object(out, |dependency| {
        dependency.text("name", &of.name);
        dependency.text("from", &of.from);
        dependency.text("to", &of.to);
        dependency.text("cache_key", &of.cache_key);
        dependency.text("log_source", &of.log_source);
        dependency.text_if_any("checksum_algorithm", &of.checksum_algorithm);
        dependency.text_if_any("checksum_value", &of.checksum_value);
    });
}

fn volume_mount(out: &mut Writer, of: &wire::VolumeMount) {
    object(out, |mount| {
        mount.text("driver", &of.driver);
        mount.text("container_dir", &of.container_dir);
        mount.text("mode", &of.mode);
        match &of.shared {
            None => mount.null("shared"),
            Some(of) => mount.object("shared", |device| {
                device.text("volume_id", &of.volume_id);
                device.secret("mount_config", &of.mount_config);
            }),
        }
        match &of.dedicated {
            None => mount.null("dedicated"),
            Some(of) => mount.object("dedicated", |device| {
                device.text("mounter_id", &of.mounter_id);
                device.secret("mount_config", &of.mount_config);
                device.secret("device_config", &of.device_config);
            }),
        }
    });
}

fn image_layer(out: &mut Writer, of: &wire::ImageLayer) {
    object(out, |layer| {
        layer.text_if_any("name", &of.name);
        layer.text("url", &of.url);
        layer.text("destination_path", &of.destination_path);
        named(layer, "layer_type", LAYER_TYPES, of.layer_type);
        named(layer, "media_type", MEDIA_TYPES, of.media_type);
        if of.digest_algorithm != 0 {
            named(layer, "digest_algorithm", DIGEST_ALGORITHMS, of.digest_algorithm);
        }
        layer.text_if_any("digest_value", &of.digest_value);
    });
}

fn metric_tag(out: &mut Writer, of: &task_definition::MetricTagsEntry) {
    let Some(of) = &of.value else {
        out.plain(b"null");
        return;
    };
    object(out, |tag| {
        tag.text_if_any("static", &of.r#static);
        if of.dynamic != 0 {
            // Alone among the enumerations, a number without a name is printed as an empty one.
            let name = usize::try_from(of.dynamic).ok().and_then(|at| DYNAMIC_VALUES.get(at));
            tag.text("dynamic", name.copied().unwrap_or_default().as_bytes());
        }
    });
}
