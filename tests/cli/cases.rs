//! The situations in which scripts meet `cfdot`, about tasks, cells and domains: connection flags before the verb, a server
//! that says one thing, and what the command makes of it. A case for each of those that `cfdot` is itself tested with.

use std::thread;

use taskdeck::bbs::wire::{
    CellCapacity, CellPresence, CellsResponse, DesireTaskRequest, DomainsResponse, Error, Provider, Task,
    TaskByGuidRequest, TaskGuidRequest, TaskLifecycleResponse, TaskResponse, TasksRequest, TasksResponse,
    UpsertDomainRequest,
};

use crate::run::{cfdot, run};
use crate::scripted::{Asked, Reply, Server};

struct Case {
    words: Vec<String>,
    /// The connection's flags are there.
    connected: bool,
    script: Vec<Reply>,
    status: i32,
    /// In standard error, in this order.
    says: Vec<&'static str>,
    /// In standard output.
    prints: &'static str,
    asked: Option<Vec<Asked>>,
}

fn case(words: &[&str], status: i32) -> Case {
    Case {
        words: words.iter().map(ToString::to_string).collect(),
        connected: true,
        script: Vec::new(),
        status,
        says: Vec::new(),
        prints: "",
        asked: None,
    }
}

impl Case {
    fn unconnected(self) -> Self {
        Self { connected: false, ..self }
    }

    fn given(mut self, reply: Reply) -> Self {
        self.script.push(reply);
        self
    }

    fn says(mut self, text: &'static str) -> Self {
        self.says.push(text);
        self
    }

    fn prints(self, prints: &'static str) -> Self {
        Self { prints, ..self }
    }

    fn asks(mut self, path: &str, body: &impl prost::Message) -> Self {
        let asked = Asked { line: format!("POST {path}"), body: body.encode_to_vec() };
        self.asked.get_or_insert_default().push(asked);
        self
    }

    fn check(&self) {
        // A reply that must not be needed.
        let script = if self.script.is_empty() { vec![Reply::of(500, "", b"")] } else { self.script.clone() };
        let server = Server::start(script);
        let connection = [
            "--bbsURL",
            &server.url,
            "--caCertFile",
            "/ca",
            "--clientCertFile",
            "/cert",
            "--clientKeyFile",
            "/key",
        ];
        let connection = if self.connected { &connection[..] } else { &[] };
        let words = self.words.iter().map(String::as_str);
        let line: Vec<_> = connection.iter().copied().chain(words).collect();
        let ran = run(cfdot(&line));
        assert_eq!(ran.status, Some(self.status), "{line:?}: {}", ran.err);
        let mut rest = ran.err.as_str();
        for text in &self.says {
            let (_, after) = rest.split_once(text).unwrap_or_else(|| panic!("{line:?}: {text}: {}", ran.err));
            rest = after;
        }
        assert!(ran.out.contains(self.prints), "{line:?}: {}", ran.out);
        match &self.asked {
            Some(asked) => assert_eq!(server.asked(), *asked, "{line:?}"),
            None if self.script.is_empty() => assert!(server.asked().is_empty(), "{line:?}"),
            None => {}
        }
    }
}

const TIMEOUT: &str = "Timeout exceeded";

fn done() -> Reply {
    Reply::message(200, &TaskLifecycleResponse::default())
}

