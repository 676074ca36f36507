//! When the server is asked, and what the feed says of itself.

use super::*;

const REFUSED_LIST: Call = Call::ListTasks;

#[test]
fn it_subscribes_first_and_lists_once_the_stream_is_open() {
    let mut harness = Harness::new();
    let effects = harness.send(Msg::Tick);
    let stream = stream_of(&effects).unwrap();
    assert_eq!(mark_of(&effects), None);
    assert!(mark_of(&harness.send(SessionMsg::StreamOpened(stream))).is_some());
}

#[test]
fn a_stream_that_does_not_open_does_not_hold_up_the_first_list_for_long() {
    let mut harness = Harness::new();
    harness.send(Msg::Tick);
    let (waited, _) = harness.until(is_list).unwrap();
    assert_eq!(waited, Duration::from_secs(2));
}

#[test]
fn one_list_is_in_flight_at_most() {
    let mut harness = Harness::live(Vec::new());
    let (_, effect) = harness.until(is_list).unwrap();
    assert_eq!(harness.until(is_list), None, "never two at once");
    assert_eq!(harness.press("r"), Vec::new(), "not even on demand");
    let mark = mark_of(&[effect]).unwrap();
    assert!(mark_of(&harness.list(mark, Vec::new())).is_some(), "what was asked for meanwhile follows");
}

#[test]
fn lists_reconcile_under_a_live_stream_and_are_the_feed_without_one() {
    assert_eq!(Harness::live(Vec::new()).until(is_list).unwrap().0, Duration::from_secs(30));
    assert_eq!(Harness::polling(Vec::new()).until(is_list).unwrap().0, Duration::from_secs(2));
}

/// Of 100,000 tasks, which take the server two seconds each time.
#[test]
fn in_ten_quiet_minutes_a_live_stream_asks_for_twenty_lists_at_most_and_never_for_two_at_once() {
    let mut harness = Harness::new();
    let stream = stream_of(&harness.send(Msg::Tick)).unwrap();
    let mut asked = mark_of(&harness.send(SessionMsg::StreamOpened(stream)));
    let (mut lists, mut since) = (0, harness.now);
    let end = harness.now.plus(Duration::from_secs(600));
    while harness.now.mono < end.mono {
        if let Some(mark) = asked.filter(|_| harness.now.mono >= since.mono + Duration::from_secs(2)) {
            lists += 1;
            asked = mark_of(&harness.list(mark, Vec::new()));
        }
        let more = mark_of(&harness.wait(Duration::from_millis(250)));
        assert!(asked.is_none() || more.is_none(), "two at once");
        if more.is_some() {
            (asked, since) = (more, harness.now);
        }
    }
    assert!((15..=20).contains(&lists), "{lists}");
}

#[test]
fn a_list_is_not_asked_again_before_ten_times_what_it_took() {
    let mut harness = Harness::new();
    let stream = stream_of(&harness.send(Msg::Tick)).unwrap();
    let mark = mark_of(&harness.send(SessionMsg::StreamOpened(stream))).unwrap();
    harness.now = harness.now.plus(Duration::from_secs(4));
    harness.list(mark, Vec::new());
    assert_eq!(harness.until(is_list).unwrap().0, Duration::from_secs(40));
}

#[test]
fn failures_back_off_up_to_the_ceiling_and_success_forgets_them() {
    let mut harness = Harness::polling(Vec::new());
    let mut waits = Vec::new();
    for _ in 0..10 {
        let (waited, effect) = harness.until(is_list).unwrap();
        waits.push(waited);
        let mark = mark_of(&[effect]).unwrap();
        harness.send(SessionMsg::ListFailed { mark, fault: fault(REFUSED_LIST, refused()) });
    }
    assert!(waits.is_sorted(), "{waits:?}");
    assert_eq!(waits.last(), Some(&Duration::from_secs(30)));
    let (_, effect) = harness.until(is_list).unwrap();
    harness.list(mark_of(&[effect]).unwrap(), Vec::new());
    assert_eq!(harness.until(is_list).unwrap().0, Duration::from_secs(2));
}

