//! Ended tasks among the held ones, and gaps in the event pane and in the detail.

use std::time::Duration;

use insta::assert_snapshot;
use ratatui::style::Modifier;

use super::scenes::{live, noon, press, task};
use super::*;
use crate::app::{Effect, Msg, SessionEffect, SessionMsg};
use crate::model::recording::WriteCall;
use crate::model::{RequestId, State, StreamItem, Task, TaskEvent, TaskFilter};

fn tell(app: &mut App, msg: SessionMsg, now: Now) -> Vec<Effect> {
    let effects = app.update(Msg::Session(app.shown_session(), msg), now);
    app.before_frame();
    effects
}

fn removed(last: Task) -> StreamItem {
    StreamItem::Event(TaskEvent::Removed(Task { updated_at: noon().wall, ..last }))
}

fn later(seconds: u64) -> Now {
    noon().plus(Duration::from_secs(seconds))
}

/// Tasks that ended in every way: four by events, and two in a gap.
fn ended() -> App {
    let running: Vec<_> =
        (1..9).zip(0..).map(|(nth, at)| task(nth, State::Running, 600 + 60 * at, 90)).collect();
    let (mut app, stream) = live(running.clone());
    press(&mut app, "G");
    let last = |nth: usize| Task { cell: None, state: State::Resolving, ..running[nth].clone() };
    let by_callback = |task: Task| Task { definition: task.definition.clone().with_callback(true), ..task };
    let failed = |task: Task, why: &str| Task { failed: true, failure_reason: why.into(), ..task };
    let items = vec![
        removed(by_callback(last(0))),
        removed(by_callback(failed(last(1), "task was cancelled"))),
        removed(failed(last(2), "cell disappeared before completion")),
        removed(Task { state: State::Completed, ..last(3) }),
    ];
    tell(&mut app, SessionMsg::StreamItems(stream, items), noon());
    let effects = tell(&mut app, SessionMsg::StreamEnded(stream, None), later(3));
    let stream = effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::Subscribe { stream }) => Some(*stream),
        _ => None,
    });
    let effects = tell(&mut app, SessionMsg::StreamOpened(stream.unwrap()), later(5));
    let mark = effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::List { mark, .. }) => Some(*mark),
        _ => None,
    });
    let (mark, received) = (mark.unwrap(), 900);
    let tasks = vec![running[6].clone(), running[7].clone(), task(20, State::Pending, 3, 3)];
    tell(&mut app, SessionMsg::ListPart { mark, tasks, received }, later(6));
    tell(&mut app, SessionMsg::ListDone { mark, filter: TaskFilter::default(), received }, later(6));
    app
}

#[test]
fn ended_tasks_stand_dimmed_among_the_held_ones_with_the_word_for_their_cause() {
    let app = ended();
    for (name, size) in [("ended_usual", USUAL), ("ended_large", LARGE)] {
        assert_snapshot!(name, drawn(&app, later(7), size));
    }
    for colours in [Colours::Full, Colours::None] {
        let buf = frame(&app, &mut UiState::new(colours), later(7), USUAL);
        let drawn = text(&buf);
        let lines = drawn.lines().zip(0_u16..);
        let is_dimmed = |y: u16| buf[(20, y)].modifier.contains(Modifier::DIM);
        let rows: Vec<_> = lines.filter(|(line, _)| line.starts_with("0000000")).collect();
        let ended = ["callback", "cancelled", "cell-gone", "expired", "vanished"];
        for (line, y) in rows {
            let has_ended = ended.iter().any(|word| line.contains(word));
            if !line.contains("00000008") {
                assert_eq!(is_dimmed(y), has_ended, "{line}");
            }
        }
    }
    assert!(drawn(&app, later(7), USUAL).contains("3/3 held + 6 ended"));
}

#[test]
fn the_view_of_ended_tasks_dims_nothing() {
    let mut app = ended();
    press(&mut app, "3");
    let buf = frame(&app, &mut UiState::new(Colours::Full), later(7), USUAL);
    let row = text(&buf).lines().position(|line| line.contains("cancelled")).unwrap();
    assert!(!buf[(30, u16::try_from(row).unwrap())].modifier.contains(Modifier::DIM));
}

#[test]
fn the_detail_says_why_and_how_a_task_ended_and_which_events_may_be_lost() {
    let mut app = ended();
    press(&mut app, "3");
    let mut detail = |keys: &str| {
        press(&mut app, keys);
        drawn(&app, later(7), LARGE)
    };
    assert_snapshot!("ended_detail_gap", detail("/vanished\nx/cause:van\ng\n"));
    assert_snapshot!("ended_timeline_gap", detail("l"));
    assert_snapshot!("ended_detail_cancelled", detail("qx/cause:canc\ng\n"));
}

#[test]
fn the_detail_has_the_request_of_our_delete() {
    let (mut app, stream) = live(vec![task(1, State::Resolving, 60, 5)]);
    press(&mut app, "Dy");
    let (guid, step) = (task(1, State::Resolving, 60, 5).guid, crate::model::lifecycle::Step::Delete);
    let request = RequestId(0x0123_4567_89ab_cdef);
    tell(&mut app, SessionMsg::Requested { guid, call: WriteCall::Step(step), request }, noon());
    let items = vec![removed(task(1, State::Resolving, 60, 5))];
    tell(&mut app, SessionMsg::StreamItems(stream, items), noon());
    press(&mut app, "\n");
    let drawn = drawn(&app, noon(), HUGE);
    assert!(line_with(&drawn, "ended  ").contains("you deleted it, from this dashboard, request"), "{drawn}");
    assert!(drawn.contains("00000000000000000123456789abcdef"), "{drawn}");
}
