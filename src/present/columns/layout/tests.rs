use std::collections::HashSet;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::super::super::task_state::tests::task;
use super::super::{COLUMNS, RowFacts, find, shown};
use super::*;
use crate::model::{CellId, Domain, State, Task, TaskGuid, TaskText, Timestamp};

const GUID: &str = "467008c7-b209-43fe-8401-d5dc041dd977";

fn room(width: u16) -> Room<'static> {
    Room { width, gap: 1, times: Times::Age, sorted: "age", wide: false, scroll: 0 }
}

fn usual() -> Vec<Chosen> {
    shown().map(|column| Chosen { column, extra: 0, if_room: false }).collect()
}

fn all() -> Vec<Chosen> {
    COLUMNS.iter().map(|column| Chosen { column, extra: 0, if_room: false }).collect()
}

#[derive(Debug, Clone, Copy, Default)]
struct Row<'a> {
    guid: &'a str,
    domain: &'a str,
    cell: &'a str,
    reason: &'a str,
}

fn see(contents: &mut Contents, row: Row<'_>) {
    let now = Timestamp::from_nanos(1);
    let task = Task {
        guid: TaskGuid::from(row.guid),
        domain: Domain::from(row.domain),
        failure_reason: TaskText::from(row.reason),
        result: TaskText::from(row.reason),
        ..task(State::Completed, now)
    };
    let cell = CellId::from(row.cell);
    let facts = RowFacts { cell: Some(&cell), zone: row.domain, ..RowFacts::of(&task, now) };
    contents.add(&all(), std::iter::once(facts));
}

fn seen(row: Row<'_>) -> Contents {
    let mut contents = Contents::default();
    see(&mut contents, row);
    contents
}

fn keys(arrangement: &Arrangement) -> Vec<&'static str> {
    arrangement.placed.iter().map(|placed| placed.column.key).collect()
}

fn width(contents: &Contents, width: u16, key: &str) -> u16 {
    let arrangement = arrange(&usual(), &room(width), contents);
    arrangement.placed.iter().find(|placed| placed.column.key == key).map_or(0, |placed| placed.width)
}

#[test]
fn a_narrow_screen_drops_the_least_and_marks_it() {
    let at = |width| {
        let arrangement = arrange(&usual(), &room(width), &Contents::default());
        (keys(&arrangement), arrangement.right_mark)
    };
    let all = vec!["guid", "domain", "state", "cell", "age", "in-state", "reason"];
    assert_eq!(at(120), (all.clone(), None));
    assert_eq!(at(72), (all, None));
    assert_eq!(at(71), (vec!["guid", "domain", "state", "age", "in-state", "reason"], Some(70)));
    assert_eq!(at(56), (vec!["guid", "state", "age", "in-state", "reason"], Some(55)));
    assert_eq!(at(38), (vec!["guid", "state", "age"], Some(37)));
    assert_eq!(at(5), (vec!["guid"], Some(4)));
}

#[test]
fn a_wide_screen_is_used_up() {
    let placed = arrange(&usual(), &room(200), &Contents::default()).placed;
    assert_eq!(placed.last().map(|placed| placed.left + placed.width), Some(200));
}

#[test]
fn widths_follow_the_texts_and_the_reason_gets_the_rest() {
    let contents = seen(Row { guid: GUID, domain: "cf-app-staging", cell: "cell-02", reason: "" });
    let of = ["guid", "domain", "cell"].map(|key| width(&contents, 118, key));
    assert_eq!(of, [36, 14, 7]);
    assert_eq!(width(&contents, 118, "reason"), 118 - (36 + 14 + 11 + 7 + 6 + 8) - 6);
    let name = "a-domain-of-some-other-client-with-a-long-name-and-no-end";
    let long = seen(Row { guid: GUID, domain: name, cell: GUID, reason: "" });
    assert_eq!((width(&long, 200, "domain"), width(&long, 200, "cell")), (57, 36));
}

#[test]
fn long_names_leave_the_reason_its_usual_width_and_the_guid_is_cut_last() {
    let name = "n".repeat(300);
    let contents = seen(Row { guid: GUID, domain: &name, cell: &name, reason: &name });
    assert!(width(&contents, 130, "reason") >= 24);
    assert_eq!((width(&contents, 95, "guid"), width(&contents, 95, "domain")), (36, 8));
    assert_eq!(width(&contents, 80, "guid"), 13, "it cannot be whole");
}

