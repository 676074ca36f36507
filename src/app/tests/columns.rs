//! Choosing the columns and the sort.

use super::*;
use crate::model::Cell;

fn harness() -> Harness {
    let rejected = |guid: &str, times| Task { rejection_count: times, ..task(guid, State::Pending) };
    Harness::live(vec![rejected("a", 1), rejected("b", 3), rejected("c", 2)])
}

fn order(harness: &Harness) -> Vec<String> {
    (0..3).filter_map(|at| harness.app.row(at)).map(|entry| entry.task.guid.to_string()).collect()
}

fn columns(harness: &Harness) -> Vec<&'static str> {
    harness.app.columns().visible().map(|choice| choice.key).collect()
}

fn press(harness: &mut Harness, code: KeyCode) -> Vec<Effect> {
    harness.send(Msg::Key(Key::plain(code), harness.now.mono))
}

#[test]
fn any_column_can_be_sorted_by_from_the_list() {
    let mut harness = harness();
    harness.press("s");
    assert!(matches!(harness.app.overlay(), Overlay::Sort(_)));
    // REASON, RESULT, REJECTED: letters go on to the next title.
    harness.press("rrrr");
    press(&mut harness, KeyCode::Enter);
    assert!(matches!(harness.app.overlay(), Overlay::None));
    assert!(columns(&harness).contains(&"rejections"), "its column is shown");
    assert_eq!(
        (harness.app.sort().column, order(&harness)),
        ("rejections", vec!["b".into(), "c".into(), "a".into()])
    );
    harness.press("sS");
    press(&mut harness, KeyCode::Enter);
    assert_eq!(order(&harness), ["a", "c", "b"], "the current column keeps its direction");
    harness.press("sj");
    press(&mut harness, KeyCode::Esc);
    assert_eq!(harness.app.sort().column, "rejections", "Esc changes nothing");
}

#[test]
fn the_sort_steps_through_the_visible_columns_in_both_directions() {
    let mut harness = harness();
    assert_eq!(harness.app.sort().column, "age");
    harness.press(">");
    assert_eq!(harness.app.sort().column, "in-state");
    harness.press("<<");
    assert_eq!(harness.app.sort().column, "app");
    harness.press(">S");
    assert!(harness.app.sort().reversed);
}

#[test]
fn columns_are_chosen_moved_widened_and_reset_while_the_table_shows_it() {
    let mut harness = harness();
    let before = columns(&harness);
    harness.press("c");
    assert!(matches!(harness.app.overlay(), Overlay::Columns(_)));
    // The second column: hidden, shown, moved to the front, widened.
    harness.press("j ");
    assert_eq!(columns(&harness), before.iter().copied().filter(|key| *key != "domain").collect::<Vec<_>>());
    harness.press(" K++-");
    assert_eq!(columns(&harness)[..2], ["domain", "guid"]);
    assert_eq!(harness.app.columns().choices()[0].extra, 2);
    press(&mut harness, KeyCode::ShiftDown);
    assert_eq!(columns(&harness)[..2], ["guid", "domain"]);
    let copied = harness.press("y");
    let line = "columns = [\"guid\", \"domain+2\", \"state\", \"cell\", \"app?\", \"age\", \"in-state\", \"reason\"]";
    let what = "the line for [dashboard] in the configuration".to_owned();
    assert_eq!(copied, [Effect::Copy(ToCopy { what, content: CopyContent::Text(line.to_owned()) })]);
    harness.press("r");
    assert_eq!((columns(&harness), harness.app.columns().choices()[1].extra), (before, 0));
    press(&mut harness, KeyCode::Enter);
    assert!(matches!(harness.app.overlay(), Overlay::None));
    assert_eq!(order(&harness).len(), 3);
}

#[test]
fn a_wide_table_scrolls_and_no_further_than_it_is_wide() {
    let mut harness = harness();
    let before = columns(&harness).len();
    harness.press("w");
    assert!(harness.app.columns().is_wide() && columns(&harness).len() > before);
    for code in [KeyCode::Right, KeyCode::Right, KeyCode::Right, KeyCode::Left] {
        press(&mut harness, code);
    }
    assert_eq!(harness.app.columns().scroll(), 2);
    harness.app.limit_column_scroll(1);
    press(&mut harness, KeyCode::Left);
    assert_eq!(harness.app.columns().scroll(), 0, "a key is answered at once after the end");
    press(&mut harness, KeyCode::Right);
    harness.press("w");
    assert_eq!((harness.app.columns().is_wide(), harness.app.columns().scroll()), (false, 0));
}

#[test]
fn shift_changes_an_arrow_only_where_it_moves_columns() {
    let mut harness = harness();
    press(&mut harness, KeyCode::ShiftDown);
    assert_eq!(harness.app.selected_at(), 1);
    press(&mut harness, KeyCode::ShiftUp);
    assert_eq!(harness.app.selected_at(), 0);
}

#[test]
fn rows_are_sorted_by_zone_as_soon_as_the_zones_are_known() {
    let on = |guid: &str, cell: &str| Task { cell: Some(CellId::from(cell)), ..task(guid, State::Running) };
    let mut harness = Harness::live(vec![on("a", "cell-1"), on("b", "cell-2"), on("c", "cell-3")]);
    harness.press("sz");
    press(&mut harness, KeyCode::Enter);
    assert_eq!(order(&harness), ["a", "b", "c"], "by guid as long as no zone is known");
    let cell = |id: &str, zone: &str| Cell { zone: zone.into(), ..presence::cell(id) };
    harness.send(SessionMsg::Cells(Ok(vec![cell("cell-1", "z2"), cell("cell-3", "z1")])));
    harness.app.before_frame();
    assert_eq!(order(&harness), ["c", "a", "b"], "no zone is last");
    harness.send(SessionMsg::Cells(Ok(vec![cell("cell-3", "z1")])));
    harness.app.before_frame();
    assert_eq!(order(&harness), ["c", "a", "b"], "a cell that is gone keeps its zone");
}
