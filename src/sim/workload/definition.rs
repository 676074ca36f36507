//! What the simulated clients ask for: a definition of a scenario's kind, shaped as Cloud Controller's are.

use super::random::Random;
use super::scenario::{Does, Kind};
use crate::bbs::wire::action::Kind as Do;
use crate::bbs::wire::{
    Action, DownloadAction, EmitProgressAction, EnvironmentVariable, LogRateLimit, ResourceLimits, RunAction,
    SecurityGroupRule, SerialAction, TaskDefinition, TimeoutAction, UploadAction,
};

/// What stands for something else in the texts of a kind.
struct Filling {
    guid: String,
    other: String,
    password: String,
    number: String,
}

impl Filling {
    fn new(guid: &str, random: &mut Random) -> Self {
        Self {
            guid: guid.to_owned(),
            other: random.guid(),
            password: format!("{:016x}", random.next()),
            number: random.below(10_000).to_string(),
        }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{guid}", &self.guid)
            .replace("{other}", &self.other)
            .replace("{password}", &self.password)
            .replace("{number}", &self.number)
    }
}

/// A definition of the kind for the task of this guid.
pub(super) fn of(kind: &Kind, guid: &str, random: &mut Random) -> TaskDefinition {
    let (memory_mb, disk_mb) = random.pick(&kind.sizes).unwrap_or((256, 512));
    let filling = Filling::new(guid, random);
    let log_guid = random.guid();
    let variable = |(name, value): (&String, &String)| EnvironmentVariable {
        name: name.clone().into(),
        value: filling.fill(value).into(),
    };
    TaskDefinition {
        root_fs: kind.rootfs.clone().into(),
        environment_variables: kind.environment.iter().map(variable).collect(),
        action: Some(action(kind, random)),
        memory_mb: memory_mb.into(),
        disk_mb: disk_mb.into(),
        cpu_weight: 25,
        max_pids: 1024,
        log_rate_limit: Some(LogRateLimit { bytes_per_second: -1 }),
        log_source: kind.log_source.clone().into(),
        log_guid: log_guid.clone().into(),
        metrics_guid: log_guid.into(),
        result_file: kind.result_file.clone().into(),
        completion_callback_url: filling.fill(kind.callback.as_deref().unwrap_or_default()).into(),
        annotation: filling.fill(&kind.annotation).into(),
        egress_rules: vec![SecurityGroupRule {
            protocol: "all".into(),
            destinations: vec!["0.0.0.0-9.255.255.255".into(), "11.0.0.0-169.253.255.255".into()],
            ..SecurityGroupRule::default()
        }],
        trusted_system_certificates_path: "/etc/cf-system-certificates".into(),
        ..TaskDefinition::default()
    }
}

fn action(kind: &Kind, random: &mut Random) -> Action {
    let done = |does: &Does| match does {
        Does::Download => download(),
        Does::Run => progress(kind, run(kind, random)),
        Does::Upload => upload(),
    };
    let mut actions: Vec<_> = kind.actions.iter().map(done).collect();
    let inner = match actions.pop() {
        Some(only) if actions.is_empty() => only,
        last => serial(actions.into_iter().chain(last).collect()),
    };
    doing(Do::TimeoutAction(Box::new(TimeoutAction {
        action: Some(Box::new(inner)),
        timeout_ms: i64::from(kind.timeout_minutes) * 60_000,
        ..TimeoutAction::default()
    })))
}

const fn doing(what: Do) -> Action {
    Action { kind: Some(what) }
}

fn serial(actions: Vec<Action>) -> Action {
    doing(Do::SerialAction(SerialAction { actions, log_source: "".into() }))
}

fn run(kind: &Kind, random: &mut Random) -> Action {
    let command = random.pick(&kind.commands).unwrap_or_default();
    doing(Do::RunAction(RunAction {
        path: kind.path.clone().into(),
        args: vec!["-c".into(), command.into()],
        dir: "/home/vcap/app".into(),
        user: "vcap".into(),
        resource_limits: Some(ResourceLimits { nofile: Some(16_384), nproc: None }),
        ..RunAction::default()
    }))
}

fn progress(kind: &Kind, of: Action) -> Action {
    let Some(name) = &kind.progress else { return of };
    doing(Do::EmitProgressAction(Box::new(EmitProgressAction {
        action: Some(Box::new(of)),
        start_message: format!("{name}...").into(),
        success_message: format!("{name} complete").into(),
        failure_message_prefix: format!("{name} failed").into(),
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