#[test]
fn a_guid_that_cannot_be_whole_leaves_its_room_to_texts_and_takes_what_they_leave() {
    let row = Row { guid: GUID, domain: "cf-tasks", cell: "cell-1", reason: "" };
    let contents = seen(Row { reason: "failed to run the container", ..row });
    assert_eq!((width(&contents, 80, "guid"), width(&contents, 80, "reason")), (13, 22));
    assert_eq!((width(&seen(row), 80, "guid"), width(&seen(row), 80, "reason")), (29, 6));
}

#[test]
fn the_sign_of_the_sort_has_its_room() {
    let contents = seen(Row { guid: "guid", domain: "cf-tasks", ..Row::default() });
    assert_eq!(width(&contents, 80, "cell"), 4);
    let by = |sorted, key| {
        let arrangement = arrange(&usual(), &Room { sorted, ..room(80) }, &contents);
        arrangement.placed.iter().find(|placed| placed.column.key == key).map(|placed| placed.width)
    };
    assert_eq!((by("cell", "cell"), by("in-state", "in-state")), (Some(5), Some(9)));
}

#[test]
fn columns_do_not_shrink_while_rows_scroll() {
    let mut contents =
        seen(Row { guid: "guid", domain: "a-rather-long-domain", cell: "cell-1", reason: "why" });
    let before = contents.clone();
    see(&mut contents, Row { guid: "guid", domain: "short", cell: "c", reason: "" });
    assert_eq!(contents, before);
}

#[test]
fn a_widened_column_is_wider_at_the_cost_of_others() {
    let contents =
        seen(Row { guid: GUID, domain: "cf-app-staging", cell: "cell-1", reason: "out of memory" });
    let widths = |extra: i16, width: u16| {
        let chosen: Vec<_> = usual()
            .into_iter()
            .map(|chosen| if chosen.column.key == "domain" { Chosen { extra, ..chosen } } else { chosen })
            .collect();
        let placed = arrange(&chosen, &room(width), &contents).placed;
        let right = placed.last().map_or(0, |placed| placed.left + placed.width);
        assert!(right <= width, "{right} of {width}");
        placed.iter().find(|placed| placed.column.key == "domain").map(|placed| placed.width)
    };
    for width in [76, 80, 120, 200] {
        let automatic = widths(0, width).unwrap();
        assert_eq!(widths(4, width), Some(automatic + 4), "{width}");
        assert_eq!(widths(-2, width), Some(automatic - 2), "{width}");
    }
    assert_eq!(widths(-200, 120), Some(3), "it stays in sight");
    assert!(widths(200, 80).is_none_or(|width| width <= 80));
}

#[test]
fn scrolling_shows_every_column_and_keeps_the_guid() {
    let contents = seen(Row { guid: GUID, domain: "cf-tasks", cell: "cell-1", reason: "out of memory" });
    for wide in [false, true] {
        for width in [40, 79, 120] {
            let mut shown = HashSet::new();
            for scroll in 0..=COLUMNS.len() {
                let at = arrange(&all(), &Room { wide, scroll, ..room(width) }, &contents);
                assert_eq!(at.placed[0].column.key, "guid");
                assert_eq!(at.scroll, scroll.min(at.scroll), "never further than asked");
                let first = scroll <= usize::from(!wide);
                assert_eq!(at.left_mark.is_some(), !first && at.scroll > usize::from(!wide), "{scroll}");
                shown.extend(keys(&at));
                if at.scroll < scroll {
                    assert_eq!(at.right_mark, None, "the end: {wide} {width} {scroll}");
                }
            }
            assert_eq!(shown.len(), COLUMNS.len(), "{wide} {width}");
        }
    }
}

#[test]
fn without_a_pinned_column_the_mark_has_the_left_edge() {
    let chosen: Vec<_> = all().into_iter().filter(|chosen| chosen.column.key != "guid").collect();
    let at = arrange(&chosen, &Room { scroll: 3, ..room(60) }, &Contents::default());
    assert_eq!((at.left_mark, at.placed[0].left), (Some(0), 2));
}

