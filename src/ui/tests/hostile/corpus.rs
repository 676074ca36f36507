//! Each hostile text in every text of a task, in every pane, dialog and notice.

use super::super::scenes::{cell, complete, live, noon, press, task};
use super::super::*;
use super::check_at;
use crate::app::{Msg, SessionMsg};
use crate::model::{Entity, Owner, Ownership, State, StreamItem, Task, TaskEvent};
use crate::present::sanitise::corpus;

/// The keys that lead to the panes and dialogs: tables, detail, timeline, groups, failures, rejections, pulse, columns, copy menu,
/// questions, help and finder.
const PLACES: [&str; 19] =
    ["", "\n", "l", "\t", "\t\t", "w", "v", "2", "2→", "2f", "3", "4", "c", "y", "C", "D", "VjC", "?", "a"];
const SIZES: [(u16, u16); 2] = [(33, 9), (160, 48)];

fn hostile(text: &str, nth: usize, state: State) -> Task {
    let entity = || Entity { guid: text.to_owned(), name: text.to_owned() };
    Task {
        guid: format!("{text}{nth}").as_str().into(),
        domain: text.into(),
        cell: (state == State::Running).then(|| text.into()),
        failed: state == State::Completed,
        failure_reason: text.into(),
        rejection_reason: text.into(),
        rejection_count: 1,
        result: text.into(),
        owner: Owner::new(Ownership { app: entity(), space: entity(), org: entity() }),
        ..task(nth, state, 100, 50)
    }
}

fn app_of(text: &str) -> App {
    let states = [State::Pending, State::Running, State::Completed, State::Resolving];
    let tasks: Vec<_> = (0..).zip(states).map(|(nth, state)| hostile(text, nth, state)).collect();
    let (mut app, stream) = live(tasks);
    let session = app.shown_session();
    app.update(Msg::Session(session, SessionMsg::Cells(Ok(vec![cell(text)]))), noon());
    app.update(Msg::Session(session, SessionMsg::Domains(Ok(vec![text.into()]))), noon());
    let rejected = hostile(text, 7, State::Pending);
    let before = Task { rejection_count: 0, ..rejected.clone() };
    let event = TaskEvent::Changed { before: Box::new(before), after: Box::new(rejected) };
    app.update(
        Msg::Session(session, SessionMsg::StreamItems(stream, vec![StreamItem::Event(event)])),
        noon(),
    );
    complete(&mut app, stream, hostile(text, 1, State::Running));
    app.update(Msg::Note(text.to_owned()), noon());
    app.before_frame();
    app
}

#[test]
fn no_text_of_the_corpus_leaves_its_cells() {
    for (name, text) in corpus::hostile() {
        // A megabyte takes its time without optimization.
        let (places, sizes) =
            if name == "long" { (&["\n", "2→", "4"][..], &SIZES[1..2]) } else { (&PLACES[..], &SIZES[..]) };
        for keys in places {
            let mut app = app_of(&text);
            press(&mut app, keys);
            for size in sizes {
                check_at(&app, &format!("{name} {keys}"), *size);
            }
        }
    }
}
