//! `tasks` with the flags that `cfdot` does not have: filters, tables, CSV, masked secrets.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use taskdeck::bbs::wire::{CellPresence, TaskDefinition, TasksRequest};
use taskdeck::present::columns;

use crate::run::{Bbs, Output, PATIENCE, command, definition, run};

/// Starts a BBS with four tasks, two of which failed.
fn foundation() -> Bbs {
    let bbs = Bbs::start();
    bbs.desire("pending-1", "cf-tasks");
    bbs.started("running-1", "cf-apps");
    bbs.started("failed-1", "cf-apps");
    bbs.started("failed-2", "batch");
    bbs.with(|machine, now| {
        machine.reject("pending-1", "no room, \"sorry\"\nfor it", now).unwrap();
        machine.complete("failed-1", "cell-a", Err(b"out of \x1b[31mmemory"), now).unwrap();
        machine.complete("failed-2", "cell-a", Err(b"could not get https://user:pw@blobs/x"), now).unwrap();
    });
    bbs
}

/// Returns standard output. The command must succeed and print nothing on standard error.
fn printed(ran: Output) -> String {
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    ran.out
}

fn guids(bbs: &Bbs, arguments: &[&str]) -> Vec<String> {
    let printed = printed(bbs.run(&[&["tasks"], arguments].concat()));
    let guid = |line: &str| {
        let task: serde_json::Value = serde_json::from_str(line).unwrap();
        task.get("task_guid").unwrap().as_str().unwrap().to_owned()
    };
    let mut guids: Vec<_> = printed.lines().map(guid).collect();
    guids.sort();
    guids
}

#[test]
fn a_filter_selects_tasks() {
    let bbs = foundation();
    let all = ["failed-1", "failed-2", "pending-1", "running-1"];
    for (filter, admitted) in [
        ("", all.as_slice()),
        ("failed:true", &all[..2]),
        ("domain:cf-* !state:completed", &all[2..]),
        ("cell:cell-a", &all[3..]),
        ("reason:memory|room", &["failed-1", "pending-1"]),
        ("rejections:>0", &all[2..3]),
        ("age:<1h in-state:<1h", all.as_slice()),
        ("age:>1h", &[]),
        ("-1", &["failed-1", "pending-1", "running-1"]),
        ("!domain:cf-apps", &["failed-2", "pending-1"]),
        ("domain:cf-apps cell:cell-a", &["running-1"]),
    ] {
        assert_eq!(guids(&bbs, &["--filter", filter]), admitted, "{filter}");
    }
    // The server's filters and --filter both apply.
    assert_eq!(guids(&bbs, &["-d", "cf-apps", "--filter", "failed:true"]), ["failed-1"]);
    assert_eq!(guids(&bbs, &["--domain", "cf-apps", "--filter", "domain:batch"]), [""; 0]);
    assert_eq!(guids(&bbs, &["-c", "cell-a", "--filter", "domain:cf-*"]), ["running-1"]);
}

