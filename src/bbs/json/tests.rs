//! Compares the JSON encoding with recorded output of `cfdot`, and with itself.

mod output;
mod raw;
mod secrets;
mod spec;

use bytes::Bytes;
use serde_json::Value;

use super::*;
use crate::bbs::wire::{self, action::Kind};

const EXCHANGES: &str = include_str!("../../../tests/fixtures/bbs-2026-06/exchanges.jsonl");
const EVENTS: &[u8] = include_bytes!("../../../tests/fixtures/bbs-2026-06/events.raw");
/// Output of `cfdot` for a task with nearly all fields set.
const EVERYTHING: &str = include_str!("../../../tests/fixtures/cfdot/task.out");
const CELLS: &str = include_str!("../../../tests/fixtures/cfdot/cells.out");
const TASK_EVENTS: &str = include_str!("../../../tests/fixtures/cfdot/task-events.out");

/// Returns the recorded reply with this name.
fn reply(name: &str) -> Bytes {
    let mut exchanges = EXCHANGES.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let exchange = exchanges.find(|exchange| exchange["name"] == name).unwrap();
    let hex = exchange["reply_hex"].as_str().unwrap().as_bytes();
    hex.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Blanks the times: the recordings were made at different moments.
fn without_times(text: &str) -> String {
    let mut parts = text.split("_at\":");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str("_at\":T");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

fn written<T>(value: &T, write: impl Fn(&mut JsonBuffer, &T)) -> String {
    let mut out = JsonBuffer::default();
    write(&mut out, value);
    String::from_utf8(out.into_bytes()).unwrap()
}

fn task_with(definition: wire::TaskDefinition) -> wire::Task {
    wire::Task { task_definition: Some(definition), ..wire::Task::default() }
}

/// A definition with the fields that the recordings lack.
fn rare() -> wire::TaskDefinition {
    let run = wire::RunAction {
        path: "/bin/true".into(),
        env: vec![wire::EnvironmentVariable { name: "A".into(), value: "1".into() }],
        resource_limits: Some(wire::ResourceLimits { nofile: Some(0), nproc: Some(9) }),
        volume_mounted_files: vec![wire::File { path: "/f".into(), content: "<x>".into() }],
        ..wire::RunAction::default()
    };
    let run = wire::Action { kind: Some(Kind::RunAction(run)) };
    let download = wire::DownloadAction {
        checksum_algorithm: "md5".into(),
        checksum_value: "00".into(),
        ..wire::DownloadAction::default()
    };
    let download = wire::Action { kind: Some(Kind::DownloadAction(download)) };
    let progress = wire::EmitProgressAction { action: Some(Box::new(download)), ..Default::default() };
    let progress = wire::Action { kind: Some(Kind::EmitProgressAction(Box::new(progress))) };
    let both = wire::ParallelAction { actions: vec![run, progress], log_source: Bytes::new() };
    let both = wire::Action { kind: Some(Kind::ParallelAction(both)) };
    let timeout =
        wire::TimeoutAction { action: Some(Box::new(both)), deprecated_timeout_ns: 5, ..Default::default() };
    let device = wire::DedicatedDevice { mounter_id: "m".into(), ..wire::DedicatedDevice::default() };
    wire::TaskDefinition {
        action: Some(wire::Action { kind: Some(Kind::TimeoutAction(Box::new(timeout))) }),
        completion_callback_url: "https://cc/done?a=1&b=2".into(),
        egress_rules: vec![wire::SecurityGroupRule {
            port_range: Some(wire::PortRange::default()),
            icmp_info: Some(wire::IcmpInfo::default()),
            ..wire::SecurityGroupRule::default()
        }],
        volume_mounts: vec![wire::VolumeMount { dedicated: Some(device), ..wire::VolumeMount::default() }],
        network: Some(wire::Network::default()),
        certificate_properties: Some(wire::CertificateProperties::default()),
        image_layers: vec![wire::ImageLayer { layer_type: 7, ..wire::ImageLayer::default() }],
        log_rate_limit: Some(wire::LogRateLimit::default()),
        volume_mounted_files: vec![wire::File::default()],
        ..wire::TaskDefinition::default()
    }
}

const RARE: &str = concat!(
    r#"{"rootfs":"","action":{"timeout":{"action":{"parallel":{"actions":[{"run":{"path":"/bin/true","#,
    r#""env":[{"name":"A","value":"1"}],"resource_limits":{"nofile":0,"nproc":9},"user":"","#,
    r#""suppress_log_output":false,"volume_mounted_files":[{"path":"/f","content":"\u003cx\u003e"}]}},"#,
    r#"{"emit_progress":{"action":{"download":{"from":"","to":"","cache_key":"","user":"","#,
    r#""checksum_algorithm":"md5","checksum_value":"00"}},"start_message":"","success_message":"","#,
    r#""failure_message_prefix":""}}]}},"timeout":5,"timeout_ms":0}},"disk_mb":0,"memory_mb":0,"cpu_weight":0,"#,
    r#""privileged":false,"log_source":"","log_guid":"","metrics_guid":"","result_file":"","#,
    r#""completion_callback_url":"https://cc/done?a=1\u0026b=2","egress_rules":[{"port_range":{"start":0,"end":0},"#,
    r#""icmp_info":{"type":0,"code":0},"log":false}],"volume_mounts":[{"driver":"","container_dir":"","mode":"","#,
    r#""shared":null,"dedicated":{"mounter_id":"m","mount_config":"","device_config":""}}],"network":{},"#,
    r#""max_pids":0,"certificate_properties":{},"image_username":"","image_password":"","#,
    r#""image_layers":[{"url":"","destination_path":"","layer_type":"7","media_type":"MediaTypeInvalid"}],"#,
    r#""log_rate_limit":{},"volume_mounted_files":[{"path":"","content":""}],"task_guid":"","domain":"","#,
    r#""created_at":0,"updated_at":0,"first_completed_at":0,"state":"Invalid","cell_id":"","result":"","#,
    r#""failed":false,"failure_reason":"","rejection_count":0,"rejection_reason":""}"#,
);
