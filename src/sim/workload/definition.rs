//! Builds the task definitions that simulated clients desire, in the shape of Cloud Controller's.

use bytes::Bytes;

use super::apps::Apps;
use super::random::Random;
use super::scenario::{ActionKind, Kind};
use crate::bbs::wire::{
    Action, DownloadAction, EmitProgressAction, EnvironmentVariable, LogRateLimit, ResourceLimits, RunAction,
    SecurityGroupRule, SerialAction, TaskDefinition, TimeoutAction, UploadAction, action,
};

/// A text of a kind: the same in every task, or with placeholders.
#[derive(Debug, Clone)]
enum Text {
    Fixed(Bytes),
    Variable(String),
}

impl Text {
    fn new(text: &str) -> Self {
        let has_placeholder =
            ["{guid}", "{other}", "{password}", "{number}"].iter().any(|name| text.contains(name));
        if has_placeholder {
            Self::Variable(text.to_owned())
        } else {
            Self::Fixed(Bytes::copy_from_slice(text.as_bytes()))
        }
    }

    fn expand(&self, placeholders: &Placeholders) -> Bytes {
        match self {
            Self::Fixed(text) => text.clone(),
            Self::Variable(text) => placeholders.expand(text).into(),
        }
    }
}

/// The values of the placeholders for one task.
struct Placeholders {
    guid: String,
    other: String,
    password: String,
    number: String,
}

impl Placeholders {
    fn new(guid: &str, random: &mut Random) -> Self {
        Self {
            guid: guid.to_owned(),
            other: random.guid(),
            password: format!("{:016x}", random.next()),
            number: random.below(10_000).to_string(),
        }
    }

    fn expand(&self, text: &str) -> String {
        let (mut expanded, mut rest) = (String::with_capacity(text.len() + 64), text);
        while let Some((before, from)) = rest.find('{').and_then(|at| rest.split_at_checked(at)) {
            expanded.push_str(before);
            let (name, value) = self.lookup(from).unwrap_or(("{", "{"));
            expanded.push_str(value);
            rest = from.strip_prefix(name).unwrap_or_default();
        }
        expanded.push_str(rest);
        expanded
    }

    /// Returns the placeholder that `text` begins with, and its value.
    fn lookup(&self, text: &str) -> Option<(&'static str, &str)> {
        let all = [
            ("{guid}", &self.guid),
            ("{other}", &self.other),
            ("{password}", &self.password),
            ("{number}", &self.number),
        ];
        all.into_iter().find(|(name, _)| text.starts_with(name)).map(|(name, value)| (name, value.as_str()))
    }
}

/// A kind, prepared for making many tasks: texts without placeholders are shared by all of them.
#[derive(Debug, Clone)]
pub(super) struct Template {
    kind: Kind,
    rootfs: Bytes,
    log_source: Bytes,
    task_log_sources: Vec<Bytes>,
    result_file: Bytes,
    path: Bytes,
    commands: Vec<Bytes>,
    callback: Text,
    annotation: Text,
    environment: Vec<(Bytes, Text)>,
}

impl Template {
    pub(super) fn new(kind: &Kind) -> Self {
        let shared = |text: &str| Bytes::copy_from_slice(text.as_bytes());
        Self {
            rootfs: shared(&kind.rootfs),
            log_source: shared(&kind.log_source),
            task_log_sources: kind
                .task_names
                .iter()
                .map(|name| shared(&format!("{}/{name}", kind.log_source)))
                .collect(),
            result_file: shared(&kind.result_file),
            path: shared(&kind.path),
            commands: kind.commands.iter().map(|command| shared(command)).collect(),
            callback: Text::new(kind.callback.as_deref().unwrap_or_default()),
            annotation: Text::new(&kind.annotation),
            environment: kind
                .environment
                .iter()
                .map(|(name, value)| (shared(name), Text::new(value)))
                .collect(),
            kind: kind.clone(),
        }
    }

    pub(super) fn domain(&self) -> &str {
        &self.kind.domain
    }

    /// Returns for how many seconds tasks of this kind run, if the kind says so.
    pub(super) fn run_seconds(&self) -> Option<usize> {
        self.kind.run_seconds.and_then(|seconds| seconds.try_into().ok())
    }