/// The waits of one whose stream cannot be opened, to a tick.
fn waits(jitter_seed: u32) -> Vec<Duration> {
    let pace = Pace { jitter_seed, ..Pace::default() };
    let app = App::new(Target::default(), Settings { pace, ..Settings::default() });
    let mut harness = Harness { app, ..Harness::new() };
    let mut stream = stream_of(&harness.send(Msg::Tick)).unwrap();
    let mut waits = Vec::new();
    for _ in 0..9 {
        harness.send(SessionMsg::StreamEnded(stream, Some(fault(Call::TaskEvents, refused()))));
        let (waited, effect) = harness.until(is_subscribe).unwrap();
        waits.push(waited);
        stream = stream_of(&[effect]).unwrap();
    }
    waits
}

#[test]
fn a_stream_that_fails_to_open_is_tried_again_with_the_same_patience() {
    let waits = waits(u32::MAX);
    assert!(waits.is_sorted(), "{waits:?}");
    assert_eq!(waits.last(), Some(&Duration::from_secs(30)));
}

#[test]
fn chance_shortens_a_wait_by_up_to_a_half_and_no_two_processes_wait_alike() {
    let longest = waits(u32::MAX);
    for jitter_seed in [0, 0x1234_5678, 0xfedc_ba98] {
        let shorter = waits(jitter_seed);
        assert_ne!(shorter, longest, "{jitter_seed}");
        for (wait, longest) in shorter.into_iter().zip(&longest) {
            assert!(wait <= *longest && wait >= *longest / 2, "{jitter_seed}: {wait:?} of {longest:?}");
        }
    }
    assert_ne!(waits(0x1234_5678), waits(0xfedc_ba98));
}

#[test]
fn a_failed_list_keeps_the_rows_and_says_so() {
    let mut harness = Harness::polling(vec![task("a", State::Running)]);
    let (_, effect) = harness.until(is_list).unwrap();
    harness.send(SessionMsg::ListFailed {
        mark: mark_of(&[effect]).unwrap(),
        fault: fault(REFUSED_LIST, refused()),
    });
    assert_eq!(harness.guids(), ["a"]);
    assert!(harness.notice().contains("connection refused"), "{}", harness.notice());
    assert!(harness.notice().contains("showing the last known tasks"), "{}", harness.notice());
    assert!(matches!(harness.app.health(harness.now), Health::Stale { tries: 1, .. }));
}

#[test]
fn the_clean_end_of_a_stream_loses_events_all_the_same() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Running)]);
    let effects = harness.send(SessionMsg::StreamEnded(stream, None));
    assert!(stream_of(&effects).is_some(), "it subscribes again at once");
    assert!(harness.notice().contains("ended the event stream"), "{}", harness.notice());
    let lost = harness.app.event_log().entries().iter().any(|entry| matches!(entry.kind, LogKind::Gap(_)));
    assert!(lost, "the lost stretch stands among the events");
    let stream = stream_of(&effects).unwrap();
    assert!(mark_of(&harness.send(SessionMsg::StreamOpened(stream))).is_some(), "and a list follows");
}

#[test]
fn a_server_without_a_stream_is_asked_for_it_again_after_it_was_away() {
    let mut harness = Harness::polling(Vec::new());
    assert!(matches!(harness.app.health(harness.now), Health::Polling { unsupported: true, .. }));
    let (_, effect) = harness.until(is_list).unwrap();
    harness.send(SessionMsg::ListFailed {
        mark: mark_of(&[effect]).unwrap(),
        fault: fault(REFUSED_LIST, refused()),
    });
    let (_, effect) = harness.until(is_list).unwrap();
    let effects = harness.list(mark_of(&[effect]).unwrap(), Vec::new());
    assert!(stream_of(&effects).is_some(), "it may be another release now");
}

