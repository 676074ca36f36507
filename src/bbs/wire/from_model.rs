//! From `model` to the wire: what a request carries. The inverse of `to_model`.

use bytes::Bytes;
use prost::Message as _;

use super::action::Kind;
use super::enums::{DIGEST_ALGORITHM, DYNAMIC_TAG, LAYER_TYPE, MEDIA_TYPE};
use super::{TasksRequest, network, task_definition};
use crate::model::{
    Action, CachedDependency, Device, EgressRule, EnvironmentVariable, File, ImageLayer, MetricTag,
    ResourceLimits, Task, TaskDefinition, TaskFilter, VolumeMount,
};

/// The request for the tasks that the filter admits.
pub fn filter(filter: &TaskFilter) -> TasksRequest {
    TasksRequest {
        domain: filter.domain.as_ref().map(|domain| bytes(domain.as_str())).unwrap_or_default(),
        cell_id: filter.cell.as_ref().map(|cell| bytes(cell.as_str())).unwrap_or_default(),
    }
}

/// The task; without its definition, if that cannot be decoded.
pub fn task(from: &Task) -> super::Task {
    let definition = Some(from.definition.as_bytes()).filter(|encoded| !encoded.is_empty());
    super::Task {
        task_definition: definition.and_then(|encoded| super::TaskDefinition::decode(encoded).ok()),
        task_guid: bytes(from.guid.as_str()),
        domain: bytes(from.domain.as_str()),
        created_at: from.created_at.as_nanos(),
        updated_at: from.updated_at.as_nanos(),
        first_completed_at: from.first_completed_at.as_nanos(),
        state: from.state.number(),
        cell_id: from.cell.as_ref().map(|cell| bytes(cell.as_str())).unwrap_or_default(),
        result: bytes(&from.result),
        failed: from.failed,
        failure_reason: bytes(&from.failure_reason),
        rejection_count: from.rejection_count,
        rejection_reason: bytes(&from.rejection_reason),
    }
}

/// The definition.
pub fn definition(from: &TaskDefinition) -> super::TaskDefinition {
    super::TaskDefinition {
        root_fs: bytes(&from.root_fs),
        environment_variables: each(&from.environment_variables, variable),
        action: from.action.as_ref().map(action),
        privileged: from.privileged,
        disk_mb: from.disk_mb,
        memory_mb: from.memory_mb,
        cpu_weight: from.cpu_weight,
        max_pids: from.max_pids,
        log_rate_limit: from.log_rate_limit.map(|bytes_per_second| super::LogRateLimit { bytes_per_second }),
        placement_tags: strings(&from.placement_tags),
        log_source: bytes(&from.log_source),
        log_guid: bytes(&from.log_guid),
        metrics_guid: bytes(&from.metrics_guid),
        metric_tags: each(&from.metric_tags, metric_tag),
        result_file: bytes(&from.result_file),
        completion_callback_url: bytes(&from.completion_callback_url),
        annotation: bytes(&from.annotation),
        egress_rules: each(&from.egress_rules, egress_rule),
        network: from.network.as_deref().map(properties),
        trusted_system_certificates_path: bytes(&from.trusted_system_certificates_path),
        certificate_properties: from
            .certificate_properties
            .as_deref()
            .map(|units| super::CertificateProperties { organizational_unit: strings(units) }),
        cached_dependencies: each(&from.cached_dependencies, cached_dependency),
        legacy_download_user: bytes(&from.legacy_download_user),
        volume_mounts: each(&from.volume_mounts, volume_mount),
        volume_mounted_files: each(&from.volume_mounted_files, file),
        image_username: bytes(&from.image_username),
        image_password: bytes(&from.image_password),
        image_layers: each(&from.image_layers, image_layer),
    }
}

pub(super) fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn each<M, W>(from: &[M], convert: impl Fn(&M) -> W) -> Vec<W> {
    from.iter().map(convert).collect()
}

fn strings(from: &[String]) -> Vec<Bytes> {
    each(from, |text| bytes(text))
}

fn action(from: &Action) -> super::Action {
    super::Action { kind: kind(from) }
}

fn kind(from: &Action) -> Option<Kind> {
    Some(match from {
        Action::Download { .. } | Action::Upload { .. } | Action::Run { .. } | Action::Unknown => {
            return leaf(from);
        }
        Action::Timeout { action, timeout_ms, deprecated_timeout_ns, log_source } => {
            Kind::TimeoutAction(Box::new(super::TimeoutAction {
                action: inner(action.as_deref()),
                deprecated_timeout_ns: *deprecated_timeout_ns,
                log_source: bytes(log_source),
                timeout_ms: *timeout_ms,
            }))
        }
        Action::EmitProgress {
            action,
            start_message,
            success_message,
            failure_message_prefix,
            log_source,
        } => Kind::EmitProgressAction(Box::new(super::EmitProgressAction {
            action: inner(action.as_deref()),
            start_message: bytes(start_message),
            success_message: bytes(success_message),
            failure_message_prefix: bytes(failure_message_prefix),
            log_source: bytes(log_source),
        })),
        Action::Try { action, log_source } => Kind::TryAction(Box::new(super::TryAction {
            action: inner(action.as_deref()),
            log_source: bytes(log_source),
        })),
        Action::Parallel { actions, log_source } => Kind::ParallelAction(super::ParallelAction {
            actions: each(actions, action),
            log_source: bytes(log_source),
        }),
        Action::Serial { actions, log_source } => Kind::SerialAction(super::SerialAction {
            actions: each(actions, action),
            log_source: bytes(log_source),
        }),
        Action::Codependent { actions, log_source } => Kind::CodependentAction(super::CodependentAction {
            actions: each(actions, action),
            log_source: bytes(log_source),
        }),
    })
}

