//! The side panes: counts, presence and explanations.

use insta::assert_snapshot;

use super::scenes::{cell, live, mixed, noon, press, target, task};
use super::*;
use crate::app::SessionMsg;
use crate::model::{Call, Fault, FaultKind, RefusedType, State};

#[test]
fn focused_side_panes_stand_beside_a_narrow_table() {
    let (mut app, _) = live(mixed());
    press(&mut app, "\tj\n");
    assert_snapshot!("domains_usual", drawn(&app, noon(), USUAL));
}

#[test]
fn every_state_keeps_its_column() {
    let running = || (0..30).map(|nth| task(nth, State::Running, 90, 30)).collect();
    for (width, wanted) in [(120, "pend  run comp fail"), (160, "pend  run comp reso fail")] {
        for tasks in [mixed(), running()] {
            let (app, _) = live(tasks);
            let drawn = drawn(&app, noon(), (width, 40));
            assert_eq!(drawn.matches(wanted).count(), 2, "{drawn}");
        }
    }
}

#[test]
fn unknown_presence_shows_a_warning_and_no_sign() {
    let (mut app, _) = live(mixed());
    let seen = drawn(&app, noon(), LARGE);
    assert!(seen.contains("~ cell-2"), "{seen}");
    let away = |call| {
        let message = "Get \"https://locket.service.cf.internal:8891\": connection refused".into();
        let kind = FaultKind::Refused { kind: RefusedType::UNKNOWN, message };
        Fault { call, target: target().url, request: None, kind }
    };
    app.update(Msg::Session(app.shown_session(), SessionMsg::Cells(Err(away(Call::Cells)))), noon());
    app.update(Msg::Session(app.shown_session(), SessionMsg::Domains(Err(away(Call::Domains)))), noon());
    let unknown = drawn(&app, noon(), LARGE);
    assert!(!unknown.contains('~'), "{unknown}");
    for words in ["Presence unknown since 12:00:00: the", "Freshness unknown since 12:00:00: the", "refused"]
    {
        assert!(unknown.contains(words), "{words}: {unknown}");
    }
    assert_snapshot!("presence_unknown", unknown);
}

#[test]
fn domain_that_is_not_fresh_is_no_warning_and_is_explained_when_selected() {
    let (mut app, _) = live(mixed());
    let buf = frame(&app, &mut UiState::new(Colours::Full), noon(), LARGE);
    let drawn_now = text(&buf);
    let y = drawn_now.lines().position(|line| line.contains("~ cf-apps")).unwrap();
    let warned = Theme::of(&app, Colours::Full).tone(crate::present::Tone::Warn).fg;
    let name = (2..9).map(|x| buf[(x, u16::try_from(y).unwrap())].style().fg);
    assert!(warned.is_some() && name.into_iter().all(|fg| fg != warned), "not in a warning's colour");
    press(&mut app, "\tj");
    for size in [USUAL, LARGE] {
        let drawn = drawn(&app, noon(), size).replace('\n', " ");
        assert!(drawn.contains("No client keeps domain cf-apps-staging fresh. Tasks are not"), "{drawn}");
        assert!(drawn.contains("keeps only cf-tasks fresh."), "{drawn}");
    }
    press(&mut app, "\tjjj");
    let drawn = drawn(&app, noon(), LARGE);
    assert!(line_with(&drawn, "Cell cell-2").contains("is not present"), "{drawn}");
}

#[test]
fn zone_is_shown_whole_or_not_at_all() {
    let (mut app, _) = live(mixed());
    let long = "cell-of-some-availability-zone";
    app.update(
        Msg::Session(app.shown_session(), SessionMsg::Cells(Ok(vec![cell("cell-0"), cell(long)]))),
        noon(),
    );
    app.before_frame();
    for (width, is_whole) in [(120, false), (160, true)] {
        let drawn = drawn(&app, noon(), (width, 40));
        assert!(drawn.contains("  cell-0 z1"), "{drawn}");
        assert_eq!(drawn.contains(&format!("{long} z1")), is_whole, "{drawn}");
        assert_eq!(
            drawn.matches(" z1").count(),
            2 + usize::from(is_whole),
            "also that of the cell that is gone: {drawn}"
        );
    }
}