#[test]
fn a_server_without_a_stream_is_asked_for_it_again_after_a_while() {
    let mut harness = Harness::polling(Vec::new());
    let unsupported = |harness: &Harness| {
        matches!(harness.app.health(harness.now), Health::Polling { unsupported: true, .. })
    };
    for _ in 0..2 {
        let mut waited = Duration::ZERO;
        let stream = loop {
            let effects = harness.wait(Duration::from_secs(1));
            waited += Duration::from_secs(1);
            assert!(unsupported(&harness), "and the header says the same meanwhile");
            assert!(waited < Duration::from_secs(310), "it is never asked again");
            if let Some(stream) = stream_of(&effects) {
                break stream;
            }
            if let Some(mark) = mark_of(&effects) {
                harness.list(mark, Vec::new());
            }
        };
        assert!(waited >= Duration::from_secs(290), "{waited:?}");
        if let Some(mark) = mark_of(&harness.send(SessionMsg::StreamEnded(stream, Some(not_found())))) {
            harness.list(mark, Vec::new());
        }
    }
    let (_, effect) = harness.until(is_subscribe).unwrap();
    harness.send(SessionMsg::StreamOpened(stream_of(&[effect]).unwrap()));
    assert_eq!(harness.app.health(harness.now), Health::Live, "another release has taken over");
}

#[test]
fn a_stream_that_is_open_but_dead_is_found_by_the_list_that_knows_better() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Pending)]);
    let (_, effect) = harness.until(is_list).unwrap();
    let later = Task { updated_at: harness.now.wall, ..task("a", State::Running) };
    harness.list(mark_of(&[effect]).unwrap(), vec![later.clone()]);
    let again = mark_of(&harness.press("r")).unwrap();
    harness.list(again, vec![later]);
    let effects: Vec<_> = (0..16).flat_map(|_| harness.wait(Duration::from_millis(250))).collect();
    assert!(effects.contains(&Effect::Session(FIRST, SessionEffect::Unsubscribe)), "{effects:?}");
    assert!(stream_of(&effects).is_some_and(|new| new != stream));
    assert!(harness.notice().contains("silent"), "{}", harness.notice());
}

#[test]
fn a_server_that_hangs_with_its_stream_open_is_not_called_live_for_long() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Pending)]);
    let timed_out = FaultKind::TimedOut { after: Duration::from_secs(30) };
    for _ in 0..2 {
        let (_, effect) = harness.until(is_list).unwrap();
        let fault = fault(REFUSED_LIST, timed_out.clone());
        harness.send(SessionMsg::ListFailed { mark: mark_of(&[effect]).unwrap(), fault });
    }
    let effects: Vec<_> = (0..16).flat_map(|_| harness.wait(Duration::from_millis(250))).collect();
    assert!(effects.contains(&Effect::Session(FIRST, SessionEffect::Unsubscribe)), "{effects:?}");
    assert!(stream_of(&effects).is_some_and(|new| new != stream));
    assert!(harness.notice().contains("silent while list requests got no answer"), "{}", harness.notice());
    assert!(
        matches!(harness.app.health(harness.now), Health::Stale { .. }),
        "{:?}",
        harness.app.health(harness.now)
    );
    assert_eq!(harness.guids(), ["a"]);
}

#[test]
fn a_stream_that_tells_while_lists_get_no_answer_is_live() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Pending)]);
    for nth in 0..3 {
        let next = harness
            .until(|effect| is_list(effect) || *effect == Effect::Session(FIRST, SessionEffect::Unsubscribe));
        let mark = mark_of(&[next.unwrap().1]).expect("a list, and no end of the stream");
        let news = StreamItem::Event(TaskEvent::Created(task(&format!("new-{nth}"), State::Pending)));
        harness.send(SessionMsg::StreamItems(stream, vec![news]));
        harness.send(SessionMsg::ListFailed { mark, fault: fault(REFUSED_LIST, refused()) });
    }
    let effects: Vec<_> = (0..16).flat_map(|_| harness.wait(Duration::from_millis(250))).collect();
    assert!(!effects.contains(&Effect::Session(FIRST, SessionEffect::Unsubscribe)), "{effects:?}");
    assert_eq!(harness.app.health(harness.now), Health::Live);
    assert!(harness.app.list_fault().is_some(), "and that lists fail is said beside it");
}