#[test]
fn secrets_are_masked_only_with_the_new_flags() {
    let bbs = Bbs::start();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cfdot/task.out");
    let recorded = fs::read_to_string(fixture).unwrap();
    printed(bbs.run(&["create-task", &recorded]));
    let plain = printed(bbs.run(&["tasks"]));
    assert_eq!(printed(bbs.run(&["tasks", "--filter", "", "--reveal"])), plain);
    assert_eq!(printed(bbs.run(&["tasks", "--reveal"])), plain);
    for arguments in [["--output", "json"], ["--filter", "guid:everything-1"]] {
        let masked = printed(bbs.run(&[&["tasks"], arguments.as_slice()].concat()));
        for secret in ["value-0-7", "registry-secret", "nfs://server/export"] {
            assert!(plain.contains(secret) && !masked.contains(secret), "{secret} {masked}");
        }
        assert!(masked.contains(r#"{"name":"VAR_0","value":"••••••"}"#), "{masked}");
        assert!(masked.contains(r#""image_username":"registry-user""#), "{masked}");
        assert_eq!(masked.lines().count(), 1);
    }
}

#[test]
fn csv_is_quoted_with_rfc_3339_times() {
    let bbs = foundation();
    let columns = ["tasks", "--output", "csv", "--columns", "guid,state,failed,rejections,reason"];
    let rows = printed(bbs.run(&[columns.as_slice(), &["--filter", "state:p|comp"]].concat()));
    assert!(rows.starts_with("guid,state,failed,rejections,reason\n"), "{rows}");
    assert!(rows.contains("\npending-1,Pending,false,1,\"no room, \"\"sorry\"\"\nfor it\"\n"), "{rows}");
    assert!(rows.contains("\nfailed-2,Completed,true,0,could not get https://••••••@blobs/x\n"), "{rows}");
    // CSV is for programs: control characters are kept.
    assert!(rows.contains("\nfailed-1,Completed,true,0,out of \u{1b}[31mmemory\n"), "{rows}");

    let created = bbs.with(|machine, _| machine.task("running-1")).unwrap().created_at;
    let only = ["tasks", "--output", "csv", "--filter", "guid:running-1"];
    let row = printed(bbs.run(&only));
    let (head, row) = row.split_once('\n').unwrap();
    assert_eq!(head, "guid,domain,state,cell,created_at,updated_at,reason");
    let at: jiff::Timestamp = row.split(',').nth(4).unwrap().parse().unwrap();
    assert_eq!(at.as_nanosecond(), i128::from(created));
    let revealed =
        ["tasks", "--output", "csv", "--columns", "reason", "--filter", "domain:batch", "--reveal"];
    assert_eq!(printed(bbs.run(&revealed)), "reason\ncould not get https://user:pw@blobs/x\n");
}

#[test]
fn a_table_is_aligned_and_sanitized() {
    let bbs = foundation();
    let table = |filter: &str| {
        printed(bbs.run(&["tasks", "--columns", "guid, state,rejections,reason", "--filter", filter]))
    };
    assert_eq!(
        table("failed-1"),
        "GUID      STATE        REJECTED  REASON\nfailed-1  ✗ Completed            out of ␛[31mmemory\n"
    );
    assert_eq!(table("nothing"), "GUID  STATE  REJECTED  REASON\n");
    assert_eq!(table("").lines().count(), 5);
    let usual = printed(bbs.run(&["tasks", "--output", "table", "--filter", "pending-1"]));
    assert!(usual.starts_with("GUID       DOMAIN    STATE      CELL  AGE  IN STATE  REASON\n"), "{usual}");
}

#[test]
fn an_invalid_flag_is_reported_before_any_request() {
    let columns = columns::keys();
    for (arguments, said) in [
        (
            ["--filter", "a state:p|lost b"],
            "Error: invalid filter: Unknown state \"lost\". States: pending, running, completed, resolving, gone\n  \
             a state:p|lost b\n            ^^^^\n"
                .to_owned(),
        ),
        (
            ["--columns", "guid,nope"],
            format!("Error: Unknown column \"nope\". The columns are {columns}.\n"),
        ),
        (["--output", "yaml"], "Error: --output must be json, table or csv, not \"yaml\"\n".to_owned()),
    ] {
        // No server is running, so a request would fail otherwise.
        let ran = run(command(&[&["tasks"], arguments.as_slice()].concat()));
        assert_eq!(ran, Output { status: Some(3), out: String::new(), err: said });
    }
    let ran = run(command(&["tasks", "--output", "json", "--columns", "guid"]));
    assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
    assert!(ran.err.starts_with("Error: --columns goes with --output table or csv"), "{}", ran.err);
}

#[test]
fn the_server_filters_by_domain_and_cell() {
    let asked = |arguments: &[&str]| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = thread::spawn(move || one_request(&listener));
        let mut command = command(&[&["tasks"], arguments].concat());
        command.env("BBS_URL", url);
        assert_eq!(printed(run(command)), "");
        let TasksRequest { domain, cell_id } = server.join().unwrap();
        [domain, cell_id].map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    };
    assert_eq!(asked(&["--filter", "x domain:cf-Apps cell:cell-a"]), ["cf-Apps", "cell-a"]);
    assert_eq!(asked(&["--filter", "domain:cf-* !cell:cell-a"]), ["", ""]);
    assert_eq!(asked(&["-d", "one", "--filter", "domain:other cell:cell-a"]), ["one", "cell-a"]);
}

/// Answers one request with an empty list and returns the request.
fn one_request(listener: &TcpListener) -> TasksRequest {
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let (mut request, mut part) = (Vec::new(), [0; 4096]);
    let body = loop {
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "the request ended early");
        request.extend_from_slice(part.get(..read).unwrap());
        let text = String::from_utf8_lossy(&request).to_lowercase();
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let (length, start) = (length.map_or(0, |length| length.parse().unwrap()), head.len() + 4);
        if request.len() >= start + length {
            break request.split_off(start);
        }
    };
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";
    stream.write_all(answer.as_bytes()).unwrap();
    prost::Message::decode(body.as_slice()).unwrap()
}

#[test]
fn columns_show_the_definition_and_the_zone_of_the_cell() {
    let bbs = Bbs::start();
    let definition = TaskDefinition {
        memory_mb: 1_024,
        disk_mb: 300,
        log_guid: "app-1".into(),
        completion_callback_url: "https://user:pw@cc.internal:9023/done".into(),
        annotation: "see https://user:pw@wiki/x".into(),
        ..definition()
    };
    bbs.with(|machine, now| machine.desire("a", "cf-tasks", definition, now).unwrap());
    let own = ["tasks", "--columns", "memory,disk,log-guid,callback-host,annotation", "--output"];
    let csv = printed(bbs.run(&[own.as_slice(), &["csv"]].concat()));
    assert_eq!(
        csv,
        "memory_mb,disk_mb,log_guid,callback_host,annotation\n\
         1024,300,app-1,cc.internal,see https://••••••@wiki/x\n"
    );
    let table = printed(bbs.run(&[own.as_slice(), &["table"]].concat()));
    assert!(table.ends_with("    1G  300M  app-1     cc.internal    see https://••••••@wiki/x\n"), "{table}");
    bbs.started("b", "cf-tasks");
    let cell = CellPresence { cell_id: "cell-a".into(), zone: "z1".into(), ..CellPresence::default() };
    bbs.with(|machine, _| machine.add_cell(cell));
    let zones = ["tasks", "--columns", "guid,zone,last-cell,waited,ran,dies-in", "--output", "csv"];
    let printed = printed(bbs.run(&zones));
    let row = printed.lines().find(|line| line.starts_with("b,")).unwrap();
    let fields: Vec<_> = row.split(',').collect();
    assert_eq!((fields[1], fields[2], fields[5]), ("z1", "", ""), "{printed}");
    assert!(fields[3].parse::<f64>().is_ok() && fields[4].parse::<f64>().is_ok(), "{printed}");
}

#[test]
fn a_list_without_the_cells_says_so_and_goes_on() {
    let bbs = Bbs::start();
    bbs.started("b", "cf-tasks");
    bbs.sim.faults().fail_cells(true);
    let ran = bbs.run(&["tasks", "--columns", "guid,zone", "--output", "csv"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), "guid,zone\nb,\n"));
    assert!(
        ran.err.starts_with("taskdeck: Could not get the cells; column zone is empty. Cause: "),
        "{}",
        ran.err
    );
}