#[test]
fn a_wide_table_cuts_no_text() {
    let reason = "failed to run the container: exit status 137";
    let contents = seen(Row { guid: GUID, domain: "cf-tasks", cell: "cell-1", reason });
    for scroll in 0..COLUMNS.len() {
        let room = Room { wide: true, scroll, ..room(100) };
        let at = arrange(&all(), &room, &contents);
        let whole =
            at.placed.iter().filter(|placed| placed.width >= Needs::of(placed.column, &room, &contents).full);
        assert!(whole.count() + 1 >= at.placed.len(), "all but the last one at the edge");
    }
}

fn texts() -> impl Strategy<Value = [String; 4]> {
    let text = || prop_oneof!["[a-z]{0,12}", "[a-z -]{0,60}", "[a-z日]{100,420}"];
    ["[a-f0-9-]{1,40}".boxed(), text().boxed(), text().boxed(), text().boxed()]
}

#[test]
fn a_column_that_is_shown_if_there_is_room_takes_none_from_the_others() {
    let app = find("app").unwrap();
    let mut chosen = usual();
    chosen.insert(4, Chosen { column: app, extra: 0, if_room: true });
    let has_app = |width, sorted| {
        let room = Room { sorted, ..room(width) };
        arrange(&chosen, &room, &Contents::default()).placed.iter().any(|placed| placed.column.key == "app")
    };
    let first = (40..250).find(|width| has_app(*width, "age")).unwrap();
    assert!((first..250).all(|width| has_app(width, "age")));
    let room = room(first);
    let with = arrange(&chosen, &room, &Contents::default());
    for placed in with.placed {
        assert!(placed.width >= placed.column.width.ideal, "{} at {first}", placed.column.key);
    }
    assert!(has_app(60, "app"), "the sort stays visible");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_cut_while_there_is_room(
        rows in prop::collection::vec(texts(), 0..5),
        columns in prop::sample::subsequence(all(), 1..COLUMNS.len()).prop_shuffle(),
        extras in prop::collection::vec(prop_oneof![4 => Just(0_i16), 1 => -30..60_i16], COLUMNS.len()),
        width in 1..320_u16,
        (wide, scroll, in_zone) in (any::<bool>(), 0..30_usize, any::<bool>()),
    ) {
        let mut contents = Contents::default();
        for [guid, domain, cell, reason] in &rows {
            see(&mut contents, Row { guid, domain, cell, reason });
        }
        let chosen: Vec<_> =
            columns.iter().zip(extras).map(|(chosen, extra)| Chosen { extra, ..*chosen }).collect();
        let times = if in_zone { Times::In(&TimeZone::UTC) } else { Times::Age };
        let room = Room { times, wide, scroll, ..room(width) };
        let at = arrange(&chosen, &room, &contents);
        prop_assert!(!at.placed.is_empty());
        for pair in at.placed.windows(2) {
            prop_assert!(pair[0].left + pair[0].width < pair[1].left);
        }
        let right = at.placed.last().map_or(0, |placed| placed.left + placed.width);
        let marks = if at.right_mark.is_some() { MARK } else { 0 };
        prop_assert!(right <= width.saturating_sub(marks).max(1), "{} of {}", right, width);
        let extra = |placed: &Placed| {
            chosen.iter().find(|chosen| chosen.column.key == placed.column.key).map_or(0, |chosen| chosen.extra)
        };
        let full = |placed: &Placed| Needs::of(placed.column, &room, &contents).full;
        let automatic = || at.placed.iter().filter(|placed| extra(placed) == 0);
        if let Some(cut) = automatic().find(|placed| width > 8 && placed.width < full(placed)) {
            let narrower = if at.left_mark.is_some() || at.right_mark.is_some() || at.scroll > 0 { MARK } else { 0 };
            prop_assert!(right + narrower >= width, "{} is cut, and the table ends at {}", cut.column.key, right);
            for other in automatic() {
                prop_assert!(other.width <= full(other), "{} is cut for {}", cut.column.key, other.column.key);
            }
        }
    }
}
