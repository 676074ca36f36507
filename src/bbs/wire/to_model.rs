//! Converts wire types to `model` types. Keeps every field, and repeated fields in the order received.

use bytes::Bytes;
use prost::Message;

use super::callback::names_callback;
use super::enums::{DIGEST_ALGORITHM, DYNAMIC_TAG, LAYER_TYPE, MEDIA_TYPE};
use super::{Interner, LazyTask, action, text};
use crate::model::{
    Action, CachedDependency, Capacity, Cell, CellId, Device, EgressRule, EnvironmentVariable, File,
    IcmpInfo, ImageLayer, MetricTag, PortRange, RawDefinition, ResourceLimits, RootfsProvider, State, Task,
    TaskDefinition, TaskGuid, Timestamp, VolumeMount,
};

/// Converts a task; its definition stays undecoded.
pub fn task(task: &LazyTask, interner: &mut Interner) -> Task {
    let domain = interner.domain(&task.domain);
    Task {
        guid: TaskGuid::from(&*String::from_utf8_lossy(&task.task_guid)),
        owner: interner.owner(&task.task_definition, &domain),
        domain,
        state: State::from_number(task.state),
        cell: interner.cell(&task.cell_id),
        created_at: Timestamp::from_nanos(task.created_at),
        updated_at: Timestamp::from_nanos(task.updated_at),
        first_completed_at: Timestamp::from_nanos(task.first_completed_at),
        failed: task.failed,
        failure_reason: String::from_utf8_lossy(&task.failure_reason).into(),
        result: String::from_utf8_lossy(&task.result).into(),
        rejection_count: task.rejection_count,
        rejection_reason: String::from_utf8_lossy(&task.rejection_reason).into(),
        definition: RawDefinition::new(&task.task_definition)
            .with_callback(names_callback(&task.task_definition)),
    }
}

/// Decodes a task's definition. A task without one gets the default definition.
///
/// # Errors
/// Says what is wrong with the bytes.
pub fn decode_definition(raw: &RawDefinition) -> Result<TaskDefinition, String> {
    super::TaskDefinition::decode(raw.as_bytes())
        .map(|decoded| definition(&decoded))
        .map_err(|error| error.to_string())
}

/// Converts a definition.
pub fn definition(from: &super::TaskDefinition) -> TaskDefinition {
    TaskDefinition {
        root_fs: text(&from.root_fs),
        environment_variables: convert_all(&from.environment_variables, variable),
        action: from.action.as_ref().map(action),
        disk_mb: from.disk_mb,
        memory_mb: from.memory_mb,
        cpu_weight: from.cpu_weight,
        privileged: from.privileged,
        log_source: text(&from.log_source),
        log_guid: text(&from.log_guid),
        metrics_guid: text(&from.metrics_guid),
        result_file: text(&from.result_file),
        completion_callback_url: text(&from.completion_callback_url),
        annotation: text(&from.annotation),
        egress_rules: convert_all(&from.egress_rules, egress_rule),
        cached_dependencies: convert_all(&from.cached_dependencies, cached_dependency),
        legacy_download_user: text(&from.legacy_download_user),
        trusted_system_certificates_path: text(&from.trusted_system_certificates_path),
        volume_mounts: convert_all(&from.volume_mounts, volume_mount),
        network: from.network.as_ref().map(properties),
        placement_tags: texts(&from.placement_tags),
        max_pids: from.max_pids,
        certificate_properties: from
            .certificate_properties
            .as_ref()
            .map(|properties| texts(&properties.organizational_unit)),
        image_username: text(&from.image_username),
        image_password: text(&from.image_password),
        image_layers: convert_all(&from.image_layers, image_layer),
        log_rate_limit: from.log_rate_limit.map(|limit| limit.bytes_per_second),
        metric_tags: convert_all(&from.metric_tags, metric_tag),
        volume_mounted_files: convert_all(&from.volume_mounted_files, file),
    }
}

/// Converts a cell; its annotations are sorted by key.
pub fn cell(from: &super::CellPresence) -> Cell {
    let mut annotations = convert_all(&from.annotations, |note| (text(&note.key), text(&note.value)));
    annotations.sort();
    Cell {
        id: CellId::from(text(&from.cell_id)),
        rep_address: text(&from.rep_address),
        rep_url: text(&from.rep_url),
        zone: text(&from.zone),
        capacity: from.capacity.as_ref().map(capacity).unwrap_or_default(),
        rootfs_providers: convert_all(&from.rootfs_providers, |provider| RootfsProvider {
            name: text(&provider.name),
            properties: texts(&provider.properties),
        }),
        placement_tags: texts(&from.placement_tags),
        optional_placement_tags: texts(&from.optional_placement_tags),
        annotations,
    }
}

fn convert_all<W, M>(from: &[W], convert: impl Fn(&W) -> M) -> Vec<M> {
    from.iter().map(convert).collect()
}

fn texts(from: &[Bytes]) -> Vec<String> {
    convert_all(from, text)
}

fn capacity(from: &super::CellCapacity) -> Capacity {
    Capacity { memory_mb: from.memory_mb, disk_mb: from.disk_mb, containers: from.containers }
}

