//! The mouse: what a click and the wheel do to what is under the pointer.

use super::*;

fn on(tasks: Vec<Task>) -> Harness {
    let mut harness = Harness::live(tasks);
    harness.send(Msg::Tick);
    let effects = harness.press(":mouse\n");
    assert!(effects.contains(&Effect::UseMouse(true)), "{effects:?}");
    harness
}

fn three() -> Vec<Task> {
    ["a", "b", "c"].map(|guid| task(guid, State::Running)).to_vec()
}

impl Harness {
    fn mouse(&mut self, action: MouseAction, pointed: Option<Pointed>) -> Vec<Effect> {
        self.send(Msg::Mouse(action, pointed, self.now.mono))
    }

    fn click(&mut self, pointed: Pointed) -> Vec<Effect> {
        self.mouse(MouseAction::Click, Some(pointed))
    }

    /// Returns the task in a row, as the pointer finds it.
    fn row(&self, at: usize) -> Pointed {
        Pointed::Task(self.app.rows_from(at).next().unwrap())
    }

    fn selected_guid(&self) -> &str {
        self.app.selected().unwrap().task.guid.as_str()
    }
}

#[test]
fn the_mouse_is_off_until_it_is_turned_on() {
    let mut harness = Harness::live(three());
    let second = harness.row(1);
    harness.click(second);
    assert_eq!(harness.app.selected_at(), 0, "it is the terminal's");
    harness.press(":mouse\n");
    harness.click(second);
    assert_eq!(harness.app.selected_at(), 1);
    assert!(harness.press(":mouse\n").contains(&Effect::UseMouse(false)));
    harness.click(harness.row(0));
    assert_eq!(harness.app.selected_at(), 1, "a report that was on its way");
    let settings = Settings { mouse: true, ..Settings::default() };
    assert!(App::new(Target::default(), settings).uses_mouse());
}

#[test]
fn a_click_selects_a_task_and_a_second_one_opens_it() {
    let mut harness = on(three());
    let second = harness.row(1);
    let guid = harness.app.row(1).unwrap().task.guid.clone();
    harness.click(second);
    assert_eq!((harness.selected_guid(), harness.app.detail().is_some()), (guid.as_str(), false));
    harness.click(second);
    assert_eq!(harness.app.detail().unwrap().of, guid);
    assert_eq!(harness.app.focus(), Pane::Detail);
    harness.click(second);
    assert_eq!(harness.app.focus(), Pane::Tasks, "the first click on another pane only goes there");
}

#[test]
fn a_click_is_about_the_task_that_was_seen_and_not_about_its_row() {
    let mut harness = on(three());
    let seen = harness.row(0);
    let guid = harness.app.row(0).unwrap().task.guid.clone();
    harness.click(Pointed::Title("guid"));
    harness.click(Pointed::Title("guid"));
    assert_ne!(harness.app.row(0).unwrap().task.guid, guid, "the rows have moved");
    harness.click(harness.row(1));
    harness.click(seen);
    assert_eq!(harness.selected_guid(), guid.as_str());
}

#[test]
fn a_click_on_a_title_sorts_and_another_one_reverses() {
    let mut harness = on(three());
    harness.click(Pointed::Title("state"));
    assert_eq!((harness.app.sort().column, harness.app.sort().reversed), ("state", false));
    harness.click(Pointed::Title("state"));
    assert_eq!((harness.app.sort().column, harness.app.sort().reversed), ("state", true));
    harness.click(Pointed::Title("state"));
    assert!(!harness.app.sort().reversed);
    assert_eq!(harness.app.focus(), Pane::Tasks);
}

#[test]
fn a_click_on_a_group_selects_it_and_a_second_one_filters() {
    let mut harness = on(three());
    let group = Pointed::Group(GroupPlace::Upper, 1);
    harness.click(group);
    assert_eq!(harness.app.focus(), Pane::Groups(GroupPlace::Upper));
    assert_eq!(harness.app.group_pane(GroupPlace::Upper).cursor_at(), 1);
    assert!(!harness.app.filter().is_active());
    harness.click(group);
    assert!(harness.app.filter().is_active());
}

#[test]
fn a_click_on_a_line_of_the_detail_moves_its_cursor() {
    let mut harness = on(three());
    harness.press("\n");
    assert_eq!(harness.click(Pointed::DetailLine(3)), []);
    assert_eq!(harness.app.detail().unwrap().cursor, 3);
    assert_eq!(harness.click(Pointed::DetailLine(3)), [Effect::ToggleUnderCursor]);
}

#[test]
fn the_wheel_scrolls_the_pane_under_the_pointer_and_leaves_the_focus() {
    let tasks: Vec<_> = (0..9).map(|nth| task(&format!("t{nth}"), State::Running)).collect();
    let mut harness = on(tasks);
    harness.press("\t");
    assert_eq!(harness.app.focus(), Pane::Groups(GroupPlace::Upper));
    let row = harness.row(5);
    for (action, at) in [(MouseAction::WheelDown, 3), (MouseAction::WheelDown, 6), (MouseAction::WheelUp, 3)]
    {
        harness.mouse(action, Some(row));
        assert_eq!(harness.app.selected_at(), at);
    }
    assert_eq!(harness.app.focus(), Pane::Groups(GroupPlace::Upper));
    harness.mouse(MouseAction::WheelUp, Some(Pointed::Pane(Pane::Events)));
    assert_eq!(harness.mouse(MouseAction::WheelDown, None), [], "beside all panes");
}

#[test]
fn no_click_answers_a_question() {
    let mut harness = on(three());
    harness.press("C");
    let pointed = [harness.row(0), harness.row(1), Pointed::Pane(Pane::Tasks), Pointed::Title("state")];
    for action in [MouseAction::Click, MouseAction::WheelUp, MouseAction::WheelDown] {
        for pointed in pointed.into_iter().map(Some).chain([None]) {
            harness.now = harness.now.plus(ANSWER_AFTER);
            let effects = harness.mouse(action, pointed);
            let acts = |effect: &Effect| matches!(effect, Effect::Session(_, SessionEffect::Act { .. }));
            assert!(!effects.iter().any(acts), "{effects:?}");
            assert!(matches!(harness.app.overlay(), Overlay::Confirm(_)), "{action:?} {pointed:?}");
        }
    }
    assert_eq!(harness.app.selected_at(), 0, "nor does it change what is behind the question");
}

#[test]
fn the_wheel_moves_through_lists() {
    let mut harness = on(three());
    harness.press("s");
    let Overlay::Sort(before) = *harness.app.overlay() else { panic!("the list is open") };
    harness.mouse(MouseAction::WheelDown, None);
    let Overlay::Sort(after) = *harness.app.overlay() else { panic!("the list is open") };
    assert_eq!(after.at, before.at + 1);
    harness.click(harness.row(1));
    assert!(matches!(harness.app.overlay(), Overlay::Sort(_)), "a click does not choose");
}
