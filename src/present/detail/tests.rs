use super::super::task_state::tests::task;
use super::*;
use crate::model::{
    Action, CachedDependency, CellId, Device, EgressRule, Entity, EnvironmentVariable, File, IcmpInfo,
    ImageLayer, MetricTag, Owner, Ownership, PortRange, ResourceLimits, State, Stuck, StuckSet, Task,
    Timestamp, VolumeMount,
};

const SECRET: &str = "hunter2";

fn variable(name: &str) -> EnvironmentVariable {
    EnvironmentVariable { name: name.into(), value: SECRET.into() }
}

fn file(path: &str) -> File {
    File { path: path.into(), content: SECRET.into() }
}

fn secret_url(host: &str) -> String {
    format!("https://user:{SECRET}@{host}/x?sig={SECRET}")
}

fn run(path: &str) -> Action {
    Action::Run {
        path: path.into(),
        args: vec!["-c".into(), secret_url("argument")],
        dir: "run.dir".into(),
        env: vec![variable("run.env")],
        resource_limits: Some(ResourceLimits { nofile: Some(1024), nproc: None }),
        user: "run.user".into(),
        log_source: "run.log".into(),
        suppress_log_output: true,
        volume_mounted_files: vec![file("run.file")],
    }
}

fn tree() -> Action {
    let download = Action::Download {
        artifact: "download.artifact".into(),
        from: secret_url("download.from"),
        to: "download.to".into(),
        cache_key: "download.key".into(),
        log_source: "download.log".into(),
        user: "download.user".into(),
        checksum_algorithm: "download.algorithm".into(),
        checksum_value: "download.value".into(),
    };
    let upload = Action::Upload {
        artifact: "upload.artifact".into(),
        from: "upload.from".into(),
        to: secret_url("upload.to"),
        log_source: "upload.log".into(),
        user: "upload.user".into(),
    };
    let progress = Action::EmitProgress {
        action: Some(Box::new(run("/bin/two"))),
        start_message: "progress.start".into(),
        success_message: "progress.success".into(),
        failure_message_prefix: "progress.failure".into(),
        log_source: "progress.log".into(),
    };
    let timeout = Action::Timeout {
        action: Some(Box::new(run("/bin/one"))),
        timeout_ms: 4_711,
        deprecated_timeout_ns: 4_712,
        log_source: "timeout.log".into(),
    };
    let rest = Action::Parallel {
        actions: vec![
            Action::Codependent { actions: vec![progress], log_source: "codependent.log".into() },
            Action::Try { action: Some(Box::new(upload)), log_source: "try.log".into() },
        ],
        log_source: "parallel.log".into(),
    };
    Action::Serial {
        actions: vec![download, timeout, rest, Action::Unknown],
        log_source: "serial.log".into(),
    }
}

fn definition() -> TaskDefinition {
    let device =
        |id: &str| Device { id: id.into(), mount_config: SECRET.into(), device_config: SECRET.into() };
    TaskDefinition {
        root_fs: "preloaded:root.fs".into(),
        environment_variables: vec![variable("task.env")],
        action: Some(tree()),
        disk_mb: 1_001,
        memory_mb: 1_002,
        cpu_weight: 53,
        privileged: true,
        log_source: "task.log".into(),
        log_guid: "task.log.guid".into(),
        metrics_guid: "task.metrics.guid".into(),
        result_file: "task.result.file".into(),
        completion_callback_url: secret_url("callback"),
        annotation: "task.annotation".into(),
        egress_rules: vec![EgressRule {
            protocol: "icmp".into(),
            destinations: vec!["10.0.0.1".into()],
            ports: vec![8_081],
            port_range: Some(PortRange { start: 9_001, end: 9_002 }),
            icmp_info: Some(IcmpInfo { kind: 8, code: -1 }),
            log: true,
            annotations: vec!["rule.note".into()],
        }],
        cached_dependencies: vec![CachedDependency {
            name: "dependency.name".into(),
            from: secret_url("dependency.from"),
            to: "dependency.to".into(),
            cache_key: "dependency.key".into(),
            log_source: "dependency.log".into(),
            checksum_algorithm: "dependency.algorithm".into(),
            checksum_value: "dependency.value".into(),
        }],
        legacy_download_user: "legacy.user".into(),
        trusted_system_certificates_path: "/trusted/certificates".into(),
        volume_mounts: vec![VolumeMount {
            driver: "volume.driver".into(),
            container_dir: "/volume/dir".into(),
            mode: "rw".into(),
            shared: Some(device("shared.id")),
            dedicated: Some(device("dedicated.id")),
        }],
        network: Some(vec![("network.name".into(), "network.value".into())]),
        placement_tags: vec!["placement.tag".into()],
        max_pids: 1_003,
        certificate_properties: Some(vec!["certificate.unit".into()]),
        image_username: "image.user".into(),
        image_password: SECRET.into(),
        image_layers: vec![ImageLayer {
            name: "layer.name".into(),
            url: secret_url("layer.url"),
            destination_path: "layer.path".into(),
            layer_type: "EXCLUSIVE".into(),
            media_type: "TGZ".into(),
            digest_algorithm: "SHA512".into(),
            digest_value: "layer.digest".into(),
        }],
        log_rate_limit: Some(1_004),
        metric_tags: vec![
            ("tag.static".into(), MetricTag::Static("tag.value".into())),
            ("tag.dynamic".into(), MetricTag::Dynamic("INDEX".into())),
        ],
        volume_mounted_files: vec![file("task.file")],
    }
}

