//! What the simulated clients ask for: definitions shaped as Cloud Controller's and a batch system's are.

use super::random::Random;
use crate::bbs::wire::action::Kind as Do;
use crate::bbs::wire::{
    Action, DownloadAction, EmitProgressAction, EnvironmentVariable, LogRateLimit, ResourceLimits, RunAction,
    SecurityGroupRule, SerialAction, TaskDefinition, TimeoutAction, UploadAction,
};

/// Who desires a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `cf push`: it ends with a callback, so it is never seen completed.
    Staging,
    /// `cf run-task`: with a callback too.
    Task,
    /// Another client, without one.
    Batch,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Staging, Self::Task, Self::Batch];

    pub(super) const fn domain(self) -> &'static str {
        match self {
            Self::Staging => "cf-app-staging",
            Self::Task => "cf-tasks",
            Self::Batch => "batch",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Staging => "/tmp/lifecycle/builder",
            Self::Task => "/tmp/lifecycle/launcher",
            Self::Batch => "/bin/sh",
        }
    }
}

const COMMANDS: [&str; 4] = [
    "bin/rails db:migrate",
    "./report --month last",
    "python manage.py clearsessions",
    "node jobs/reindex.js",
];

const SIZES: [(i32, i32); 4] = [(256, 512), (512, 1024), (1024, 2048), (4096, 6144)];

pub(super) fn of(kind: Kind, guid: &str, random: &mut Random) -> TaskDefinition {
    let (memory_mb, disk_mb) = random.pick(&SIZES).unwrap_or((256, 512));
    let log_guid = random.guid();
    TaskDefinition {
        root_fs: rootfs(kind).into(),
        environment_variables: environment(guid, random),
        action: Some(action(kind, random)),
        memory_mb,
        disk_mb,
        cpu_weight: 25,
        max_pids: 1024,
        log_rate_limit: Some(LogRateLimit { bytes_per_second: -1 }),
        log_source: if kind == Kind::Staging { "STG".into() } else { "APP/TASK".into() },
        log_guid: log_guid.clone().into(),
        metrics_guid: log_guid.into(),
        result_file: if kind == Kind::Staging { "/tmp/result.json".into() } else { "".into() },
        completion_callback_url: callback(kind, guid).into(),
        annotation: annotation(kind, random).into(),
        egress_rules: vec![SecurityGroupRule {
            protocol: "all".into(),
            destinations: vec!["0.0.0.0-9.255.255.255".into(), "11.0.0.0-169.253.255.255".into()],
            ..SecurityGroupRule::default()
        }],
        trusted_system_certificates_path: "/etc/cf-system-certificates".into(),
        ..TaskDefinition::default()
    }
}

const fn rootfs(kind: Kind) -> &'static str {
    match kind {
        Kind::Staging | Kind::Task => "preloaded:cflinuxfs4",
        Kind::Batch => "docker:///library/alpine#3.20",
    }
}

fn callback(kind: Kind, guid: &str) -> String {
    let base = "https://cloud-controller-ng.service.cf.internal:9023/internal/v4";
    match kind {
        Kind::Staging => format!("{base}/staging/{guid}/build_completed"),
        Kind::Task => format!("{base}/tasks/{guid}/completed"),
        Kind::Batch => String::new(),
    }
}

fn annotation(kind: Kind, random: &mut Random) -> String {
    match kind {
        Kind::Staging => r#"{"lifecycle":"buildpack"}"#.to_owned(),
        Kind::Task => random.guid(),
        Kind::Batch => format!(r#"{{"team":"reports","run":{}}}"#, random.below(10_000)),
    }
}

fn environment(guid: &str, random: &mut Random) -> Vec<EnvironmentVariable> {
    let password = format!("{:016x}", random.next());
    let variable =
        |name: &'static str, value: String| EnvironmentVariable { name: name.into(), value: value.into() };
    vec![
        variable("LANG", "en_US.UTF-8".to_owned()),
        variable("CF_INSTANCE_GUID", guid.to_owned()),
        variable("DATABASE_PASSWORD", password.clone()),
        variable("DATABASE_URL", format!("postgres://app:{password}@db.internal:5432/app")),
    ]
}

fn action(kind: Kind, random: &mut Random) -> Action {
    let command = random.pick(&COMMANDS).unwrap_or_default();
    let run = run(kind, command);
    let (inner, minutes) = match kind {
        Kind::Staging => (serial(vec![download(), progress(run), upload()]), 15),
        Kind::Task => (serial(vec![download(), run]), 24 * 60),
        Kind::Batch => (run, 60),
    };
    doing(Do::TimeoutAction(Box::new(TimeoutAction {
        action: Some(Box::new(inner)),
        timeout_ms: minutes * 60_000,
        ..TimeoutAction::default()
    })))
}

const fn doing(what: Do) -> Action {
    Action { kind: Some(what) }
}

fn serial(actions: Vec<Action>) -> Action {
    doing(Do::SerialAction(SerialAction { actions, log_source: "".into() }))
}

fn run(kind: Kind, command: &'static str) -> Action {
    doing(Do::RunAction(RunAction {
        path: kind.path().into(),
        args: vec!["-c".into(), command.into()],
        dir: "/home/vcap/app".into(),
        user: "vcap".into(),
        resource_limits: Some(ResourceLimits { nofile: Some(16_384), nproc: None }),
        ..RunAction::default()
    }))
}

fn progress(of: Action) -> Action {
    doing(Do::EmitProgressAction(Box::new(EmitProgressAction {
        action: Some(Box::new(of)),
        start_message: "Staging...".into(),
        success_message: "Staging complete".into(),
        failure_message_prefix: "Staging failed".into(),
        ..EmitProgressAction::default()
    })))
}

fn download() -> Action {
    doing(Do::DownloadAction(DownloadAction {
        artifact: "app package".into(),
        from: "https://blobstore.service.cf.internal:4443/cc-packages/app".into(),
        to: "/home/vcap".into(),
        user: "vcap".into(),
        ..DownloadAction::default()
    }))
}

fn upload() -> Action {
    doing(Do::UploadAction(UploadAction {
        artifact: "droplet".into(),
        from: "/tmp/droplet".into(),
        to: "https://cc-uploader.service.cf.internal:9091/v1/droplet/app".into(),
        user: "vcap".into(),
        ..UploadAction::default()
    }))
}