fn refused(status: u16, kind: i32, message: &'static str) -> Reply {
    let error = Some(Error { r#type: kind, message: message.into() });
    Reply::message(status, &TaskLifecycleResponse { error })
}

/// A call with a limit: the server is silent, or answers in time.
fn limited(words: &[&str], in_time: impl Fn(Case) -> Case) -> [Case; 2] {
    [case(words, 4).given(Reply::Silence).says(TIMEOUT), in_time(case(words, 0))]
}

fn without_connection(words: &[&str]) -> Case {
    case(words, 3).unconnected().says("Error: BBS URL not set").says("Usage:")
}

/// A word too many: as a status, and as a usage text.
fn without_arguments(verb: &str, usage: &'static str) -> [Case; 2] {
    let case = || case(&[verb, "extra-arg"], 3);
    [case(), case().says(usage)]
}

fn guid_request() -> TaskGuidRequest {
    TaskGuidRequest { task_guid: "task-guid".into() }
}

fn task() -> Task {
    Task { task_guid: "task-guid".into(), ..Task::default() }
}

const TASK: &str = r#"{"task_guid":"task-guid","domain":"","created_at":0,"updated_at":0,"first_completed_at":0,"state":"Invalid","cell_id":"","result":"","failed":false,"failure_reason":"","rejection_count":0,"rejection_reason":""}"#;

fn cancel_task() -> Vec<Case> {
    // 200 with nothing in it: refused on purpose, see the README's table.
    let empty = |case: Case| {
        let case = Case { status: 4, ..case };
        case.given(Reply::of(200, "", b""))
            .says("Type 5: InvalidResponse")
            .asks("/v1/tasks/cancel", &guid_request())
    };
    let mut cases = vec![
        without_connection(&["cancel-task", "task-guid"]),
        empty(case(&["cancel-task", "task-guid"], 0)),
        case(&["cancel-task", "task-guid"], 4)
            .given(refused(200, 0, "the request failed for an unknown reason"))
            .says("UnknownError"),
        case(&["cancel-task"], 3)
            .says("Error: Missing arguments")
            .says("cfdot cancel-task TASK_GUID [flags]"),
        case(&["cancel-task", "arg1", "arg2"], 3)
            .says("Error: Too many arguments specified")
            .says("cfdot cancel-task TASK_GUID [flags]"),
    ];
    cases.extend(limited(&["cancel-task", "task-guid", "--timeout", "1"], empty));
    cases
}

fn create_task() -> Vec<Case> {
    let spec = r#"{"task_guid":"some-task-guid","domain":"","state":"Invalid"}"#;
    let asked = DesireTaskRequest { task_guid: "some-task-guid".into(), ..DesireTaskRequest::default() };
    let created = |case: Case| case.given(done()).asks("/v1/tasks/desire.r2", &asked);
    let file = concat!("@", env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cfdot/again.json");
    let mut cases = vec![
        without_connection(&["create-task"]),
        case(&["create-task"], 3).says("missing spec").says("cfdot create-task (SPEC|@FILE) "),
        created(case(&["create-task", spec], 0)),
        case(&["create-task", file], 0).given(done()),
        case(&["create-task"], 3),
        case(&["create-task", "foo"], 3).says("Invalid JSON:"),
        case(&["create-task", "@/path/to/non/existing/file"], 3).says("no such file"),
        case(&["create-task", "{}"], 4)
            .given(refused(500, 28, "deadlock detected"))
            .says("Type 28: Deadlock")
            .says("deadlock detected"),
    ];
    cases.extend(limited(&["create-task", "--timeout", "1", spec], created));
    cases
}

fn delete_task() -> Vec<Case> {
    let deleted = |case: Case| {
        let case = case.given(done()).asks("/v1/tasks/resolving", &guid_request());
        case.given(done()).asks("/v1/tasks/delete", &guid_request())
    };
    let mut cases = vec![
        without_connection(&["delete-task"]),
        case(&["delete-task", "arg1", "arg2"], 3).says("Error:").says("cfdot delete-task TASK_GUID "),
        case(&["delete-task"], 3).says("Error:").says("cfdot delete-task TASK_GUID "),
        deleted(case(&["delete-task", "task-guid"], 0)),
        case(&["delete-task", "task-guid"], 4)
            .given(refused(500, 28, "deadlock detected"))
            .says("deadlock")
            .asks("/v1/tasks/resolving", &guid_request()),
    ];
    cases.extend(limited(&["delete-task", "--timeout", "1", "task-guid"], deleted));
    cases
}

fn set_domain() -> Vec<Case> {
    let kept = |ttl: u32| {
        move |case: Case| {
            let asked = UpsertDomainRequest { domain: "any-domain".into(), ttl };
            case.given(done()).asks("/v1/domains/upsert", &asked)
        }
    };
    let mut cases = vec![
        without_connection(&["set-domain", "domain1"]),
        kept(0)(case(&["set-domain", "any-domain"], 0)),
        kept(40)(case(&["set-domain", "any-domain", "--ttl", "40s"], 0)),
        case(&["set-domain", "", "--ttl", "40s"], 3).says("No domain given").says("Usage"),
        case(&["set-domain", "any-domain", "--ttl", "-40s"], 3).says("ttl is negative").says("Usage:"),
        case(&["set-domain", "any-domain", "-t", "asdf"], 3).says("invalid duration").says("Usage:"),
        case(&["set-domain", "any-domain"], 4)
            .given(Reply::of(500, "", b""))
            .says("Invalid Response with status code: 500"),
    ];
    cases.extend(limited(&["--timeout", "1", "set-domain", "any-domain"], kept(0)));
    cases
}

fn task_events() -> Vec<Case> {
    let mut cases = vec![
        without_connection(&["task-events"]),
        // Events that are not declared to be some: refused on purpose, see the README's table.
        case(&["task-events"], 4)
            .given(Reply::of(
                200,
                "Content-Type: text/plain; charset=utf-8\r\n",
                b"id: 1\nevent: task_removed\n\n",
            ))
            .says("Type 5: InvalidResponse"),
        case(&["task-events"], 4).given(Reply::of(418, "", b"")),
    ];
    cases.extend(without_arguments("task-events", "cfdot task-events [flags]"));
    cases
}

fn one_task() -> Vec<Case> {
    let found = |case: Case| {
        let reply = TaskResponse { error: None, task: Some(task()) };
        let asked = TaskByGuidRequest { task_guid: "task-guid".into() };
        case.given(Reply::message(200, &reply)).asks("/v1/tasks/get_by_task_guid.r3", &asked).prints(TASK)
    };
    let mut cases = vec![
        without_connection(&["task", "task-guid"]),
        found(case(&["task", "task-guid"], 0)),
        case(&["task", "task-guid"], 4).given(refused(200, 0, "")).says("UnknownError"),
        case(&["task"], 3).says("Error: Missing arguments").says("cfdot task TASK_GUID [flags]"),
        case(&["task", "task-guid", "arg1", "arg2"], 3)
            .says("Error: Too many arguments specified")
            .says("cfdot task TASK_GUID [flags]"),
    ];
    cases.extend(limited(&["task", "task-guid", "--timeout", "1"], found));
    cases
}

fn tasks() -> Vec<Case> {
    let list = || Reply::message(200, &TasksResponse { error: None, tasks: vec![task()] });
    let found =
        |case: Case| case.given(list()).asks("/v1/tasks/list.r3", &TasksRequest::default()).prints(TASK);
    let filtered = |words: &[&str], domain: &'static str, cell: &'static str| {
        let asked = TasksRequest { domain: domain.into(), cell_id: cell.into() };
        case(words, 0).given(list()).asks("/v1/tasks/list.r3", &asked)
    };
    let mut cases = vec![
        without_connection(&["tasks"]),
        found(case(&["tasks"], 0)),
        filtered(&["tasks", "-d", "domain"], "domain", ""),
        filtered(&["tasks", "--domain", "domain"], "domain", ""),
        case(&["tasks", "--domain", "domain", "-d", "domain"], 3).says("Only one of -d and --domain"),
        filtered(&["tasks", "-c", "cell-id"], "", "cell-id"),
        filtered(&["tasks", "--cell-id", "cell-id"], "", "cell-id"),
        case(&["tasks", "--cell-id", "cell-id", "-c", "cell-id"], 3).says("Only one of -c and --cell-id"),
        filtered(&["tasks", "-c", "cell-id", "-d", "domain"], "domain", "cell-id"),
        case(&["tasks", "garbage"], 3).says("Too many arguments specified"),
        case(&["tasks"], 4)
            .given(refused(200, 0, "the request failed for an unknown reason"))
            .says("the request failed for an unknown reason"),
    ];
    cases.extend(limited(&["tasks", "--timeout", "1"], found));
    cases
}

const CELL: &str = "{\"cell_id\":\"cell-1\",\"rep_address\":\"rep-1\",\"zone\":\"\",\"rep_url\":\"\",\"annotations\":null}\n";

fn one_cell() -> Vec<Case> {
    let presence =
        CellPresence { cell_id: "cell-1".into(), rep_address: "rep-1".into(), ..CellPresence::default() };
    let reply = Reply::message(200, &CellsResponse { error: None, cells: vec![presence] });
    let found = |case: Case| case.given(reply.clone()).prints(CELL);
    let mut cases = vec![
        without_connection(&["cell"]),
        found(case(&["cell", "cell-1"], 0)),
        case(&["cell", "cell-2"], 5).given(reply.clone()).says("Cell not found"),
        case(&["cell", "cell-id", "extra-argument"], 3),
    ];
    cases.extend(limited(&["--timeout", "1", "cell", "cell-1"], found));
    cases
}

fn cells() -> Vec<Case> {
    let presence = CellPresence {
        cell_id: "cell-1".into(),
        rep_address: "rep-1".into(),
        zone: "zone1".into(),
        capacity: Some(CellCapacity { memory_mb: 1024, disk_mb: 1024, containers: 10 }),
        rootfs_providers: vec![Provider { name: "rootfs1".into(), ..Provider::default() }],
        rep_url: "http://rep1.com".into(),
        ..CellPresence::default()
    };
    let reply = Reply::message(200, &CellsResponse { error: None, cells: vec![presence] });
    let found = |case: Case| case.given(reply.clone()).prints(r#""rep_url":"http://rep1.com""#);
    let mut cases =
        vec![without_connection(&["cells"]), found(case(&["cells"], 0)), case(&["cells", "extra-args"], 3)];
    cases.extend(without_arguments("cells", "cfdot cells [flags]"));
    cases.extend(limited(&["--timeout", "1", "cells"], found));
    cases
}

fn domains() -> Vec<Case> {
    let reply = |domains: &[&'static str]| {
        let domains = domains.iter().map(|domain| (*domain).into()).collect();
        Reply::message(200, &DomainsResponse { error: None, domains })
    };
    let found =
        |case: Case| case.given(reply(&["domain-1", "domain-2"])).prints("\"domain-1\"\n\"domain-2\"\n");
    let deadlock = || case(&["domains"], 4).given(refused(200, 28, "the request failed due to deadlock"));
    let mut cases = vec![
        without_connection(&["domains"]),
        found(case(&["domains"], 0)),
        case(&["domains"], 4).given(Reply::of(500, "", b"")).says("Invalid Response with status code: 500"),
        deadlock()
            .says("BBS error")
            .says("Type 28: Deadlock")
            .says("Message: the request failed due to deadlock\n"),
        deadlock(),
        case(&["domains"], 0).given(reply(&[])),
        case(&["domains"], 0).given(reply(&[])),
    ];
    cases.extend(without_arguments("domains", "cfdot domains [flags]"));
    cases.extend(limited(&["domains", "--timeout", "1"], found));
    cases
}

/// They are run side by side: some wait for a silent server.
#[test]
fn every_situation_ends_as_scripts_expect() {
    let all: Vec<_> = [
        cancel_task(),
        create_task(),
        delete_task(),
        set_domain(),
        task_events(),
        one_task(),
        tasks(),
        one_cell(),
        cells(),
        domains(),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert_eq!(all.len(), 82, "cfdot's own number");
    thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(8)) {
            scope.spawn(|| part.iter().for_each(Case::check));
        }
    });
}
