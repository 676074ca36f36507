//! The hint of the first start.

use super::*;

fn first_start() -> Desk {
    let settings = Settings { welcome: true, ..Settings::default() };
    Desk { app: App::new(Target::default(), settings), ..Desk::new() }
}

#[test]
fn the_first_key_ends_the_hint_for_good_and_does_what_it_always_does() {
    let mut desk = first_start();
    desk.send(Msg::Tick);
    assert!(desk.app.shows_welcome(), "time alone does not end it");
    let effects = desk.press("?");
    assert!(matches!(desk.app.overlay(), Overlay::Help(_)));
    let [Effect::SaveState(saved)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(saved.has_seen("welcome"));
    assert!(!desk.app.shows_welcome());
    assert_eq!(desk.press("?"), [], "it is saved once");
}

#[test]
fn a_first_key_that_quits_saves_before() {
    let mut desk = first_start();
    desk.send(Msg::Tick);
    let effects = desk.press("q");
    assert!(matches!(effects.as_slice(), [Effect::SaveState(_), Effect::Quit]), "{effects:?}");
}

#[test]
fn a_later_start_has_no_hint_and_saves_nothing() {
    let mut desk = Desk::new();
    desk.send(Msg::Tick);
    assert!(!desk.app.shows_welcome());
    assert_eq!(desk.press("j"), []);
}