fn action(from: &super::Action) -> Action {
    use action::Kind;
    match &from.kind {
        Some(Kind::DownloadAction(from)) => download(from),
        Some(Kind::UploadAction(from)) => upload(from),
        Some(Kind::RunAction(from)) => run(from),
        Some(Kind::TimeoutAction(from)) => Action::Timeout {
            action: inner(from.action.as_deref()),
            timeout_ms: from.timeout_ms,
            deprecated_timeout_ns: from.deprecated_timeout_ns,
            log_source: text(&from.log_source),
        },
        Some(Kind::EmitProgressAction(from)) => Action::EmitProgress {
            action: inner(from.action.as_deref()),
            start_message: text(&from.start_message),
            success_message: text(&from.success_message),
            failure_message_prefix: text(&from.failure_message_prefix),
            log_source: text(&from.log_source),
        },
        Some(Kind::TryAction(from)) => {
            Action::Try { action: inner(from.action.as_deref()), log_source: text(&from.log_source) }
        }
        Some(Kind::ParallelAction(from)) => Action::Parallel {
            actions: convert_all(&from.actions, action),
            log_source: text(&from.log_source),
        },
        Some(Kind::SerialAction(from)) => {
            Action::Serial { actions: convert_all(&from.actions, action), log_source: text(&from.log_source) }
        }
        Some(Kind::CodependentAction(from)) => Action::Codependent {
            actions: convert_all(&from.actions, action),
            log_source: text(&from.log_source),
        },
        None => Action::Unknown,
    }
}

fn inner(from: Option<&super::Action>) -> Option<Box<Action>> {
    from.map(|from| Box::new(action(from)))
}

fn download(from: &super::DownloadAction) -> Action {
    Action::Download {
        artifact: text(&from.artifact),
        from: text(&from.from),
        to: text(&from.to),
        cache_key: text(&from.cache_key),
        log_source: text(&from.log_source),
        user: text(&from.user),
        checksum_algorithm: text(&from.checksum_algorithm),
        checksum_value: text(&from.checksum_value),
    }
}

fn upload(from: &super::UploadAction) -> Action {
    Action::Upload {
        artifact: text(&from.artifact),
        from: text(&from.from),
        to: text(&from.to),
        log_source: text(&from.log_source),
        user: text(&from.user),
    }
}

fn run(from: &super::RunAction) -> Action {
    Action::Run {
        path: text(&from.path),
        args: texts(&from.args),
        dir: text(&from.dir),
        env: convert_all(&from.env, variable),
        resource_limits: from
            .resource_limits
            .map(|limits| ResourceLimits { nofile: limits.nofile, nproc: limits.nproc }),
        user: text(&from.user),
        log_source: text(&from.log_source),
        suppress_log_output: from.suppress_log_output,
        volume_mounted_files: convert_all(&from.volume_mounted_files, file),
    }
}

fn variable(from: &super::EnvironmentVariable) -> EnvironmentVariable {
    EnvironmentVariable { name: text(&from.name), value: text(&from.value) }
}

fn file(from: &super::File) -> File {
    File { path: text(&from.path), content: text(&from.content) }
}

fn egress_rule(from: &super::SecurityGroupRule) -> EgressRule {
    EgressRule {
        protocol: text(&from.protocol),
        destinations: texts(&from.destinations),
        ports: from.ports.clone(),
        port_range: from.port_range.map(|range| PortRange { start: range.start, end: range.end }),
        icmp_info: from.icmp_info.map(|info| IcmpInfo { kind: info.r#type, code: info.code }),
        log: from.log,
        annotations: texts(&from.annotations),
    }
}

fn cached_dependency(from: &super::CachedDependency) -> CachedDependency {
    CachedDependency {
        name: text(&from.name),
        from: text(&from.from),
        to: text(&from.to),
        cache_key: text(&from.cache_key),
        log_source: text(&from.log_source),
        checksum_algorithm: text(&from.checksum_algorithm),
        checksum_value: text(&from.checksum_value),
    }
}

fn volume_mount(from: &super::VolumeMount) -> VolumeMount {
    VolumeMount {
        driver: text(&from.driver),
        container_dir: text(&from.container_dir),
        mode: text(&from.mode),
        shared: from.shared.as_ref().map(|device| Device {
            id: text(&device.volume_id),
            mount_config: text(&device.mount_config),
            device_config: String::new(),
        }),
        dedicated: from.dedicated.as_ref().map(|device| Device {
            id: text(&device.mounter_id),
            mount_config: text(&device.mount_config),
            device_config: text(&device.device_config),
        }),
    }
}

fn image_layer(from: &super::ImageLayer) -> ImageLayer {
    ImageLayer {
        name: text(&from.name),
        url: text(&from.url),
        destination_path: text(&from.destination_path),
        layer_type: LAYER_TYPE.name(from.layer_type),
        media_type: MEDIA_TYPE.name(from.media_type),
        digest_algorithm: DIGEST_ALGORITHM.name(from.digest_algorithm),
        digest_value: text(&from.digest_value),
    }
}

fn properties(from: &super::Network) -> Vec<(String, String)> {
    convert_all(&from.properties, |property| (text(&property.key), text(&property.value)))
}

/// A dynamic tag has no static text. Source: `MetricTagValue` in "Messages" of the API.
fn metric_tag(from: &super::task_definition::MetricTagsEntry) -> (String, MetricTag) {
    let value = from.value.as_ref();
    let tag = match value.map_or(0, |value| value.dynamic) {
        0 => MetricTag::Static(value.map(|value| text(&value.r#static)).unwrap_or_default()),
        dynamic => MetricTag::Dynamic(DYNAMIC_TAG.name(dynamic)),
    };
    (text(&from.key), tag)
}
