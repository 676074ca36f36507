//! Plants a secret in each place where a task has one.

use taskdeck::bbs::wire::{
    Action, CachedDependency, DedicatedDevice, DownloadAction, EnvironmentVariable, File, RunAction,
    SerialAction, SharedDevice, TaskDefinition, UploadAction, VolumeMount, action::Kind,
};
use taskdeck::sim::Sim;

/// The cell of the simulated BBS.
const CELL: &str = "cell-01";

/// Hands out secrets that occur nowhere else.
#[derive(Default)]
struct Secrets(Vec<String>);

impl Secrets {
    fn next(&mut self) -> String {
        let secret = format!("planted{:03}secret", self.0.len());
        self.0.push(secret.clone());
        secret
    }

    /// A URL with a password and a signature.
    fn url(&mut self) -> String {
        format!("https://user:{}@blobs.example/x?signature={}", self.next(), self.next())
    }

    fn variable(&mut self) -> EnvironmentVariable {
        EnvironmentVariable { name: "PASSWORD".into(), value: self.next().into() }
    }

    fn file(&mut self) -> File {
        File { path: "credentials.json".into(), content: self.next().into() }
    }
}

fn action(kind: Kind) -> Action {
    Action { kind: Some(kind) }
}

fn definition(secrets: &mut Secrets) -> TaskDefinition {
    let download = DownloadAction {
        from: secrets.url().into(),
        to: "/tmp".into(),
        user: "vcap".into(),
        cache_key: secrets.url().into(),
        ..DownloadAction::default()
    };
    let run = RunAction {
        path: "/bin/sh".into(),
        args: vec!["-c".into(), format!("curl {}", secrets.url()).into()],
        env: vec![secrets.variable()],
        user: "vcap".into(),
        volume_mounted_files: vec![secrets.file()],
        ..RunAction::default()
    };
    let upload = UploadAction {
        from: "/tmp/droplet".into(),
        to: secrets.url().into(),
        user: "vcap".into(),
        ..UploadAction::default()
    };
    let actions = vec![
        action(Kind::DownloadAction(download)),
        action(Kind::RunAction(run)),
        action(Kind::UploadAction(upload)),
    ];
    TaskDefinition {
        root_fs: format!("docker://user:{}@registry.example/image", secrets.next()).into(),
        environment_variables: vec![secrets.variable()],
        action: Some(action(Kind::SerialAction(SerialAction { actions, ..SerialAction::default() }))),
        completion_callback_url: secrets.url().into(),
        annotation: format!("see {}", secrets.url()).into(),
        cached_dependencies: vec![CachedDependency {
            from: secrets.url().into(),
            to: "/tmp/cache".into(),
            ..CachedDependency::default()
        }],
        volume_mounts: vec![
            VolumeMount {
                driver: "nfs".into(),
                container_dir: "/data".into(),
                mode: "rw".into(),
                shared: Some(SharedDevice { volume_id: "v".into(), mount_config: secrets.next().into() }),
                ..VolumeMount::default()
            },
            VolumeMount {
                driver: "nfs".into(),
                container_dir: "/more".into(),
                mode: "rw".into(),
                dedicated: Some(DedicatedDevice {
                    mounter_id: "m".into(),
                    mount_config: secrets.next().into(),
                    device_config: secrets.next().into(),
                }),
                ..VolumeMount::default()
            },
        ],
        volume_mounted_files: vec![secrets.file()],
        image_username: "user".into(),
        image_password: secrets.next().into(),
        ..TaskDefinition::default()
    }
}

/// Adds tasks whose definitions have secrets. Returns these, and those of [`change`].
pub(super) fn plant(sim: &Sim) -> Vec<String> {
    let mut secrets = Secrets::default();
    let _ = texts(&mut secrets);
    for guid in ["env-task", "failed-task", "done-task", "rejected-task"] {
        let definition = definition(&mut secrets);
        sim.with(|machine, now| machine.desire(guid, "secretive", definition, now)).unwrap();
    }
    sim.with(|machine, now| machine.start("failed-task", CELL, now)).unwrap();
    sim.with(|machine, now| machine.start("done-task", CELL, now)).unwrap();
    secrets.0
}

/// A failure reason, a result and a rejection reason: always the same.
fn texts(secrets: &mut Secrets) -> [String; 3] {
    ["failed to fetch", "fetched", "could not fetch"].map(|said| format!("{said} {}", secrets.url()))
}

/// Makes one task fail, one succeed, and one be rejected, with secrets in what the cells say.
pub(super) fn change(sim: &Sim) {
    let [failure, result, rejection] = texts(&mut Secrets::default());
    sim.with(|machine, now| machine.complete("failed-task", CELL, Err(failure.as_bytes()), now)).unwrap();
    sim.with(|machine, now| machine.complete("done-task", CELL, Ok(result.as_bytes()), now)).unwrap();
    sim.with(|machine, now| machine.reject("rejected-task", &rejection, now)).unwrap();
}