    /// Makes the definition of the task with this guid.
    pub(super) fn instantiate(&self, guid: &str, apps: &Apps, random: &mut Random) -> TaskDefinition {
        let mut definition = self.define(guid, random);
        if let Some((work, app)) = self.kind.app.zip(apps.choose(random)) {
            app.mark(&mut definition, work);
        }
        definition
    }

    fn define(&self, guid: &str, random: &mut Random) -> TaskDefinition {
        let (memory_mb, disk_mb) = random.choose(&self.kind.sizes).unwrap_or((256, 512));
        let placeholders = Placeholders::new(guid, random);
        let log_guid = Bytes::from(random.guid());
        let variable = |(name, value): &(Bytes, Text)| EnvironmentVariable {
            name: name.clone(),
            value: value.expand(&placeholders),
        };
        TaskDefinition {
            root_fs: self.rootfs.clone(),
            environment_variables: self.environment.iter().map(variable).collect(),
            action: Some(self.action(random)),
            memory_mb: memory_mb.into(),
            disk_mb: disk_mb.into(),
            cpu_weight: 25,
            max_pids: 1024,
            log_rate_limit: Some(LogRateLimit { bytes_per_second: -1 }),
            log_source: self.log_source.clone(),
            log_guid: log_guid.clone(),
            metrics_guid: log_guid,
            result_file: self.result_file.clone(),
            completion_callback_url: self.callback.expand(&placeholders),
            annotation: self.annotation.expand(&placeholders),
            egress_rules: vec![SecurityGroupRule {
                protocol: "all".into(),
                destinations: vec!["0.0.0.0-9.255.255.255".into(), "11.0.0.0-169.253.255.255".into()],
                ..SecurityGroupRule::default()
            }],
            trusted_system_certificates_path: "/etc/cf-system-certificates".into(),
            ..TaskDefinition::default()
        }
    }

    fn action(&self, random: &mut Random) -> Action {
        let build = |kind: &ActionKind| match kind {
            ActionKind::Download => download(),
            ActionKind::Run => progress(&self.kind, self.run(random)),
            ActionKind::Upload => upload(),
        };
        let mut actions: Vec<_> = self.kind.actions.iter().map(build).collect();
        let inner = match actions.pop() {
            Some(only) if actions.is_empty() => only,
            last => serial(actions.into_iter().chain(last).collect()),
        };
        let Some(minutes) = self.kind.timeout_minutes else { return inner };
        wrap(action::Kind::TimeoutAction(Box::new(TimeoutAction {
            action: Some(Box::new(inner)),
            timeout_ms: i64::from(minutes) * 60_000,
            ..TimeoutAction::default()
        })))
    }

    fn run(&self, random: &mut Random) -> Action {
        let command = random.choose(&self.commands).unwrap_or_default();
        wrap(action::Kind::RunAction(RunAction {
            path: self.path.clone(),
            args: vec!["-c".into(), command],
            dir: "/home/vcap/app".into(),
            user: "vcap".into(),
            log_source: random.choose(&self.task_log_sources).unwrap_or_default(),
            resource_limits: Some(ResourceLimits { nofile: Some(16_384), nproc: None }),
            ..RunAction::default()
        }))
    }
}

const fn wrap(kind: action::Kind) -> Action {
    Action { kind: Some(kind) }
}

fn serial(actions: Vec<Action>) -> Action {
    wrap(action::Kind::SerialAction(SerialAction { actions, log_source: "".into() }))
}

fn progress(kind: &Kind, inner: Action) -> Action {
    let Some(name) = &kind.progress else { return inner };
    wrap(action::Kind::EmitProgressAction(Box::new(EmitProgressAction {
        action: Some(Box::new(inner)),
        start_message: format!("{name}...").into(),
        success_message: format!("{name} complete").into(),
        failure_message_prefix: format!("{name} failed").into(),
        ..EmitProgressAction::default()
    })))
}

fn download() -> Action {
    wrap(action::Kind::DownloadAction(DownloadAction {
        artifact: "app package".into(),
        from: "https://blobstore.service.cf.internal:4443/cc-packages/app".into(),
        to: "/home/vcap".into(),
        user: "vcap".into(),
        ..DownloadAction::default()
    }))
}

fn upload() -> Action {
    wrap(action::Kind::UploadAction(UploadAction {
        artifact: "droplet".into(),
        from: "/tmp/droplet".into(),
        to: "https://cc-uploader.service.cf.internal:9091/v1/droplet/app".into(),
        user: "vcap".into(),
        ..UploadAction::default()
    }))
}