const AT: Timestamp = Timestamp::from_nanos(1_780_315_207_000_000_000);

fn failed_task() -> Task {
    Task {
        failed: true,
        failure_reason: format!("could not fetch {}", secret_url("reason")).into(),
        result: "task.result".into(),
        rejection_count: 3,
        rejection_reason: "task.rejection".into(),
        first_completed_at: AT,
        ..task(State::Completed, AT)
    }
}

fn described(task: &Task, definition: &TaskDefinition, revealed: &BTreeSet<usize>) -> Vec<Line<'static>> {
    let cell = CellId::from("cell-9");
    let row = RowFacts { cell: Some(&cell), ..RowFacts::of(task, AT) };
    let stuck = Stuck::ALL.into_iter().fold(StuckSet::NONE, |set, kind| set.with(kind, true));
    let definition = Definition::Decoded(definition);
    let facts = DetailFacts { row, stuck, definition, revealed, zone: &TimeZone::UTC };
    let own = |text: &Cow<'_, str>| Cow::Owned(text.clone().into_owned());
    lines(&facts)
        .iter()
        .map(|line| Line { label: own(&line.label), value: own(&line.value), ..line.clone_flags() })
        .collect()
}

impl Line<'_> {
    fn clone_flags(&self) -> Line<'static> {
        let Line { indent, secret, tone, section, .. } = *self;
        let empty = Cow::Borrowed("");
        Line { indent, label: empty.clone(), value: empty, secret, brief: None, tone, section }
    }
}

fn page(lines: &[Line<'_>]) -> String {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| format!("{}{}: {}", "  ".repeat(line.indent.into()), line.label, line.value))
        .collect();
    rows.join("\n")
}

#[test]
fn the_whole_page() {
    insta::assert_snapshot!(page(&described(&failed_task(), &definition(), &BTreeSet::new())));
}

#[test]
fn secrets_are_masked_by_default() {
    let text = page(&described(&failed_task(), &definition(), &BTreeSet::new()));
    assert!(!text.contains(SECRET), "{text}");
}

#[test]
fn each_secret_is_revealed_separately() {
    let (task, definition) = (failed_task(), definition());
    let masked = described(&task, &definition, &BTreeSet::new());
    let ids: BTreeSet<_> = masked.iter().filter_map(|line| line.secret).collect();
    assert_eq!(ids.len(), masked.iter().filter(|line| line.secret.is_some()).count());
    assert!(ids.len() >= 15, "{ids:?}");
    for id in ids {
        let lines = described(&task, &definition, &BTreeSet::from([id.0]));
        let showing: Vec<_> = lines.iter().filter(|line| line.value.contains(SECRET)).collect();
        assert_eq!(showing.len(), 1, "{id:?}");
        assert_eq!(showing[0].secret, Some(id));
    }
}

#[test]
fn secret_numbers_are_stable_over_the_life_of_a_task() {
    let numbers = |task: &Task| -> Vec<_> {
        let lines = described(task, &definition(), &BTreeSet::new());
        let known = lines.iter().filter(|line| line.label != "failure_reason");
        known.filter_map(|line| line.secret.map(|id| (line.label.clone(), id))).collect()
    };
    assert_eq!(numbers(&task(State::Running, AT)), numbers(&failed_task()));
}

#[test]
fn a_pending_task_with_a_cell_was_rejected_there() {
    let rejected = Task { cell: Some(CellId::from("cell-1")), ..task(State::Pending, AT) };
    let text = page(&described(&rejected, &TaskDefinition::default(), &BTreeSet::new()));
    assert!(text.contains("cell_id: cell-1; rejected there while running"), "{text}");
}

#[test]
fn the_owner_comes_first_and_a_task_that_names_none_has_no_such_line() {
    let entity = |guid: &str, name: &str| Entity { guid: guid.to_owned(), name: name.to_owned() };
    let owner =
        |org: Entity| Owner::new(Ownership { app: entity("a-1", "web"), space: entity("s-1", ""), org });
    let first = |owner: Owner| {
        let running = Task { owner, ..task(State::Running, AT) };
        let text = page(&described(&running, &TaskDefinition::default(), &BTreeSet::new()));
        text.lines().find(|line| line.starts_with("  ")).unwrap().trim().to_owned()
    };
    assert_eq!(first(owner(entity("o-1", "acme"))), "org / space / app: acme / s-1 / web");
    assert_eq!(first(owner(Entity::default())), "org / space / app: unknown / s-1 / web");
    let long = first(owner(entity("o-1", &format!("\x1b[2J{}", "long".repeat(1_000)))));
    assert!(long.chars().count() < 120 && !long.contains('\x1b'), "{long}");
    assert!(first(Owner::default()).starts_with("task_guid: "));
}

#[test]
fn a_missing_definition_is_explained() {
    let text = page(&described(&task(State::Pending, AT), &TaskDefinition::default(), &BTreeSet::new()));
    for said in ["completion_callback_url: none", "first_completed_at: not yet", "max_pids: no limit"] {
        assert!(text.contains(said), "{said} in {text}");
    }
}