fn inner(from: Option<&Action>) -> Option<Box<super::Action>> {
    from.map(|from| Box::new(action(from)))
}

/// The actions that hold no other; one that we do not know is an action with nothing set, as it was read.
fn leaf(from: &Action) -> Option<Kind> {
    match from {
        Action::Download {
            artifact,
            from,
            to,
            cache_key,
            log_source,
            user,
            checksum_algorithm,
            checksum_value,
        } => Some(Kind::DownloadAction(super::DownloadAction {
            artifact: bytes(artifact),
            from: bytes(from),
            to: bytes(to),
            cache_key: bytes(cache_key),
            log_source: bytes(log_source),
            user: bytes(user),
            checksum_algorithm: bytes(checksum_algorithm),
            checksum_value: bytes(checksum_value),
        })),
        Action::Upload { artifact, from, to, log_source, user } => {
            Some(Kind::UploadAction(super::UploadAction {
                artifact: bytes(artifact),
                from: bytes(from),
                to: bytes(to),
                log_source: bytes(log_source),
                user: bytes(user),
            }))
        }
        Action::Run {
            path,
            args,
            dir,
            env,
            resource_limits,
            user,
            log_source,
            suppress_log_output,
            volume_mounted_files,
        } => Some(Kind::RunAction(super::RunAction {
            path: bytes(path),
            args: strings(args),
            dir: bytes(dir),
            env: each(env, variable),
            resource_limits: resource_limits.map(limits),
            user: bytes(user),
            log_source: bytes(log_source),
            suppress_log_output: *suppress_log_output,
            volume_mounted_files: each(volume_mounted_files, file),
        })),
        _ => None,
    }
}

fn limits(from: ResourceLimits) -> super::ResourceLimits {
    super::ResourceLimits { nofile: from.nofile, nproc: from.nproc }
}

fn variable(from: &EnvironmentVariable) -> super::EnvironmentVariable {
    super::EnvironmentVariable { name: bytes(&from.name), value: bytes(&from.value) }
}

fn file(from: &File) -> super::File {
    super::File { path: bytes(&from.path), content: bytes(&from.content) }
}

fn egress_rule(from: &EgressRule) -> super::SecurityGroupRule {
    super::SecurityGroupRule {
        protocol: bytes(&from.protocol),
        destinations: strings(&from.destinations),
        ports: from.ports.clone(),
        port_range: from.port_range.map(|range| super::PortRange { start: range.start, end: range.end }),
        icmp_info: from.icmp_info.map(|info| super::IcmpInfo { r#type: info.kind, code: info.code }),
        log: from.log,
        annotations: strings(&from.annotations),
    }
}

fn cached_dependency(from: &CachedDependency) -> super::CachedDependency {
    super::CachedDependency {
        name: bytes(&from.name),
        from: bytes(&from.from),
        to: bytes(&from.to),
        cache_key: bytes(&from.cache_key),
        log_source: bytes(&from.log_source),
        checksum_algorithm: bytes(&from.checksum_algorithm),
        checksum_value: bytes(&from.checksum_value),
    }
}

fn volume_mount(from: &VolumeMount) -> super::VolumeMount {
    super::VolumeMount {
        driver: bytes(&from.driver),
        container_dir: bytes(&from.container_dir),
        mode: bytes(&from.mode),
        shared: from.shared.as_ref().map(|device| super::SharedDevice {
            volume_id: bytes(&device.id),
            mount_config: bytes(&device.mount_config),
        }),
        dedicated: from.dedicated.as_ref().map(dedicated),
    }
}

fn dedicated(from: &Device) -> super::DedicatedDevice {
    super::DedicatedDevice {
        mounter_id: bytes(&from.id),
        mount_config: bytes(&from.mount_config),
        device_config: bytes(&from.device_config),
    }
}

fn image_layer(from: &ImageLayer) -> super::ImageLayer {
    super::ImageLayer {
        name: bytes(&from.name),
        url: bytes(&from.url),
        destination_path: bytes(&from.destination_path),
        layer_type: LAYER_TYPE.number(&from.layer_type),
        media_type: MEDIA_TYPE.number(&from.media_type),
        digest_algorithm: DIGEST_ALGORITHM.number(&from.digest_algorithm),
        digest_value: bytes(&from.digest_value),
    }
}

fn properties(from: &[(String, String)]) -> super::Network {
    let properties =
        each(from, |(key, value)| network::PropertiesEntry { key: bytes(key), value: bytes(value) });
    super::Network { properties }
}

fn metric_tag((key, tag): &(String, MetricTag)) -> task_definition::MetricTagsEntry {
    let value = match tag {
        MetricTag::Static(text) => super::MetricTagValue { r#static: bytes(text), dynamic: 0 },
        MetricTag::Dynamic(name) => {
            super::MetricTagValue { r#static: Bytes::new(), dynamic: DYNAMIC_TAG.number(name) }
        }
    };
    task_definition::MetricTagsEntry { key: bytes(key), value: Some(value) }
}