#[test]
fn a_server_that_is_back_is_asked_for_its_stream_at_once() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Pending)]);
    let mut effects = harness.send(SessionMsg::StreamEnded(stream, None));
    let mut tries = 0;
    let mark = loop {
        if let Some(stream) = stream_of(&effects) {
            harness.send(SessionMsg::StreamEnded(stream, Some(fault(Call::TaskEvents, refused()))));
            tries += 1;
        }
        match mark_of(&effects) {
            Some(mark) if tries > 4 => break mark,
            Some(mark) => {
                harness.send(SessionMsg::ListFailed { mark, fault: fault(REFUSED_LIST, refused()) });
            }
            None => {}
        }
        effects = harness.wait(Duration::from_millis(250));
    };
    let effects = harness.list(mark, vec![task("a", State::Pending)]);
    assert!(stream_of(&effects).is_some(), "{effects:?}");
}

#[test]
fn a_stream_that_tells_late_is_not_dead() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Pending)]);
    let (_, effect) = harness.until(is_list).unwrap();
    let (before, after) =
        (task("a", State::Pending), Task { updated_at: harness.now.wall, ..task("a", State::Running) });
    harness.list(mark_of(&[effect]).unwrap(), vec![after.clone()]);
    harness.send(SessionMsg::StreamItems(stream, vec![changed(before, after)]));
    let effects: Vec<_> = (0..16).flat_map(|_| harness.wait(Duration::from_millis(250))).collect();
    assert!(!effects.contains(&Effect::Session(FIRST, SessionEffect::Unsubscribe)), "{effects:?}");
}

#[test]
fn news_of_a_stream_that_was_given_up_is_not_heard() {
    let mut harness = Harness::new();
    let old = harness.go_live(vec![task("a", State::Running)]);
    let stream = stream_of(&harness.send(SessionMsg::StreamEnded(old, None))).unwrap();
    harness.send(SessionMsg::StreamOpened(stream));
    let gone = StreamItem::Event(TaskEvent::Removed(task("a", State::Running)));
    harness.send(SessionMsg::StreamItems(old, vec![gone]));
    assert!(harness.app.selected().unwrap().end.is_none());
    assert_eq!(harness.send(SessionMsg::StreamEnded(old, None)), Vec::new());
    assert_eq!(harness.app.health(harness.now), Health::Live);
}

#[test]
fn the_server_filters_only_while_there_is_no_stream() {
    let filter_of = |effect: &Effect| match effect {
        Effect::Session(_, SessionEffect::List { filter, .. }) => filter.domain.clone(),
        _ => None,
    };
    let mut harness = Harness::polling(vec![task("a", State::Running)]);
    let effects = harness.press("d");
    assert_eq!(effects.iter().find_map(filter_of), Some(Domain::from("cf-tasks")), "and at once");
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(harness.press("d"), Vec::new(), "what is held is enough");
    let (_, effect) = harness.until(is_list).unwrap();
    assert_eq!(filter_of(&effect), None);
}

#[test]
fn a_typed_filter_narrows_the_lists_once_it_is_typed() {
    let asked = |effect: Effect| match effect {
        Effect::Session(_, SessionEffect::List { filter, .. }) => {
            let TaskFilter { domain, cell } = filter;
            (domain.map(|domain| domain.to_string()), cell.map(|cell| cell.to_string()))
        }
        _ => panic!("no list"),
    };
    let some = |text: &str| Some(text.to_owned());
    let mut harness = Harness::polling(vec![task("a", State::Running)]);
    let mut next = |keys: &str| {
        let pressed = harness.press(keys).into_iter().find(is_list);
        let effect = pressed.unwrap_or_else(|| harness.until(is_list).unwrap().1);
        let Effect::Session(_, SessionEffect::List { mark, .. }) = &effect else { panic!("no list") };
        harness.list(*mark, vec![task("a", State::Running)]);
        asked(effect)
    };
    assert_eq!(next("/domain:batch cell:cell-1"), (None, None), "a letter more is another filter");
    assert_eq!(next("\n"), (some("batch"), some("cell-1")));
    assert_eq!(next(":failed\n"), (some("batch"), None), "what has failed is on no cell");
    assert_eq!(next("1/"), (None, None), "what is typed next may be wider");
}
