//! What the simulated clients ask for: a definition of a scenario's kind, shaped as Cloud Controller's are.

use bytes::Bytes;

use super::random::Random;
use super::scenario::{Does, Kind};
use crate::bbs::wire::action::Kind as Do;
use crate::bbs::wire::{
    Action, DownloadAction, EmitProgressAction, EnvironmentVariable, LogRateLimit, ResourceLimits, RunAction,
    SecurityGroupRule, SerialAction, TaskDefinition, TimeoutAction, UploadAction,
};

/// A text of a kind: the same in every task, or to be filled in.
#[derive(Debug, Clone)]
enum Text {
    Same(Bytes),
    Filled(String),
}

impl Text {
    fn of(text: &str) -> Self {
        let is_filled =
            ["{guid}", "{other}", "{password}", "{number}"].iter().any(|name| text.contains(name));
        if is_filled {
            Self::Filled(text.to_owned())
        } else {
            Self::Same(Bytes::copy_from_slice(text.as_bytes()))
        }
    }

    fn fill(&self, filling: &Filling) -> Bytes {
        match self {
            Self::Same(text) => text.clone(),
            Self::Filled(text) => filling.fill(text).into(),
        }
    }
}

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
        let (mut filled, mut rest) = (String::with_capacity(text.len() + 64), text);
        while let Some((before, from)) = rest.find('{').and_then(|at| rest.split_at_checked(at)) {
            filled.push_str(before);
            let (name, value) = self.at(from).unwrap_or(("{", "{"));
            filled.push_str(value);
            rest = from.strip_prefix(name).unwrap_or_default();
        }
        filled.push_str(rest);
        filled
    }

    /// The name at the front, and what it stands for.
    fn at(&self, text: &str) -> Option<(&'static str, &str)> {
        let all = [
            ("{guid}", &self.guid),
            ("{other}", &self.other),
            ("{password}", &self.password),
            ("{number}", &self.number),
        ];
        all.into_iter().find(|(name, _)| text.starts_with(name)).map(|(name, value)| (name, value.as_str()))
    }
}

/// A kind, ready to be made a hundred thousand times: what is the same in every task is one text for all of them.
#[derive(Debug, Clone)]
pub(super) struct Mould {
    kind: Kind,
    rootfs: Bytes,
    log_source: Bytes,
    result_file: Bytes,
    path: Bytes,
    commands: Vec<Bytes>,
    callback: Text,
    annotation: Text,
    environment: Vec<(Bytes, Text)>,
}

impl Mould {
    pub(super) fn of(kind: &Kind) -> Self {
        let same = |text: &str| Bytes::copy_from_slice(text.as_bytes());
        Self {
            rootfs: same(&kind.rootfs),
            log_source: same(&kind.log_source),
            result_file: same(&kind.result_file),
            path: same(&kind.path),
            commands: kind.commands.iter().map(|command| same(command)).collect(),
            callback: Text::of(kind.callback.as_deref().unwrap_or_default()),
            annotation: Text::of(&kind.annotation),
            environment: kind.environment.iter().map(|(name, value)| (same(name), Text::of(value))).collect(),
            kind: kind.clone(),
        }
    }

    pub(super) fn domain(&self) -> &str {
        &self.kind.domain
    }

    /// A definition of the kind for the task of this guid.
    pub(super) fn cast(&self, guid: &str, random: &mut Random) -> TaskDefinition {
        let (memory_mb, disk_mb) = random.pick(&self.kind.sizes).unwrap_or((256, 512));
        let filling = Filling::new(guid, random);
        let log_guid = Bytes::from(random.guid());
        let variable = |(name, value): &(Bytes, Text)| EnvironmentVariable {
            name: name.clone(),
            value: value.fill(&filling),
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
            completion_callback_url: self.callback.fill(&filling),
            annotation: self.annotation.fill(&filling),
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
        let done = |does: &Does| match does {
            Does::Download => download(),
            Does::Run => progress(&self.kind, self.run(random)),
            Does::Upload => upload(),
        };
        let mut actions: Vec<_> = self.kind.actions.iter().map(done).collect();
        let inner = match actions.pop() {
            Some(only) if actions.is_empty() => only,
            last => serial(actions.into_iter().chain(last).collect()),
        };
        doing(Do::TimeoutAction(Box::new(TimeoutAction {
            action: Some(Box::new(inner)),
            timeout_ms: i64::from(self.kind.timeout_minutes) * 60_000,
            ..TimeoutAction::default()
        })))
    }

    fn run(&self, random: &mut Random) -> Action {
        let command = random.pick(&self.commands).unwrap_or_default();
        doing(Do::RunAction(RunAction {
            path: self.path.clone(),
            args: vec!["-c".into(), command],
            dir: "/home/vcap/app".into(),
            user: "vcap".into(),
            resource_limits: Some(ResourceLimits { nofile: Some(16_384), nproc: None }),
            ..RunAction::default()
        }))
    }
}

const fn doing(what: Do) -> Action {
    Action { kind: Some(what) }
}

fn serial(actions: Vec<Action>) -> Action {
    doing(Do::SerialAction(SerialAction { actions, log_source: "".into() }))
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
