//! Choosing the columns and the sort.

use super::*;
use crate::model::Cell;

fn desk() -> Desk {
    let rejected = |guid: &str, times| Task { rejection_count: times, ..task(guid, State::Pending) };
    Desk::live(vec![rejected("a", 1), rejected("b", 3), rejected("c", 2)])
}

fn order(desk: &Desk) -> Vec<String> {
    (0..3).filter_map(|at| desk.app.row(at)).map(|entry| entry.task.guid.to_string()).collect()
}

fn columns(desk: &Desk) -> Vec<&'static str> {
    desk.app.columns().visible().map(|choice| choice.key).collect()
}

fn press(desk: &mut Desk, code: KeyCode) -> Vec<Effect> {
    desk.send(Msg::Key(Key::plain(code), desk.now.mono))
}

#[test]
fn any_column_can_be_sorted_by_from_the_list() {
    let mut desk = desk();
    desk.press("s");
    assert!(matches!(desk.app.overlay(), Overlay::Sort(_)));
    // REASON, RESULT, REJECTED: letters go on to the next title.
    desk.press("rrrr");
    press(&mut desk, KeyCode::Enter);
    assert!(matches!(desk.app.overlay(), Overlay::None));
    assert!(columns(&desk).contains(&"rejections"), "its column is shown");
    assert_eq!(
        (desk.app.sort().column, order(&desk)),
        ("rejections", vec!["b".into(), "c".into(), "a".into()])
    );
    desk.press("sS");
    press(&mut desk, KeyCode::Enter);
    assert_eq!(order(&desk), ["a", "c", "b"], "the current column keeps its direction");
    desk.press("sj");
    press(&mut desk, KeyCode::Esc);
    assert_eq!(desk.app.sort().column, "rejections", "Esc changes nothing");
}

#[test]
fn the_sort_steps_through_the_visible_columns_in_both_directions() {
    let mut desk = desk();
    assert_eq!(desk.app.sort().column, "age");
    desk.press(">");
    assert_eq!(desk.app.sort().column, "in-state");
    desk.press("<<");
    assert_eq!(desk.app.sort().column, "app");
    desk.press(">S");
    assert!(desk.app.sort().reversed);
}

#[test]
fn columns_are_chosen_moved_widened_and_reset_while_the_table_shows_it() {
    let mut desk = desk();
    let before = columns(&desk);
    desk.press("c");
    assert!(matches!(desk.app.overlay(), Overlay::Columns(_)));
    // The second column: hidden, shown, moved to the front, widened.
    desk.press("j ");
    assert_eq!(columns(&desk), before.iter().copied().filter(|key| *key != "domain").collect::<Vec<_>>());
    desk.press(" K++-");
    assert_eq!(columns(&desk)[..2], ["domain", "guid"]);
    assert_eq!(desk.app.columns().choices()[0].extra, 2);
    press(&mut desk, KeyCode::ShiftDown);
    assert_eq!(columns(&desk)[..2], ["guid", "domain"]);
    let copied = desk.press("y");
    let line = "columns = [\"guid\", \"domain+2\", \"state\", \"cell\", \"app?\", \"age\", \"in-state\", \"reason\"]";
    assert!(matches!(copied.as_slice(), [Effect::Copy(text)] if text == line));
    desk.press("r");
    assert_eq!((columns(&desk), desk.app.columns().choices()[1].extra), (before, 0));
    press(&mut desk, KeyCode::Enter);
    assert!(matches!(desk.app.overlay(), Overlay::None));
    assert_eq!(order(&desk).len(), 3);
}

#[test]
fn a_wide_table_scrolls_and_no_further_than_it_is_wide() {
    let mut desk = desk();
    let before = columns(&desk).len();
    desk.press("w");
    assert!(desk.app.columns().is_wide() && columns(&desk).len() > before);
    for code in [KeyCode::Right, KeyCode::Right, KeyCode::Right, KeyCode::Left] {
        press(&mut desk, code);
    }
    assert_eq!(desk.app.columns().scroll(), 2);
    desk.app.limit_column_scroll(1);
    press(&mut desk, KeyCode::Left);
    assert_eq!(desk.app.columns().scroll(), 0, "a key is answered at once after the end");
    press(&mut desk, KeyCode::Right);
    desk.press("w");
    assert_eq!((desk.app.columns().is_wide(), desk.app.columns().scroll()), (false, 0));
}

#[test]
fn shift_changes_an_arrow_only_where_it_moves_columns() {
    let mut desk = desk();
    press(&mut desk, KeyCode::ShiftDown);
    assert_eq!(desk.app.selected_at(), 1);
    press(&mut desk, KeyCode::ShiftUp);
    assert_eq!(desk.app.selected_at(), 0);
}

#[test]
fn rows_are_sorted_by_zone_as_soon_as_the_zones_are_known() {
    let on = |guid: &str, cell: &str| Task { cell: Some(CellId::from(cell)), ..task(guid, State::Running) };
    let mut desk = Desk::live(vec![on("a", "cell-1"), on("b", "cell-2"), on("c", "cell-3")]);
    desk.press("sz");
    press(&mut desk, KeyCode::Enter);
    assert_eq!(order(&desk), ["a", "b", "c"], "by guid as long as no zone is known");
    let cell = |id: &str, zone: &str| Cell { zone: zone.into(), ..presence::cell(id) };
    desk.send(SessionMsg::Cells(Ok(vec![cell("cell-1", "z2"), cell("cell-3", "z1")])));
    desk.app.before_frame();
    assert_eq!(order(&desk), ["c", "a", "b"], "no zone is last");
    desk.send(SessionMsg::Cells(Ok(vec![cell("cell-3", "z1")])));
    desk.app.before_frame();
    assert_eq!(order(&desk), ["c", "a", "b"], "a cell that is gone keeps its zone");
}
