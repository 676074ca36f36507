//! Replies without end, and replies larger than a BBS sends. The rig gives up replies of more than 4 MiB.

use std::fmt::Write as _;

use prost::Message as _;
use taskdeck::app::key::KeyCode;
use taskdeck::bbs::wire::{CellPresence, Task, TasksResponse};
use taskdeck::model::Call;

use crate::harm::{EVENTS, Harm, LISTS, Scope};
use crate::rig::Rig;
use crate::scenario::{Play, Scenario, scenarios};
use crate::user::User;

const PROTOBUF: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n";

scenarios! {
    head_has_no_end {
        "The head of each list has no end",
        sees ["live, lists failing: the head of the reply has more than 100 lines or 400 kB"],
        keeps "All rows; events still change them",
        Play::Replies(LISTS, Harm::Endless("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nX-Long: "))
    }
    list_has_no_end {
        "Each list has no end, and no length",
        sees ["live, lists failing: the reply is larger than 4 MiB; raise reply_limit_mb"],
        keeps "All rows; events still change them",
        Play::Replies(LISTS, Harm::Endless("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n\r\n"))
    }
    list_is_too_long {
        "Each list says that it is a terabyte long",
        sees ["live, lists failing: the reply is larger than 4 MiB; raise reply_limit_mb"],
        keeps "All rows; events still change them",
        Play::Replies(LISTS, Harm::Endless(
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1099511627776\r\n\r\n"
        ))
    }
    list_is_compressed {
        "Each list is compressed, although no request asks for it",
        sees ["live, lists failing: the reply is compressed (gzip), which taskdeck did not ask for"],
        keeps "All rows; events still change them",
        Play::Replies(LISTS, Harm::Replaced(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"
        ))
    }
    event_has_no_end {
        "An event has no end",
        sees ["The event stream broke: an event is larger than 16 MiB"],
        keeps "All rows",
        Play::Story(|scenario| Box::pin(endless_event(scenario)))
    }
    cells_have_no_end {
        "The list of cells has no end",
        sees ["Presence unknown since", "reply is larger than 4 MiB"],
        keeps "All rows; no cell is marked as gone",
        Play::Story(|scenario| Box::pin(endless_cells(scenario)))
    }
    everything_is_many {
        "The server has 100,000 domains and 10,000 cells",
        sees ["live", "domain-00000", "cell-0000"],
        keeps "All rows; keys are answered",
        Play::Story(|scenario| Box::pin(many(scenario)))
    }
    guids_are_long {
        "A list has 200 tasks with guids of 10 kB",
        sees ["200/200", "gggggggggg"],
        keeps "The rows; the cursor moves, and the detail opens",
        Play::Story(|scenario| Box::pin(long_guids(scenario)))
    }
}

async fn endless_event(scenario: &Scenario) {
    let rig = Rig::start().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        let stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: task_created\ndata: ";
        rig.proxy.harm(EVENTS, Harm::Endless(stream));
        rig.proxy.break_all();
        user.sees_all(scenario.sees).await;
        user.has_row("task-01");
        rig.change();
        rig.proxy.mend();
        user.is_well(&rig.sim).await;
    })
    .await;
}

async fn endless_cells(scenario: &Scenario) {
    let rig = Rig::start().await;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n\r\n";
    rig.proxy.harm(Scope::Only(Call::Cells), Harm::Endless(head));
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees_all(scenario.sees).await;
        rig.change();
        assert!(!user.operator.screen().contains("~ cell-01"));
        user.is_well(&rig.sim).await;
    })
    .await;
}

async fn many(scenario: &Scenario) {
    let rig = Rig::start().await;
    rig.sim.with(|machine, now| {
        for nth in 0..100_000 {
            machine.upsert_domain(format!("domain-{nth:05}"), 3_600, now).unwrap();
        }
        for nth in 0..10_000 {
            let cell_id = format!("cell-{nth:04}").into();
            machine.add_cell(CellPresence { cell_id, ..CellPresence::default() });
        }
    });
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees_all(scenario.sees).await;
        user.operator.press("?");
        user.sees("/ type to filter").await;
        user.operator.press_code(KeyCode::Esc);
        rig.change();
        user.sees("new-0").await;
        user.is_well(&rig.sim).await;
    })
    .await;
}

/// A reply with a list of tasks whose guids have 10 kB each.
fn long_list() -> &'static [u8] {
    let task = |nth: usize| Task {
        task_guid: format!("{}{nth:03}", "g".repeat(10_000)).into(),
        domain: "long".into(),
        state: 1,
        ..Task::default()
    };
    let body = TasksResponse { error: None, tasks: (0..200).map(task).collect() }.encode_to_vec();
    let mut head = PROTOBUF.to_owned();
    write!(head, "Content-Length: {}\r\n\r\n", body.len()).unwrap();
    Box::leak([head.as_bytes(), &body].concat().into_boxed_slice())
}

async fn long_guids(scenario: &Scenario) {
    let rig = Rig::start().await;
    rig.proxy.harm(LISTS, Harm::Replaced(long_list()));
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees_all(scenario.sees).await;
        user.operator.press("G");
        user.operator.enter();
        user.sees("Enter reveal or fold").await;
        user.operator.press_code(KeyCode::Esc);
        rig.proxy.mend();
        user.sees("task-00").await;
        // The row that had been selected would stay.
        user.operator.press("g");
        user.is_well(&rig.sim).await;
    })
    .await;
}
