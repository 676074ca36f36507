//! The history of views, and the last view of each target, over restarts.

use super::looking::mixed;
use super::*;
use crate::state::SavedView;

/// Returns the name of the view on the screen, and of those before and after it.
fn trail(harness: &Harness) -> String {
    let (views, at) = harness.app.view_history().all();
    let names: Vec<_> = views.iter().map(|view| view.name()).collect();
    format!("{} @{at}", names.join(" > "))
}

/// What a state saved, as the next run loads it.
fn saved(effects: &[Effect]) -> Option<SavedState> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::SaveState(state) => Some(state.clone()),
        _ => None,
    })
}

fn prod() -> Target {
    Target { name: Some("prod".into()), url: "https://prod:8889".into(), ..Target::default() }
}

fn on(target: Target, settings: Settings) -> Harness {
    let mut harness = Harness::with(target.clone());
    harness.app = App::new(target, settings);
    harness.go_live(mixed());
    harness
}

fn restarted(target: Target, saved: SavedState) -> Harness {
    on(target, Settings { saved, ..Settings::default() })
}

/// Presses keys on a target, quits, and returns what is saved by then.
fn left(target: &Target, keys: &str) -> SavedState {
    let mut harness = on(target.clone(), Settings::default());
    harness.press(keys);
    let effects = harness.press_key(Key::ctrl('c'));
    assert_eq!(effects.last(), Some(&Effect::Quit), "saved before the end");
    saved(&effects).unwrap_or_default()
}

#[test]
fn moves_are_recorded_and_led_back_and_forward() {
    let mut harness = Harness::live(mixed());
    harness.press("/memory\n:failed\nv");
    assert_eq!(trail(&harness), "held > /memory > failed /memory > domains @3");
    harness.press("[");
    assert!(!harness.app.main_groups_open());
    assert_eq!(harness.app.focus(), Pane::Tasks);
    harness.press("[[");
    assert_eq!((harness.guids().len(), harness.app.filter().scope), (4, Scope::Live));
    harness.press("[");
    assert_eq!(harness.notice(), "There is no previous view");
    harness.press("]");
    assert_eq!(harness.guids(), ["d"]);
    harness.press("]]");
    assert!(harness.app.main_groups_open());
    harness.press("]");
    assert_eq!(harness.notice(), "There is no next view");
    harness.press("[[3");
    assert_eq!(trail(&harness), "held > /memory > ended /memory @2", "a new view drops what was ahead");
}

#[test]
fn letters_of_a_prompt_and_movements_are_no_moves() {
    let mut harness = Harness::live(mixed());
    harness.press("jjk/mem");
    assert_eq!(trail(&harness), "held @0");
    harness.press("\u{1b}\tj\t?\u{1b}:x\u{1b}\u{1b}");
    assert_eq!(trail(&harness), "held @0");
    harness.press("/mem\n/ory\n");
    assert_eq!(trail(&harness), "held > /mem > /memory @2");
    harness.press(">>>S");
    assert_eq!(trail(&harness), "held > /mem > /memory > /memory @3", "sorting is one move");
    harness.press("[");
    assert_eq!((harness.app.sort().column, harness.app.sort().reversed), ("age", false));
}

#[test]
fn going_back_returns_to_the_task_that_was_selected() {
    let mut harness = Harness::live(mixed());
    harness.press("jj");
    assert_eq!(harness.selected(), "c");
    harness.press("/memory\n");
    assert_eq!(harness.selected(), "d");
    harness.press("[");
    assert_eq!(harness.selected(), "c");
    harness.press("k]");
    assert_eq!(harness.selected(), "d");
    harness.press("[");
    assert_eq!(harness.selected(), "b", "it is the one that was selected last");
}

#[test]
fn a_selected_task_that_is_gone_leaves_the_cursor_in_its_row() {
    let mut harness = Harness::new();
    let stream = harness.go_live(mixed());
    harness.press("j/memory\n");
    let gone = StreamItem::Event(TaskEvent::Removed(task("b", State::Running)));
    harness.send(SessionMsg::StreamItems(stream, vec![gone]));
    harness.press("[");
    assert_eq!(harness.guids(), ["a", "c", "d"]);
    assert!(!harness.selected().is_empty());
}

