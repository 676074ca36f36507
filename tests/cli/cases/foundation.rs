//! Cases about cells and domains.

use taskdeck::bbs::wire::{
    CellCapacity, CellPresence, CellsResponse, DomainsResponse, Provider, UpsertDomainRequest,
};

use super::{Case, case, done, limited, refused, without_arguments, without_connection};
use crate::scripted::Reply;

pub(super) fn set_domain() -> Vec<Case> {
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

const CELL: &str = "{\"cell_id\":\"cell-1\",\"rep_address\":\"rep-1\",\"zone\":\"\",\"rep_url\":\"\",\"annotations\":null}\n";

pub(super) fn one_cell() -> Vec<Case> {
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

pub(super) fn cells() -> Vec<Case> {
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

pub(super) fn domains() -> Vec<Case> {
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
