//! The hint of the first start.

use super::*;

fn first_start() -> Harness {
    let settings = Settings { welcome: true, ..Settings::default() };
    Harness { app: App::new(Target::default(), settings), ..Harness::new() }
}

#[test]
fn the_first_key_ends_the_hint_for_good_and_does_what_it_always_does() {
    let mut harness = first_start();
    harness.send(Msg::Tick);
    assert!(harness.app.shows_welcome(), "time alone does not end it");
    let effects = harness.press("?");
    assert!(matches!(harness.app.overlay(), Overlay::Help(_)));
    let [Effect::SaveState(saved)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(saved.has_seen("welcome"));
    assert!(!harness.app.shows_welcome());
    assert_eq!(harness.press("?"), [], "it is saved once");
}

#[test]
fn a_first_key_that_quits_saves_before() {
    let mut harness = first_start();
    harness.send(Msg::Tick);
    let effects = harness.press("q");
    assert!(matches!(effects.as_slice(), [Effect::SaveState(_), Effect::Quit]), "{effects:?}");
}

#[test]
fn a_later_start_has_no_hint_and_saves_nothing() {
    let mut harness = Harness::new();
    harness.send(Msg::Tick);
    assert!(!harness.app.shows_welcome());
    assert_eq!(harness.press("j"), []);
}