#[test]
fn without_a_stream_a_step_requests_a_list_for_its_filter() {
    let mut harness = Harness::polling(mixed());
    let domain = |effects: &[Effect]| {
        let listed = effects.iter().find_map(|effect| match effect {
            Effect::Session(_, SessionEffect::List { filter, .. }) => Some(filter.domain.clone()),
            _ => None,
        });
        listed.unwrap_or_else(|| panic!("no list: {effects:?}"))
    };
    let effects = harness.press(":domain batch\n");
    assert_eq!(domain(&effects), Some(Domain::from("batch")));
    harness.list(mark_of(&effects).unwrap(), mixed());
    assert_eq!(domain(&harness.press("[")), None);
}

#[test]
fn a_jump_to_a_task_can_be_taken_back() {
    let mut harness = Harness::live(mixed());
    harness.press("/memory\n");
    harness.press_key(Key::ctrl('p'));
    harness.press("a\n");
    assert_eq!((harness.selected(), trail(&harness).as_str()), ("a", "held > /memory > held @2"));
    harness.press("[");
    assert_eq!(harness.guids(), ["d"]);
}

#[test]
fn sessions_have_their_own_history() {
    let mut harness = Harness::live(mixed());
    harness.press(":failed\nv");
    let other = harness.open_session(prod());
    harness.app.show_session(other, harness.now);
    assert_eq!((trail(&harness).as_str(), harness.app.main_groups_open()), ("held @0", false));
    harness.press("3");
    assert_eq!(trail(&harness), "held > ended @1");
    harness.app.show_session(FIRST, harness.now);
    assert_eq!(
        (trail(&harness).as_str(), harness.app.main_groups_open()),
        ("held > failed > domains @2", true)
    );
}

#[test]
fn the_last_view_of_a_target_comes_back_and_is_said() {
    let state = left(&prod(), ":domain batch\n/memory\n:failed\n:sort guid desc\n");
    let mut harness = restarted(prod(), state);
    assert_eq!(
        harness.notice(),
        "Restored the last view of prod: failed tasks, domain batch, /memory, sorted by guid in reverse. \
         x clears the filter."
    );
    assert_eq!(harness.guids(), ["d"]);
    assert_eq!((harness.app.sort().column, harness.app.sort().reversed), ("guid", true));
    assert_eq!(trail(&harness), "failed batch /memory @0", "the history begins with it");
    harness.press("x");
    assert_eq!(harness.app.filter().scope, Scope::Failed);
    assert!(!harness.app.filter().is_active());
}

#[test]
fn a_group_comes_back_with_its_name_and_groups_in_the_main_view() {
    let app = |name: &str| crate::model::Entity { guid: format!("{name}-guid"), name: name.to_owned() };
    let ownership = crate::model::Ownership { app: app("shop"), ..crate::model::Ownership::default() };
    let mut harness = Harness::with(prod());
    harness.go_live(vec![Task { owner: crate::model::Owner::new(ownership), ..task("a", State::Running) }]);
    harness.press(":app shop\n:groups space\n");
    let state = saved(&harness.press_key(Key::ctrl('c'))).unwrap();
    let parsed = SavedState::parse(&state.to_text().unwrap()).unwrap();
    let harness = restarted(prod(), parsed);
    let chosen = harness.app.filter().groups.get(GroupKey::App).unwrap();
    assert_eq!((chosen.id(), chosen.label()), ("shop-guid", "shop"));
    assert_eq!(harness.app.group_pane(GroupPlace::Main).key(), GroupKey::Space);
    assert_eq!(harness.app.focus(), Pane::Groups(GroupPlace::Main));
    assert!(
        harness.notice().starts_with("Restored the last view of prod: spaces, app shop."),
        "{}",
        harness.notice()
    );
}

#[test]
fn each_target_has_its_own_and_the_demo_has_none() {
    let state = left(&prod(), ":failed\n");
    let url_only = Target { url: "https://other:8889".into(), ..Target::default() };
    let harness = restarted(url_only, state.clone());
    assert_eq!((harness.app.filter().scope, harness.notice()), (Scope::Live, ""));
    let demo = Target { url: "http://127.0.0.1:1".into(), simulated: true, ..Target::default() };
    assert_eq!(left(&demo, ":failed\n"), SavedState::default());
    let mut as_demo = SavedState::default();
    as_demo.add_view(SavedView { target: demo.url.clone(), tasks: "failed".into(), ..SavedView::default() });
    assert_eq!(restarted(demo, as_demo).app.filter().scope, Scope::Live);
    let mut harness = restarted(Target::default(), state);
    let prod = harness.open_session(prod());
    harness.app.show_session(prod, harness.now);
    assert_eq!(harness.app.filter().scope, Scope::Failed, "also if its session is opened later");
}

