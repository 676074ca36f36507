//! Builds a task definition with a hostile text in every field. It lists all fields, so that a new field does not compile
//! until it is added here.

use crate::model::{
    Action, CachedDependency, Device, EgressRule, EnvironmentVariable, File, ImageLayer, MetricTag,
    TaskDefinition, VolumeMount,
};

/// Returns the definition. `next` returns the text for the next field.
pub(super) fn of(next: &mut dyn FnMut() -> String) -> TaskDefinition {
    TaskDefinition {
        root_fs: next(),
        environment_variables: vec![variable(next)],
        action: Some(action(next)),
        disk_mb: 1,
        memory_mb: 1,
        cpu_weight: 1,
        privileged: true,
        log_source: next(),
        log_guid: next(),
        metrics_guid: next(),
        result_file: next(),
        completion_callback_url: next(),
        annotation: next(),
        egress_rules: vec![EgressRule {
            protocol: next(),
            destinations: vec![next()],
            ports: vec![1],
            port_range: None,
            icmp_info: None,
            log: true,
            annotations: vec![next()],
        }],
        cached_dependencies: vec![CachedDependency {
            name: next(),
            from: next(),
            to: next(),
            cache_key: next(),
            log_source: next(),
            checksum_algorithm: next(),
            checksum_value: next(),
        }],
        legacy_download_user: next(),
        trusted_system_certificates_path: next(),
        volume_mounts: vec![VolumeMount {
            driver: next(),
            container_dir: next(),
            mode: next(),
            shared: Some(device(next)),
            dedicated: Some(device(next)),
        }],
        network: Some(vec![(next(), next())]),
        placement_tags: vec![next()],
        max_pids: 1,
        certificate_properties: Some(vec![next()]),
        image_username: next(),
        image_password: next(),
        image_layers: vec![ImageLayer {
            name: next(),
            url: next(),
            destination_path: next(),
            layer_type: next(),
            media_type: next(),
            digest_algorithm: next(),
            digest_value: next(),
        }],
        log_rate_limit: Some(1),
        metric_tags: vec![(next(), MetricTag::Static(next())), (next(), MetricTag::Dynamic(next()))],
        volume_mounted_files: vec![file(next)],
    }
}

fn variable(next: &mut dyn FnMut() -> String) -> EnvironmentVariable {
    EnvironmentVariable { name: next(), value: next() }
}

fn file(next: &mut dyn FnMut() -> String) -> File {
    File { path: next(), content: next() }
}

fn device(next: &mut dyn FnMut() -> String) -> Device {
    Device { id: next(), mount_config: next(), device_config: next() }
}

/// Returns an action that nests every kind of action.
fn action(next: &mut dyn FnMut() -> String) -> Action {
    let run = Action::Run {
        path: next(),
        args: vec![next()],
        dir: next(),
        env: vec![variable(next)],
        resource_limits: None,
        user: next(),
        log_source: next(),
        suppress_log_output: false,
        volume_mounted_files: vec![file(next)],
    };
    let timeout = Action::Timeout {
        action: Some(Box::new(run)),
        timeout_ms: 1,
        deprecated_timeout_ns: 0,
        log_source: next(),
    };
    let download = Action::Download {
        artifact: next(),
        from: next(),
        to: next(),
        cache_key: next(),
        log_source: next(),
        user: next(),
        checksum_algorithm: next(),
        checksum_value: next(),
    };
    let upload =
        Action::Upload { artifact: next(), from: next(), to: next(), log_source: next(), user: next() };
    let progress = Action::EmitProgress {
        action: Some(Box::new(upload)),
        start_message: next(),
        success_message: next(),
        failure_message_prefix: next(),
        log_source: next(),
    };
    let tried = Action::Try { action: Some(Box::new(progress)), log_source: next() };
    let parallel = Action::Parallel { actions: vec![tried], log_source: next() };
    let codependent = Action::Codependent { actions: vec![parallel], log_source: next() };
    Action::Serial { actions: vec![timeout, download, codependent], log_source: next() }
}