#[test]
fn a_changed_view_is_saved_within_seconds_and_once() {
    let mut harness = on(prod(), Settings::default());
    assert_eq!(saved(&harness.press("3>>S")), None, "not at each key");
    let is_save = |effect: &Effect| matches!(effect, Effect::SaveState(_));
    let (after, effect) = harness.until(is_save).unwrap();
    assert!(after <= Duration::from_secs(3), "{after:?}");
    let Effect::SaveState(mut state) = effect else { unreachable!() };
    assert_eq!(state.take_views().len(), 1);
    assert!(harness.until(is_save).is_none(), "nothing changed since then");
    assert_eq!(saved(&harness.press_key(Key::ctrl('c'))), None);
}

#[test]
fn a_view_that_was_left_alone_is_not_saved_and_the_plain_one_is_not_announced() {
    assert_eq!(left(&prod(), "jj:q x\u{1b}"), SavedState::default());
    let plain = left(&prod(), "21");
    let harness = restarted(prod(), plain);
    assert_eq!((harness.app.filter().scope, harness.notice()), (Scope::Live, ""));
}

#[test]
fn a_filter_of_the_start_and_the_configuration_keep_the_last_view_away() {
    let state = left(&prod(), ":failed\n");
    let terms = crate::filter::Filter::parse("state:running").unwrap();
    let filter = Filter { terms, ..Filter::default() };
    let harness = on(prod(), Settings { saved: state.clone(), filter, ..Settings::default() });
    assert_eq!((harness.app.filter().scope, harness.notice()), (Scope::Live, ""));
    let harness = on(prod(), Settings { saved: state, restore_view: false, ..Settings::default() });
    assert_eq!((harness.app.filter().scope, harness.notice()), (Scope::Live, ""));
}

#[test]
fn what_can_no_longer_be_restored_is_said_and_dropped() {
    let text = "[[views]]\ntarget = \"prod\"\ntasks = \"failed\"\nfilter = \"state:nowhere\"\nsort = \"-size\"\n\
                grouped_by = \"colour\"\n[[views.groups]]\nby = \"planet\"\nid = \"mars\"\n";
    let harness = restarted(prod(), SavedState::parse(text).unwrap());
    assert_eq!((harness.app.filter().scope, harness.app.filter().is_active()), (Scope::Failed, false));
    assert!(!harness.app.main_groups_open());
    let notice = harness.notice();
    for part in [
        "Restored the last view of prod: failed tasks.",
        "Part of the last view of prod could not be restored.",
        "Unknown sort \"-size\".",
        "Unknown property \"colour\".",
        "Unknown property \"planet\".",
        "The filter /state:nowhere is no longer valid: Unknown state \"nowhere\"",
    ] {
        assert!(notice.contains(part), "{part}: {notice}");
    }
}

#[test]
fn a_warning_of_the_start_is_not_hidden_by_the_restored_view() {
    let saved = left(&prod(), ":failed\n");
    let warning = Some("Could not write the log".to_owned());
    let harness = on(prod(), Settings { saved, warning, ..Settings::default() });
    assert_eq!(harness.notice(), "Could not write the log");
}

#[test]
fn a_view_and_a_command_in_one_burst_meet_the_rows_of_that_view() {
    let mut harness = Harness::new();
    let stream = harness.go_live(mixed());
    let shown = harness.selected().to_owned();
    let last = StreamItem::Event(TaskEvent::Removed(task("gone", State::Resolving)));
    harness.send(SessionMsg::StreamItems(stream, vec![last]));
    assert_eq!(harness.selected(), shown);
    // No frame is drawn in between.
    for key in [Key::char('3'), Key::plain(KeyCode::Enter)] {
        harness.app.update(Msg::Key(key, harness.now.mono), harness.now);
    }
    assert_eq!(harness.app.detail_entry().unwrap().task.guid.as_str(), "gone");
}
